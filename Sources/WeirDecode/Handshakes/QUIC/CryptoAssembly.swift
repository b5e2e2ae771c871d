import WeirModel

/// The beginning of a handshake, put together from pieces in any order; all zero bytes are an empty one.
public struct CryptoAssembly: Sendable, BitwiseCopyable {
  /// The longest hello that is put together; those of browsers, with post-quantum key shares, have some 1,800 bytes.
  public static let bytesMax = 4096

  private var bytes = InlineArray<4096, UInt8>(repeating: 0)
  /// A bit for each byte that is there.
  private var filled = InlineArray<64, UInt64>(repeating: 0)

  /// An empty one.
  public init() {}

  /// Forgets the bytes.
  public mutating func clear() { filled = InlineArray(repeating: 0) }

  /// Adds a piece; of bytes that come twice the first count.
  ///
  /// - Returns: false when the piece lies beyond `bytesMax`, so that the message will not be complete.
  /// - Complexity: O(piece).
  public mutating func add(_ piece: Span<UInt8>, at offset: Int) -> Bool {
    guard offset <= CryptoAssembly.bytesMax - piece.count else { return false }
    let end = offset + piece.count
    var start = offset
    while start < end {
      let word = start / 64
      let stop = min(end, (word + 1) * 64)
      let width = UInt64(stop - start)
      let mask = (width == 64 ? UInt64.max : 1 << width - 1) << UInt64(start % 64)
      if filled[word] & mask == 0 {
        for index in start..<stop { bytes[index] = piece[index - offset] }
      } else {
        for index in start..<stop where filled[word] >> UInt64(index % 64) & 1 == 0 {
          bytes[index] = piece[index - offset]
        }
      }
      filled[word] |= mask
      start = stop
    }
    return true
  }

  /// How many bytes there are from the first on without a gap.
  public var contiguous: Int {
    var word = 0
    while word < 64, filled[word] == .max { word += 1 }
    return word == 64 ? CryptoAssembly.bytesMax : word * 64 + (~filled[word]).trailingZeroBitCount
  }

  /// The length of the message that begins with the first byte; nil until its header is there.
  public var messageLength: Int? {
    guard filled[0] & 15 == 15 else { return nil }
    return 4 + (Int(bytes[1]) << 16 | Int(bytes[2]) << 8 | Int(bytes[3]))
  }

  /// Whether that message is all there.
  public var isComplete: Bool {
    guard let messageLength else { return false }
    return messageLength <= contiguous
  }

  /// Lends that message, as far as it goes.
  public func withMessage<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    body(bytes.span.extracting(0..<min(contiguous, messageLength ?? 0)))
  }
}
