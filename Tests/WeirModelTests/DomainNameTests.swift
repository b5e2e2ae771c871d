import Testing
import WeirModel

@Test(arguments: [
  ("example.org", "example.org"),
  ("EXAMPLE.Org.", "example.org"),
  ("_sip._tcp.example.org", "_sip._tcp.example.org"),
  ("-a.example", "-a.example"),
  ("1.2.3.example", "1.2.3.example"),
  ("xn--bcher-kva.example", "xn--bcher-kva.example"),
  ("a.b", "a.b"),
])
func aNameIsReadInCanonicalForm(text: String, canonical: String) {
  #expect(DomainName(text)?.description == canonical)
}

@Test(arguments: [
  "", ".", "..", "a..b", ".a.b", "a.b..", "example", "example.", "1.2.3.4", "1.2", "a b.example",
  "a*.example", "bücher.example", "a/b.example", "a:b.example", "a\u{0}.example", "a@.example",
])
func whatIsNoNameIsRefused(text: String) {
  #expect(DomainName(text) == nil)
}

@Test func lengthsAreLimitedAsInRFC1035() {
  let label = String(repeating: "a", count: 63)
  #expect(DomainName(label + ".example") != nil)
  #expect(DomainName(label + "a.example") == nil)
  let longest = [label, label, label, String(repeating: "b", count: 61)].joined(separator: ".")
  #expect(longest.utf8.count == DomainName.lengthMax)
  #expect(DomainName(longest) != nil)
  #expect(DomainName(longest + ".") != nil)
  #expect(DomainName(longest + "b") == nil)
}

@Test func oneLabelIsReadOnlyWhenAskedFor() {
  #expect(DomainName("example", allowsSingleLabel: true)?.description == "example")
  #expect(DomainName("example") == nil)
  #expect(DomainName("42", allowsSingleLabel: true) == nil)
}

@Test func everyByteIsANameByteOrNot() {
  let expected = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_".utf8)
  for byte in UInt8.min...UInt8.max where byte != UInt8(ascii: ".") {
    let text: [UInt8] = [byte, UInt8(ascii: "."), UInt8(ascii: "a")]
    #expect((DomainName(parsing: text.span) != nil) == expected.contains(byte), "\(byte)")
  }
}

@Test func belowIsMeantOnLabelBoundaries() throws {
  let base = try #require(DomainName("bad.example"))
  let cases = [
    "bad.example": true, "a.bad.example": true, "a.b.bad.example": true, "notbad.example": false,
    "example.bad": false, "d.example": false, "bad.example.org": false,
  ]
  for (text, expected) in cases {
    let name = try #require(DomainName(text))
    #expect(name.isEqualOrBelow(base) == expected, "\(text)")
  }
}

@Test func patternsFoldAndPrint() throws {
  #expect(BytePattern([], ignoresCase: false) == nil)
  #expect(
    BytePattern([UInt8](repeating: 0, count: BytePattern.lengthMax), ignoresCase: false) != nil)
  #expect(
    BytePattern([UInt8](repeating: 0, count: BytePattern.lengthMax + 1), ignoresCase: false) == nil)
  let folded = try #require(BytePattern(Array("GeT|;\r\n".utf8), ignoresCase: true))
  #expect(folded.bytes == Array("get|;\r\n".utf8))
  #expect(folded.description == "get|7c 3b 0d 0a|")
  let spaced = try #require(BytePattern(Array(" a # b ".utf8), ignoresCase: false))
  #expect(spaced.description == "|20|a # b|20|")
  let sign = try #require(BytePattern(Array("#\"\\".utf8), ignoresCase: false))
  #expect(sign.description == "|23 22 5c|")
}
