import WeirModel

/// Steps that readers of lines share.
enum LineText {
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
