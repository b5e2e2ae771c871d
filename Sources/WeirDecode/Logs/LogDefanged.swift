import WeirModel

/// An address or a name whose dots somebody put in brackets, so that nobody clicks on it: `192.0.2[.]1`.
public struct LogDefanged: ~Copyable {
  /// Where it lies, brackets included.
  public let range: Range<Int>
  private var storage = InlineArray<256, UInt8>(repeating: 0)
  private let count: Int

  /// Reads it around a dot in brackets; nil when it is longer than a name may be.
  public init?(_ text: Span<UInt8>, around dot: Int) {
    var start = dot
    while dot - start < 512 {
      if start > 0, LogByte.isWord(text[start - 1]) {
        start -= 1
      } else if start >= 3, LogDefanged.isBracketed(text, start - 2) {
        start -= 3
      } else if start > 0, start == dot {
        start -= 1
      } else {
        break
      }
    }
    var (at, length) = (start, 0)
    while at < text.count, length < DomainName.lengthMax + 1 {
      if LogByte.isWord(text[at]) {
        storage[length] = asciiLowercased(text[at])
        at += 1
      } else if at + 2 < text.count, LogDefanged.isBracketed(text, at + 1) {
        storage[length] = UInt8(ascii: ".")
        at += 3
      } else {
        break
      }
      length += 1
    }
    guard length > 3, length <= DomainName.lengthMax, at > dot else { return nil }
    range = start..<at
    count = length
  }

  /// Lends it as it was, in lower case.
  public func withText<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    body(storage.span.extracting(0..<count))
  }

  private static func isBracketed(_ text: Span<UInt8>, _ dot: Int) -> Bool {
    guard text[dot] == UInt8(ascii: "."), dot > 0, dot + 1 < text.count else { return false }
    let (before, behind) = (text[dot - 1], text[dot + 1])
    return before == UInt8(ascii: "[") && behind == UInt8(ascii: "]")
      || before == UInt8(ascii: "(") && behind == UInt8(ascii: ")")
  }
}
