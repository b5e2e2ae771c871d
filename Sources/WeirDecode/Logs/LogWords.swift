/// Words byte by byte: the twin of `weir_log_tokens`, which takes over where vectors do not reach.
enum LogWords {
  /// Takes what is between words and one wide word, or as much of it as there is room for its tokens.
  static func step(
    _ text: Span<UInt8>, _ position: inout Int, _ feeds: inout Int, _ tokens: inout [UInt64],
    _ count: inout Int
  ) {
    var at = position
    while at < text.count, !LogByte.isWide(text[at]) {
      if text[at] == UInt8(ascii: "\n") { feeds += 1 }
      at += 1
    }
    let start = at
    while at < text.count, LogByte.isWide(text[at]) { at += 1 }
    let end = at
    if end - start < LogTokenizer.wideBytesMax, mayBeAddress(text, start..<end) {
      tokens[count] = LogToken(start..<end, .wide).written
      count += 1
    }
    at = start
    while at < end, count < tokens.count {
      let first = at
      while at < end, text[at] != UInt8(ascii: ":") { at += 1 }
      if let kind = kind(text, first..<at) {
        tokens[count] = LogToken(first..<at, kind).written
        count += 1
      }
      at += at < end ? 1 : 0
    }
    position = at
  }

  /// Whether there is `::`, or there are as many colons as the shortest address without it has.
  private static func mayBeAddress(_ text: Span<UInt8>, _ word: Range<Int>) -> Bool {
    var colons = 0
    for index in word where text[index] == UInt8(ascii: ":") {
      colons += 1
      if index > word.lowerBound, text[index - 1] == UInt8(ascii: ":") { return true }
    }
    return colons >= 6
  }

  private static func kind(_ text: Span<UInt8>, _ word: Range<Int>) -> LogToken.Kind? {
    if word.count == 1, text[word.lowerBound] == UInt8(ascii: ".") {
      guard word.lowerBound > 0, word.upperBound < text.count else { return nil }
      switch (text[word.lowerBound - 1], text[word.upperBound]) {
      case (UInt8(ascii: "["), UInt8(ascii: "]")), (UInt8(ascii: "("), UInt8(ascii: ")")):
        return .bracketed
      default: return nil
      }
    }
    var dots = 0
    var behind: UInt8 = 0
    guard word.count > 2 else { return nil }
    for index in word.lowerBound + 1..<word.upperBound - 1
    where text[index] == UInt8(ascii: ".") && LogByte.isLabel(text[index - 1])
      && LogByte.isLabel(text[index + 1])
    {
      dots += 1
      behind = text[index + 1]
    }
    if dots > 0, LogByte.isLetter(behind) { return .name }
    return dots >= 3 && LogByte.isDigit(text[word.lowerBound]) ? .quad : nil
  }
}
