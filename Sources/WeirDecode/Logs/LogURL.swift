import WeirModel

/// A URL of the web somewhere in a line, also one that somebody defanged: `hxxp://evil[.]example/`.
public enum LogURL {
  /// Where the next `://` begins; nil when there is none from `start` on.
  public static func nextMark(in text: Span<UInt8>, from start: Int) -> Int? {
    LineText.behind("://", text, start..<text.count).map { $0 - 3 }
  }

  /// The URL around the place of its `://`, as it stands and without the punctuation behind it.
  ///
  /// - Parameter url: takes the text with its true scheme and dots.
  /// - Returns: where the URL lies; nil when it is of another scheme, or too long.
  /// - Complexity: O(bytes).
  public static func find(
    _ text: Span<UInt8>, around colon: Int, isTrimmed: Bool, to url: inout [UInt8]
  ) -> Range<Int>? {
    var start = colon
    while start > 0, colon - start <= 5, LogByte.isAlphanumeric(text[start - 1]) { start -= 1 }
    guard let isSecure = scheme(text.extracting(start..<colon)) else { return nil }
    var end = colon + 3
    let limit = min(text.count, start + WebURL.lengthMax + 1)
    while end < limit, !ends(text[end]) { end += 1 }
    guard end - start <= WebURL.lengthMax else { return nil }
    if isTrimmed {
      while end > colon + 3, isPunctuation(text[end - 1]) { end -= 1 }
    }
    guard end > colon + 3 else { return nil }
    url.removeAll(keepingCapacity: true)
    url.append(contentsOf: (isSecure ? "https" : "http").utf8)
    append(text.extracting(colon..<end), to: &url)
    return start..<end
  }

  /// Whether a scheme is that of HTTPS; nil when it is none of the web's.
  private static func scheme(_ word: Span<UInt8>) -> Bool? {
    guard word.count == 4 || word.count == 5 && word[4] | 0x20 == UInt8(ascii: "s"),
      word[0] | 0x20 == UInt8(ascii: "h"), word[3] | 0x20 == UInt8(ascii: "p")
    else { return nil }
    let middle = (word[1] | 0x20, word[2] | 0x20)
    guard
      middle == (UInt8(ascii: "t"), UInt8(ascii: "t"))
        || middle == (UInt8(ascii: "x"), UInt8(ascii: "x"))
    else { return nil }
    return word.count == 5
  }

  /// Appends `://` and the rest, brackets around the dots of the host left out.
  private static func append(_ text: Span<UInt8>, to url: inout [UInt8]) {
    var index = 0
    var isHost = true
    while index < text.count {
      let byte = text[index]
      if index > 2, byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") { isHost = false }
      if isHost, index + 2 < text.count, text[index + 1] == UInt8(ascii: "."),
        isBracket(byte, text[index + 2])
      {
        url.append(UInt8(ascii: "."))
        index += 3
      } else {
        url.append(byte)
        index += 1
      }
    }
  }

  private static func isBracket(_ open: UInt8, _ close: UInt8) -> Bool {
    open == UInt8(ascii: "[") && close == UInt8(ascii: "]")
      || open == UInt8(ascii: "(") && close == UInt8(ascii: ")")
  }

  /// What no URL has (RFC 3986, appendix C).
  private static func ends(_ byte: UInt8) -> Bool {
    switch byte {
    case 0...0x20, 0x7f, UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"),
      UInt8(ascii: "\\"), UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "{"),
      UInt8(ascii: "|"), UInt8(ascii: "}"):
      true
    default: false
    }
  }

  /// What ends a sentence more often than a URL.
  private static func isPunctuation(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"),
      UInt8(ascii: "!"), UInt8(ascii: "?"), UInt8(ascii: "'"), UInt8(ascii: ")"),
      UInt8(ascii: "]"):
      true
    default: false
    }
  }
}

/// Words as long as digests and fingerprints: letters, digits and `_` without a break.
public struct LogWordsOfLength: ~Copyable {
  /// The shortest that is told.
  public static let lengthMin = 32
  private var place = LogWordsOfLength.lengthMin - 1

  /// Begins at the beginning.
  public init() {}

  /// The next word of at least 32 bytes; nil at the end.
  ///
  /// - Complexity: O(bytes / 32) where there are none: of every 32 bytes such a word has one that is looked at.
  public mutating func next(in text: Span<UInt8>) -> Range<Int>? {
    while place < text.count {
      guard LogWordsOfLength.isPart(text[place]) else {
        place += LogWordsOfLength.lengthMin
        continue
      }
      var (start, end) = (place, place + 1)
      while start > 0, LogWordsOfLength.isPart(text[start - 1]) { start -= 1 }
      while end < text.count, LogWordsOfLength.isPart(text[end]) { end += 1 }
      // Nothing that begins before `end` is left, so the next one reaches `end + 32`.
      place = end + LogWordsOfLength.lengthMin
      if end - start >= LogWordsOfLength.lengthMin { return start..<end }
    }
    return nil
  }

  private static func isPart(_ byte: UInt8) -> Bool {
    LogByte.isAlphanumeric(byte) || byte == UInt8(ascii: "_")
  }
}
