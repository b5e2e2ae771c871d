/// Bytes that were written once, from beginning to end, and can be read as often as one likes.
public struct Column: Sendable {
  /// How many bytes there are.
  public let byteCount: Int
  let blocks: [[UInt8]]
  let file: SpillFile?

  /// A column of bytes in memory.
  public init(_ bytes: [UInt8] = []) {
    self.init(byteCount: bytes.count, blocks: [bytes], file: nil)
  }

  /// A column in a file, or in blocks that are all as long as the first one but the last.
  init(byteCount: Int, blocks: [[UInt8]], file: SpillFile?) {
    self.byteCount = byteCount
    self.blocks = blocks
    self.file = file
  }
}

/// Reads a column, or a part of it, from beginning to end.
public struct ColumnReader {
  /// What was read and not skipped yet lies in `range` of it.
  public private(set) var buffer: [UInt8] = []
  /// Where in `buffer` the next bytes are.
  public private(set) var range = 0..<0
  private let column: Column
  private var offset: Int
  private let end: Int
  private let bufferByteCount: Int

  /// Stands at the beginning.
  ///
  /// - Parameters:
  ///   - part: which bytes are read; nil means all.
  ///   - bufferByteCount: how many are read at once.
  public init(_ column: Column, part: Range<Int>? = nil, bufferByteCount: Int = 1 << 16) {
    self.column = column
    offset = part?.lowerBound ?? 0
    end = part?.upperBound ?? column.byteCount
    self.bufferByteCount = bufferByteCount
  }

  /// Sees to it that the next `count` bytes are in the buffer; false when there are not so many.
  public mutating func fill(_ count: Int) throws(ScratchError) -> Bool {
    range.count >= count ? true : try refill(count)
  }

  /// Leaves bytes behind that are in the buffer.
  public mutating func skip(_ count: Int) { range = range.lowerBound + count..<range.upperBound }

  private mutating func refill(_ count: Int) throws(ScratchError) -> Bool {
    let kept = range.count
    guard kept + end - offset >= count else { return false }
    let size = max(count, min(bufferByteCount, kept + end - offset))
    if buffer.count < size {
      buffer.append(contentsOf: repeatElement(0, count: size - buffer.count))
    }
    for index in 0..<kept { buffer[index] = buffer[range.lowerBound + index] }
    let wanted = min(buffer.count - kept, end - offset)
    try column.read(at: offset, into: &buffer, from: kept, count: wanted)
    offset += wanted
    range = 0..<kept + wanted
    return true
  }
}
