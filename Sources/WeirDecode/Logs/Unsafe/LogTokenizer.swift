import CWeirSIMD

/// Finds words in text that may be addresses or names, at the speed of memory where they are few.
@safe public struct LogTokenizer: ~Copyable {
  /// The longest text: places have 30 bits.
  public static let textBytesMax = 1 << 30
  /// From so many bytes on a wide word is no address.
  static let wideBytesMax = 64
  private static let capacity = 2048

  /// Where the next word is looked for.
  public private(set) var position = 0
  /// How many line feeds were passed.
  public private(set) var feeds = 0
  /// How many tokens there are.
  public private(set) var count = 0
  private var tokens = [UInt64](repeating: 0, count: capacity)
  private let usesVectors: Bool

  /// Makes a tokenizer; without vectors it finds the same more slowly.
  public init(usesVectors: Bool = true) { self.usesVectors = usesVectors }

  /// Begins at the start of a text.
  public mutating func restart() { (position, feeds, count) = (0, 0, 0) }

  /// A token of those that `advance` found.
  @inline(__always) public subscript(index: Int) -> LogToken { LogToken(bits: tokens[index]) }

  /// Finds the next tokens of the text that was begun.
  ///
  /// - Returns: false when the text is at its end; then there are none.
  /// - Complexity: O(bytes).
  public mutating func advance(in text: Span<UInt8>) -> Bool {
    precondition(text.count <= LogTokenizer.textBytesMax, "places have 30 bits")
    count = 0
    guard position < text.count else { return false }
    while position < text.count, count + 64 <= tokens.count {
      if usesVectors { advanceByVectors(text) }
      // Where vectors stop, one word is taken byte by byte.
      if position < text.count, count + 64 <= tokens.count {
        LogWords.step(text, &position, &feeds, &tokens, &count)
      }
    }
    return true
  }

  private mutating func advanceByVectors(_ text: Span<UInt8>) {
    var (at, passed, found) = (position, feeds, 0)
    let first = count
    unsafe text.withUnsafeBufferPointer { source in
      unsafe tokens.withUnsafeMutableBufferPointer { target in
        guard let base = target.baseAddress else { return }
        // Reads lie inside the text, and no more tokens are written than there is room for.
        unsafe found = weir_log_tokens(
          source.baseAddress, source.count, &at, &passed, base + first, target.count - first)
      }
    }
    (position, feeds) = (at, passed)
    count += found
  }
}

extension Span where Element == UInt8 {
  /// How many line feeds there are in a range.
  ///
  /// Traps when the range does not lie in the span.
  public func lineFeeds(in range: Range<Int>) -> Int {
    let part = extracting(range)
    return unsafe part.withUnsafeBufferPointer { unsafe weir_log_feeds($0.baseAddress, $0.count) }
  }
}
