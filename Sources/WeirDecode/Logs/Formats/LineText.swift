import WeirModel

/// Steps that readers of lines share.
enum LineText {
  /// The place of the first `byte` in a range, or its end; for what is near.
  @inline(__always)
  static func place(of byte: UInt8, _ text: Span<UInt8>, _ range: Range<Int>) -> Int {
    let (ones, lowBits) = (UInt64(0x0101_0101_0101_0101), UInt64(0x7f7f_7f7f_7f7f_7f7f))
    var at = range.lowerBound
    while at + 8 <= range.upperBound {
      let word = text.bigEndian64(at: at) ^ (ones &* UInt64(byte))
      let found = ~(((word & lowBits) &+ lowBits) | word | lowBits)
      at += found.leadingZeroBitCount >> 3
      if found != 0 { return at }
    }
    while at < range.upperBound, text[at] != byte { at += 1 }
    return at
  }

  /// From a place to the next space or the end.
  @inline(__always)
  static func word(_ text: Span<UInt8>, from start: Int, to end: Int) -> Range<Int> {
    var at = start
    while at < end, text[at] > 0x20 { at += 1 }
    return start..<at
  }

  /// The words of a line, one after another: behind `word`, over spaces.
  @inline(__always)
  static func nextWord(_ text: Span<UInt8>, after word: Range<Int>, to end: Int) -> Range<Int> {
    var start = word.upperBound
    while start < end, text[start] <= 0x20 { start += 1 }
    return self.word(text, from: start, to: end)
  }

  /// Without the quotes around it.
  static func unquoted(_ text: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
    guard range.count >= 2, text[range.lowerBound] == UInt8(ascii: "\""),
      text[range.upperBound - 1] == UInt8(ascii: "\"")
    else { return range }
    return range.lowerBound + 1..<range.upperBound - 1
  }
}
