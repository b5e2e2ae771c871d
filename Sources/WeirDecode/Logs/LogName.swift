import WeirModel

/// A domain name in a line.
///
/// The rules: two labels at least; the last one letters only, two or more, or punycode; not the local part of a mail
/// address; not a file, which is told by an extension that is no top-level domain, or by one that is both in
/// the last part of a path. What an escape (`%2F`, `\n`, `\x3d`, `\u003d`) leaves in front of a word is not
/// part of it.
public struct LogName: Equatable, Sendable {
  /// Where it lies.
  public let range: Range<Int>
  /// Whether it is canonical as it stands, without capitals.
  public let isCanonical: Bool

  /// Finds the name in a word.
  @inline(__always)
  public init?(_ text: Span<UInt8>, in word: Range<Int>) {
    if word.upperBound < text.count, text[word.upperBound] == UInt8(ascii: "@") { return nil }
    guard let quick = WordWalk(text, word) else {
      self.init(text, walking: word)
      return
    }
    guard quick.isName else { return nil }
    let start = LogName.start(text, word, from: word.lowerBound)
    guard start < quick.lastLabel - 1 else { return nil }
    if quick.isAmbiguous, LogName.isInPath(text, start) { return nil }
    self.init(range: start..<quick.end, isCanonical: !quick.hasCapitals)
  }

  private init(range: Range<Int>, isCanonical: Bool) {
    self.range = range
    self.isCanonical = isCanonical
  }

  /// Finds the name in a word byte by byte.
  init?(_ text: Span<UInt8>, walking word: Range<Int>) {
    var end = word.upperBound
    while end - word.lowerBound > 3 {
      while end > word.lowerBound, !LogByte.isAlphanumeric(text[end - 1]) { end -= 1 }
      var labels = LabelWalk(text, end: end, first: word.lowerBound)
      guard labels.takeLast(text) else { return nil }
      while labels.takeNext(text) {}
      if labels.count >= 2 {
        let start = LogName.start(text, word, from: labels.start)
        guard end - start <= DomainName.lengthMax, start < labels.lastLabel - 1 else { return nil }
        if labels.isAmbiguous, labels.count == 2, LogName.isInPath(text, start) { return nil }
        self.init(range: start..<end, isCanonical: !labels.hasCapitals)
        return
      }
      // An ellipsis: a name may stand before it.
      end = labels.start - 1
    }
    return nil
  }

  /// Behind what is left of an escape.
  @inline(__always)
  private static func start(_ text: Span<UInt8>, _ word: Range<Int>, from first: Int) -> Int {
    var start = first
    if start == word.lowerBound, start > 0 {
      if text[start - 1] == UInt8(ascii: "%") || text[start - 1] == UInt8(ascii: "\\") {
        start += escapeLength(text, word)
      }
    }
    while start < word.upperBound,
      text[start] == UInt8(ascii: "-") || text[start] == UInt8(ascii: ".")
    {
      start += 1
    }
    return start
  }

  private static func escapeLength(_ text: Span<UInt8>, _ word: Range<Int>) -> Int {
    let start = word.lowerBound
    func digits(_ count: Int, from first: Int) -> Bool {
      first + count < word.upperBound
        && (first..<first + count).allSatisfy { hexadecimalDigit(text[$0]) != nil }
    }
    if text[start - 1] == UInt8(ascii: "%") { return digits(2, from: start) ? 2 : 0 }
    switch text[start] {
    case UInt8(ascii: "u"): return digits(4, from: start + 1) ? 5 : 0
    case UInt8(ascii: "x"): return digits(2, from: start + 1) ? 3 : 0
    case UInt8(ascii: "n"), UInt8(ascii: "t"), UInt8(ascii: "r"), UInt8(ascii: "b"),
      UInt8(ascii: "f"):
      return 1
    default: return 0
    }
  }

  /// Whether one slash, not two, stands in front.
  private static func isInPath(_ text: Span<UInt8>, _ start: Int) -> Bool {
    guard start > 0 else { return false }
    if text[start - 1] == UInt8(ascii: "\\") { return true }
    guard text[start - 1] == UInt8(ascii: "/") else { return false }
    // In JSON a slash may have a backslash in front.
    var before = start - 2
    if before >= 0, text[before] == UInt8(ascii: "\\") { before -= 1 }
    return before < 0 || text[before] != UInt8(ascii: "/")
  }
}

/// Walks over the labels of a word from its end.
private struct LabelWalk {
  /// Where the labels that were taken begin.
  private(set) var start: Int
  private(set) var count = 0
  private(set) var hasCapitals = false
  /// Whether the last label is both a top-level domain and a common extension.
  private(set) var isAmbiguous = false
  /// Where the last label begins.
  private(set) var lastLabel: Int
  private let first: Int

  @inline(__always) init(_ text: Span<UInt8>, end: Int, first: Int) {
    start = end + 1
    lastLabel = end
    self.first = first
  }

  /// Takes the last label; false when no name ends with it, nor one before an ellipsis.
  @inline(__always) mutating func takeLast(_ text: Span<UInt8>) -> Bool {
    let end = start - 1
    var at = end
    var isAlphabetic = true
    while at > first, text[at - 1] != UInt8(ascii: ".") {
      at -= 1
      let byte = text[at]
      if !LogByte.isLetter(byte) { isAlphabetic = false }
      if byte &- UInt8(ascii: "A") < 26 { hasCapitals = true }
    }
    (start, lastLabel, count) = (at, at, 1)
    let length = end - at
    guard length >= 2, length <= DomainName.labelLengthMax else { return false }
    if !isAlphabetic {
      // Only punycode has digits and hyphens at the top.
      return length > 4 && text[at] | 0x20 == UInt8(ascii: "x")
        && text[at + 1] | 0x20 == UInt8(ascii: "n") && text[at + 2] == UInt8(ascii: "-")
        && text[at + 3] == UInt8(ascii: "-")
    }
    guard length <= 10 else { return true }
    switch FileExtensions.use(text, at..<end) {
    case .none: return true
    case .fileOnly: return false
    case .both:
      isAmbiguous = true
      return true
    }
  }

  /// Takes one more label; false when there is none.
  @inline(__always) mutating func takeNext(_ text: Span<UInt8>) -> Bool {
    guard start > first + 1 else { return false }
    let end = start - 1
    var at = end
    while at > first, text[at - 1] != UInt8(ascii: ".") {
      at -= 1
      if text[at] &- UInt8(ascii: "A") < 26 { hasCapitals = true }
    }
    guard at < end, end - at <= DomainName.labelLengthMax else { return false }
    start = at
    count += 1
    return true
  }
}
