/// Walks over a name from its last label to its first and hashes every suffix on a label boundary in one pass.
///
/// It takes the bytes in words of eight, finds dots in a word with a few additions, and mixes each label's
/// words into the hash of what follows it, so that a name of n bytes costs about n / 8 steps more than its
/// labels, and no byte is read twice for its parents.
struct SuffixCursor {
  private static let dots: UInt64 = 0x2e2e_2e2e_2e2e_2e2e
  private static let lowBits: UInt64 = 0x7f7f_7f7f_7f7f_7f7f

  /// Where the suffix begins.
  private(set) var start: Int
  private var state: UInt64

  /// The hash of the suffix.
  var hash: UInt64 {
    // Once more, off the path from label to label: names of a pattern differ too regularly after one product.
    SuffixCursor.folded(state &* 0xe703_7ed1_a0b4_28db, by: 0x8ebc_6af0_9c88_c6e3)
  }

  /// Stands behind a name of `count` bytes.
  init(count: Int, seed: UInt64) {
    start = count + 1
    state = seed
  }

  /// The hash of a whole name.
  static func hash(_ name: Span<UInt8>, seed: UInt64) -> UInt64 {
    var cursor = SuffixCursor(count: name.count, seed: seed)
    while cursor.advance(over: name) {}
    return cursor.hash
  }

  /// Takes one more label into the suffix; false when there is none.
  @inline(__always) mutating func advance(over name: Span<UInt8>) -> Bool {
    guard start > 0 else { return false }
    var end = start - 1
    while true {
      let word = name.word(endingAt: end)
      // The highest bit of each byte that is a dot, and of no other.
      let other = word ^ SuffixCursor.dots
      let rest = (other & SuffixCursor.lowBits) &+ SuffixCursor.lowBits
      let dots = ~(rest | other | SuffixCursor.lowBits)
      let length = min(dots.leadingZeroBitCount >> 3, end)
      end -= length
      if length == 8 {
        mix(word)
        continue
      }
      // The label's bytes stay in the top of the word; below is room for how many there are.
      let label = word & ~(UInt64.max &>> UInt64(truncatingIfNeeded: 8 * length))
      mix(label | UInt64(truncatingIfNeeded: length + 1))
      start = end
      return true
    }
  }

  @inline(__always) private mutating func mix(_ value: UInt64) {
    state = SuffixCursor.folded(state ^ value, by: 0x9e37_79b9_7f4a_7c15)
  }

  @inline(__always) private static func folded(_ value: UInt64, by factor: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: factor)
    return product.high ^ product.low
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
