import WeirModel

/// Why a feed file could not be read, or not to its end.
public enum FeedReadError: Error, Hashable, Sendable {
  /// A system call failed.
  case system(call: String, code: Int32)
  /// The packed data breaks off.
  case truncated(String)
  /// The packed data is damaged.
  case damaged(String)
  /// It unpacks to more than the limit.
  case tooLarge(bytesMax: Int)
}

extension FeedReadError: CustomStringConvertible {
  /// A few words for the report.
  public var description: String {
    switch self {
    case .system(let call, let code): "\(call): \(FeedFile.message(of: code))"
    case .truncated(let packing): "\(packing) data breaks off"
    case .damaged(let packing): "\(packing) data is damaged"
    case .tooLarge(let bytesMax): "unpacks to more than \(bytesMax) bytes"
    }
  }
}

/// A feed file as plain bytes: unpacks gzip, zstd and lz4, told by their first bytes.
struct FeedSource: ~Copyable {
  /// When the file was last changed; nil for a pipe.
  let modified: Timestamp?

  private var file: FeedFile
  private var unpacker: Unpacker?
  private var input: [UInt8]
  private var inputRange: Range<Int>
  private var isAtEnd: Bool
  private var bytesLeft: Int
  private let bytesMax: Int

  init(path: String, unpackedBytesMax: Int) throws(FeedReadError) {
    let file = try FeedFile(path: path)
    var input = [UInt8](repeating: 0, count: 65_536)
    var range = 0..<0
    var isAtEnd = false
    // Four bytes tell the packing; a pipe may give them one at a time.
    while range.count < 4, !isAtEnd {
      let count = try file.read(into: &input, from: range.count)
      range = 0..<range.count + count
      isAtEnd = count == 0
    }
    if let packing = Packing(magic: input.span.extracting(range)) {
      unpacker = try Unpacker(packing)
    } else {
      unpacker = nil
    }
    modified = file.modified
    self.file = file
    self.input = input
    self.isAtEnd = isAtEnd
    inputRange = range
    bytesMax = unpackedBytesMax
    bytesLeft = unpackedBytesMax
  }

  /// Reads at least one byte to `output` from `start` on; zero at the end.
  mutating func read(into output: inout [UInt8], from start: Int) throws(FeedReadError) -> Int {
    guard unpacker != nil else { return try readPlain(into: &output, from: start) }
    while true {
      if inputRange.isEmpty, !isAtEnd {
        let count = try file.read(into: &input, from: 0)
        inputRange = 0..<count
        isAtEnd = count == 0
      }
      guard let count = try unpack(into: &output, from: start) else { return 0 }
      if count == 0 { continue }
      guard count <= bytesLeft else { throw .tooLarge(bytesMax: bytesMax) }
      bytesLeft -= count
      return count
    }
  }

  private mutating func readPlain(
    into output: inout [UInt8], from start: Int
  ) throws(FeedReadError) -> Int {
    guard !inputRange.isEmpty else {
      return isAtEnd ? 0 : try file.read(into: &output, from: start)
    }
    let count = min(inputRange.count, output.count - start)
    for index in 0..<count { output[start + index] = input[inputRange.lowerBound + index] }
    inputRange = inputRange.lowerBound + count..<inputRange.upperBound
    return count
  }

  /// Unpacks what there is; nil at the end of the data.
  private mutating func unpack(
    into output: inout [UInt8], from start: Int
  ) throws(FeedReadError) -> Int? {
    let before = inputRange.count
    // Held apart from `self`, which the call below changes.
    let input = self.input
    var range = inputRange
    guard let produced = try unpacker?.unpack(input.span, &range, into: &output, from: start)
    else { return nil }
    inputRange = range
    if produced == 0, inputRange.isEmpty, isAtEnd {
      try unpacker?.checkEnd()
      return nil
    }
    // A library that neither takes nor gives would be called for ever.
    if produced == 0, inputRange.count == before, before > 0 { throw .damaged("packed") }
    return produced
  }
}
