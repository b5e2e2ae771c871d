import Testing
import WeirDecode

struct NameTests {
  @Test func labelsAreFoldedAndJoined() {
    let name = Name()
    for label in ["WWW", "Evil", "example"] {
      let bytes = Array(label.utf8)
      #expect(name.append(bytes))
    }
    #expect(name.text == "www.evil.example")
  }

  @Test func aDotInsideALabelIsNoBoundary() {
    let name = Name()
    let label = Array("a.evil".utf8)
    let top = Array("example".utf8)
    #expect(name.append(label))
    #expect(name.append(top))
    #expect(name.text != "a.evil.example")
    #expect(name.printed == #"a\.evil.example"#)
  }

  @Test func noOtherByteIsTakenForADotInsideALabel() {
    for byte in UInt8.min...UInt8.max {
      let name = Name()
      let label = [0x61, byte, 0x62]
      #expect(name.append(label))
      #expect((name.printed == #"a\.b"#) == (byte == UInt8(ascii: ".")), "byte \(byte)")
    }
  }

  @Test func whatIsNotPrintableIsEscapedInDecimal() {
    let name = Name()
    let label: [UInt8] = [0, 9, 0x20, 0x5c, 0x7f, 0xff, 0x2a]
    #expect(name.append(label))
    #expect(name.printed == #"\000\009\032\092\127\255*"#)
  }

  @Test func theRootIsPrintedAsADot() {
    #expect(Name().printed == ".")
  }

  @Test func aNameHas253BytesAtMost() {
    let name = Name()
    let long = [UInt8](repeating: 0x61, count: 63)
    for _ in 0..<3 { #expect(name.append(long)) }
    let tooMuch = [UInt8](repeating: 0x62, count: 62)
    #expect(!name.append(tooMuch))
    let rest = [UInt8](repeating: 0x62, count: 61)
    #expect(name.append(rest))
    #expect(name.text.utf8.count == 253)
    #expect(!name.append(tooMuch))
  }

  @Test func textLosesOneFinalDotAndItsCase() {
    for (given, expected) in [
      ("Evil.Example.", "evil.example"), ("evil.example", "evil.example"), ("a..", "a."),
    ] {
      let name = Name()
      let bytes = Array(given.utf8)
      #expect(name.set(bytes))
      #expect(name.text == expected)
    }
  }

  @Test func emptyAndOverlongTextIsRefusedAndForgotten() {
    for count in [0, 254, 300] {
      let name = Name()
      let good = Array("good.example".utf8)
      #expect(name.set(good))
      let bytes = [UInt8](repeating: 0x61, count: count)
      #expect(!name.set(bytes))
      #expect(name.text == "")
    }
    let name = Name()
    let longest = [UInt8](repeating: 0x61, count: 253) + [UInt8(ascii: ".")]
    #expect(name.set(longest))
  }
}

/// A buffer that expectations can look at: they copy what they are given.
private final class Name {
  private var buffer = NameBuffer()

  func append(_ label: [UInt8]) -> Bool { buffer.append(label: label.span) }
  func set(_ text: [UInt8]) -> Bool { buffer.set(text: text.span) }
  var text: String { WeirDecodeTests.text(buffer) }
  var printed: String { WeirDecodeTests.printed(buffer) }
}
