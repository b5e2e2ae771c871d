/// Walks over a name from its end and hashes every suffix on a label boundary in one pass.
///
/// The name is taken in words of eight bytes counted from its end, so that a suffix is cut into the same words
/// in every name that it ends. Each whole word is mixed into a chain once; a suffix is the chain behind its first word,
/// the part of that word behind the dot, and its length. Dots in a word are found with a few
/// additions.
struct SuffixCursor {
  private static let dots: UInt64 = 0x2e2e_2e2e_2e2e_2e2e
  private static let lowBits: UInt64 = 0x7f7f_7f7f_7f7f_7f7f

  /// Where the suffix begins.
  private(set) var start: Int
  /// The hash of the suffix.
  private(set) var hash: UInt64 = 0

  /// Where the word ends.
  private var end: Int
  private var word: UInt64
  /// The highest bit of each byte of the word that is a dot and has not been passed yet.
  private var dots: UInt64
  private var chain: UInt64

  /// Stands behind a name.
  @inline(__always) init(_ name: Span<UInt8>, seed: UInt64) {
    start = name.count + 1
    end = name.count
    word = name.word(endingAt: end)
    dots = SuffixCursor.dots(in: word)
    chain = seed
  }

  /// The hash of a whole name.
  static func hash(_ name: Span<UInt8>, seed: UInt64) -> UInt64 {
    var cursor = SuffixCursor(name, seed: seed)
    while cursor.advance(over: name) {}
    return cursor.hash
  }

  /// Takes one more label into the suffix; false when there is none.
  @inline(__always) mutating func advance(over name: Span<UInt8>) -> Bool {
    while dots == 0, end >= 8 {
      chain = SuffixCursor.folded(chain ^ word, by: 0x9e37_79b9_7f4a_7c15)
      end -= 8
      word = name.word(endingAt: end)
      dots = SuffixCursor.dots(in: word)
    }
    if dots == 0 {
      guard start > 0 else { return false }
      start = 0
      finish(word, length: name.count)
      return true
    }
    let bits = dots.leadingZeroBitCount
    dots &= (.max >> 1) &>> UInt64(truncatingIfNeeded: bits)
    start = end - (bits >> 3)
    finish(
      word & ~(.max &>> UInt64(truncatingIfNeeded: bits & ~7)), length: name.count - start)
    return true
  }

  /// Folding twice: names of a pattern differ too regularly after one product.
  @inline(__always) private mutating func finish(_ word: UInt64, length: Int) {
    let key = (chain ^ word) &+ UInt64(truncatingIfNeeded: length) &* 0xe703_7ed1_a0b4_28db
    let once = SuffixCursor.folded(key, by: 0x8ebc_6af0_9c88_c6e3)
    hash = SuffixCursor.folded(once, by: 0xd6e8_feb8_6659_fd93)
  }

  @inline(__always) private static func folded(_ value: UInt64, by factor: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: factor)
    return product.high ^ product.low
  }

  @inline(__always) private static func dots(in word: UInt64) -> UInt64 {
    let other = word ^ dots
    return ~(((other & lowBits) &+ lowBits) | other | lowBits)
  }
}

extension Span<UInt8> {
  /// The eight bytes that end at `end`, the last one on top; zeros stand for bytes before the first.
  @inline(__always) func word(endingAt end: Int) -> UInt64 {
    if end >= 8 { return littleEndian64(at: end - 8) }
    if end <= 0 { return 0 }
    if count >= 8 { return littleEndian64(at: 0) &<< UInt64(truncatingIfNeeded: 64 - 8 * end) }
    var word: UInt64 = 0
    for index in 0..<end { word = word >> 8 | UInt64(self[index]) << 56 }
    return word
  }

  /// The eight bytes from `start`, the first one lowest; zeros stand for bytes behind the last.
  @inline(__always) func word(from start: Int) -> UInt64 {
    if start + 8 <= count { return littleEndian64(at: start) }
    if start >= count { return 0 }
    if count >= 8 {
      return littleEndian64(at: count - 8) &>> UInt64(truncatingIfNeeded: 8 * (start + 8 - count))
    }
    var word: UInt64 = 0
    for index in (start..<count).reversed() { word = word << 8 | UInt64(self[index]) }
    return word
  }
}
