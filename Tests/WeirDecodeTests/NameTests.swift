import Testing
import WeirDecode

struct NameTests {
  @Test func labelsAreFoldedAndJoined() {
    var name = NameBuffer()
    for label in ["WWW", "Evil", "example"] {
      let bytes = Array(label.utf8)
      #expect(name.append(label: bytes.span))
    }
    #expect(text(name) == "www.evil.example")
  }

  @Test func aDotInsideALabelIsNoBoundary() {
    var name = NameBuffer()
    let label = Array("a.evil".utf8)
    let top = Array("example".utf8)
    #expect(name.append(label: label.span))
    #expect(name.append(label: top.span))
    #expect(text(name) != "a.evil.example")
    #expect(printed(name) == #"a\.evil.example"#)
  }

  @Test func noOtherByteIsTakenForADotInsideALabel() {
    for byte in UInt8.min...UInt8.max {
      var name = NameBuffer()
      let label = [0x61, byte, 0x62]
      #expect(name.append(label: label.span))
      #expect((printed(name) == #"a\.b"#) == (byte == UInt8(ascii: ".")), "byte \(byte)")
    }
  }

  @Test func whatIsNotPrintableIsEscapedInDecimal() {
    var name = NameBuffer()
    let label: [UInt8] = [0, 9, 0x20, 0x5c, 0x7f, 0xff, 0x2a]
    #expect(name.append(label: label.span))
    #expect(printed(name) == #"\000\009\032\092\127\255*"#)
  }

  @Test func theRootIsPrintedAsADot() {
    #expect(printed(NameBuffer()) == ".")
  }

  @Test func aNameHas253BytesAtMost() {
    var name = NameBuffer()
    let long = [UInt8](repeating: 0x61, count: 63)
    for _ in 0..<3 { #expect(name.append(label: long.span)) }
    let tooMuch = [UInt8](repeating: 0x62, count: 62)
    #expect(!name.append(label: tooMuch.span))
    let rest = [UInt8](repeating: 0x62, count: 61)
    #expect(name.append(label: rest.span))
    #expect(name.count == 253)
    #expect(!name.append(label: tooMuch.span))
  }

  @Test func textLosesOneFinalDotAndItsCase() {
    for (given, expected) in [
      ("Evil.Example.", "evil.example"), ("evil.example", "evil.example"), ("a..", "a."),
    ] {
      var name = NameBuffer()
      let bytes = Array(given.utf8)
      #expect(name.set(text: bytes.span))
      #expect(text(name) == expected)
    }
  }

  @Test func emptyAndOverlongTextIsRefusedAndForgotten() {
    for count in [0, 254, 300] {
      var name = NameBuffer()
      let good = Array("good.example".utf8)
      #expect(name.set(text: good.span))
      let bytes = [UInt8](repeating: 0x61, count: count)
      #expect(!name.set(text: bytes.span))
      #expect(name.count == 0)
    }
    var name = NameBuffer()
    let longest = [UInt8](repeating: 0x61, count: 253) + [UInt8(ascii: ".")]
    #expect(name.set(text: longest.span))
  }
}
