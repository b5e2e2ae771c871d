import WeirModel

/// What the end of a word and its dots tell of a name, eight bytes at a time.
///
/// It looks at words of up to 63 bytes, so that no label can be too long, without two dots in a row, whose last label has
/// up to seven bytes; for all others there is none.
struct WordWalk {
  private static let dots: UInt64 = 0x2e2e_2e2e_2e2e_2e2e
  private static let lowBits: UInt64 = 0x7f7f_7f7f_7f7f_7f7f
  private static let highBits: UInt64 = 0x8080_8080_8080_8080

  /// Where the name ends.
  let end: Int
  /// Where the last label begins.
  let lastLabel: Int
  private(set) var isName = true
  private(set) var hasCapitals = false
  /// Whether there are two labels and the last one is both a top-level domain and a common extension.
  private(set) var isAmbiguous = false

  @inline(__always) init?(_ text: Span<UInt8>, _ word: Range<Int>) {
    var end = word.upperBound
    while end > word.lowerBound, !LogByte.isAlphanumeric(text[end - 1]) { end -= 1 }
    guard end - word.lowerBound <= DomainName.labelLengthMax, end - word.lowerBound > 3, end >= 8
    else { return nil }
    let last = WordWalk.load(text, word.lowerBound, end)
    let found = WordWalk.dots(in: last)
    guard found != 0 else { return nil }
    let length = found.leadingZeroBitCount >> 3
    (self.end, lastLabel) = (end, end - length)
    var capitals = WordWalk.capitals(in: last)
    // Every byte above the dot has to be a letter.
    let above = ~(UInt64.max >> UInt64(8 * length))
    let isAlphabetic = WordWalk.letters(in: last) & above == WordWalk.highBits & above
    guard length >= 2, isAlphabetic, lastLabel - 1 > word.lowerBound else {
      isName = false
      return
    }
    let use = FileExtensions.use(text, lastLabel..<end)
    guard use != .fileOnly else {
      isName = false
      return
    }
    var (at, isDotBehind, hasMoreDots) = (lastLabel - 1, true, false)
    while at > word.lowerBound {
      let eight = WordWalk.load(text, word.lowerBound, at)
      let dots = WordWalk.dots(in: eight) & WordWalk.own(word.lowerBound, at)
      if dots & dots << 8 != 0 || (isDotBehind && dots >> 63 != 0) { return nil }
      isDotBehind = dots & 0x80 != 0
      hasMoreDots = hasMoreDots || dots != 0
      capitals |= WordWalk.capitals(in: eight)
      at -= 8
    }
    hasCapitals = capitals != 0
    isAmbiguous = use == .both && !hasMoreDots
  }

  /// The eight bytes before `end`, the last one on top; dots stand for those before `first`.
  @inline(__always) private static func load(
    _ text: Span<UInt8>, _ first: Int, _ end: Int
  ) -> UInt64 {
    let own = own(first, end)
    if end >= 8 { return text.word(from: end - 8) & own | dots & ~own }
    return (text.word(from: 0) << UInt64(8 * (8 - end))) & own | dots & ~own
  }

  /// All bits of the bytes that lie between `first` and `end`.
  @inline(__always) private static func own(_ first: Int, _ end: Int) -> UInt64 {
    end - first >= 8 ? .max : ~(UInt64.max >> UInt64(8 * (end - first)))
  }

  /// The highest bit of each byte that is a dot; no byte is above 127.
  @inline(__always) private static func dots(in word: UInt64) -> UInt64 {
    ~((word ^ dots) &+ lowBits) & highBits
  }

  /// The highest bit of each byte from A to Z.
  @inline(__always) private static func capitals(in word: UInt64) -> UInt64 {
    (word &+ 0x3f3f_3f3f_3f3f_3f3f) & ~(word &+ 0x2525_2525_2525_2525) & highBits
  }

  /// The highest bit of each letter.
  @inline(__always) private static func letters(in word: UInt64) -> UInt64 {
    let lower = word | 0x2020_2020_2020_2020
    return (lower &+ 0x1f1f_1f1f_1f1f_1f1f) & ~(lower &+ 0x0505_0505_0505_0505) & highBits
  }
}

extension Span<UInt8> {
  /// The eight bytes from `start` on, the last one on top.
  ///
  /// Traps when there are fewer.
  @inline(__always) fileprivate func word(from start: Int) -> UInt64 {
    // In network order the first byte is on top.
    bigEndian64(at: start).byteSwapped
  }
}
