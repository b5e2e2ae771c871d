import Testing
@testable import WeirDecode
import WeirModel

/// What stands in a text, by the rules that the tokenizer serves, in plain steps.
private func findings(_ text: [UInt8], usesVectors: Bool) -> [String] {
  var tokenizer = LogTokenizer(usesVectors: usesVectors)
  var found: [String] = []
  let span = text.span
  while tokenizer.advance(in: span) {
    for index in 0..<tokenizer.count {
      let token = tokenizer[index]
      let start = token.start
      switch token.kind {
      case .quad:
        guard let quad = LogAddress.quad(span, token.word) else { continue }
        found.append("\(start) \(IPAddress(v4: quad.bits))")
      case .name:
        guard let name = LogName(span, in: token.word) else { continue }
        let bytes = name.range.map { asciiLowercased(span[$0]) }
        found.append("\(name.range.lowerBound) \(String(decoding: bytes, as: UTF8.self))")
      case .wide:
        guard let (address, _) = LogAddress.wide(span, token.word) else { continue }
        found.append("\(start) \(address)")
      case .bracketed:
        guard let defanged = LogDefanged(span, around: start) else { continue }
        let plain = defanged.withText { text in text.indices.map { text[$0] } }
        found.append("\(start) \(String(decoding: plain, as: UTF8.self))")
      }
    }
  }
  #expect(tokenizer.feeds == text.count { $0 == UInt8(ascii: "\n") })
  #expect(span.lineFeeds(in: 0..<text.count) == tokenizer.feeds)
  return found.sorted()
}

private func values(_ text: String) -> [String] {
  findings(Array(text.utf8), usesVectors: true).map { $0.split(separator: " ")[1] }
    .map(String.init).sorted()
}

@Suite struct LogTokenTests {
  @Test(
    arguments: [
      ("from 192.0.2.1 port 22", ["192.0.2.1"]),
      ("192.0.2.1", ["192.0.2.1"]),
      ("(192.0.2.1)[192.0.2.2]:80 \"192.0.2.3\"", ["192.0.2.1", "192.0.2.2", "192.0.2.3"]),
      ("at 192.0.2.1.", ["192.0.2.1"]),
      ("net 192.0.2.0/24 to 192.0.2.9:443", ["192.0.2.0", "192.0.2.9"]),
      ("src=192.0.2.1,dst=192.0.2.2;", ["192.0.2.1", "192.0.2.2"]),
      ("version v1.2.3.4 and 1.2.3.4-beta and 1.2.3.4.5 and 01.2.3.4 and 1.2.3.256", []),
      ("[2001:db8::1]:443 and 2001:db8::2, ::1", ["2001:db8::1", "2001:db8::2", "::1"]),
      ("2001:db8:1:2:3:4:5:6 is", ["2001:db8:1:2:3:4:5:6"]),
      ("from 2001:db8::3: reset by 2001:db8::4.", ["2001:db8::3", "2001:db8::4"]),
      ("::ffff:192.0.2.1", ["192.0.2.1", "::ffff:192.0.2.1"]),
      ("at 2015:10:05:03 00:11:22:33:44:55 std::vector", []),
      ("GET http://evil.example.com:8080/a/b.html", ["evil.example.com"]),
      ("mail from user.name@evil.example to <b@c.example>", ["c.example", "evil.example"]),
      ("Evil.EXAMPLE. and xn--e1afmkfd.xn--p1ai", ["evil.example", "xn--e1afmkfd.xn--p1ai"]),
      ("hxxp://evil[.]example/x and 192.0.2[.]1", ["192.0.2.1", "evil.example"]),
      ("www[.]evil[.]example", ["www.evil.example", "www.evil.example"]),
      ("HTTP/1.1 200 1.5 Mozilla/5.0 image.png a.b index.php", []),
      ("/cgi-bin/run.sh http://update.zip/", ["update.zip"]),
      ("url=http%3A%2F%2Fevil.example%2Fa \\nevil.test", ["evil.example", "evil.test"]),
      ("see evil.example... and more", ["evil.example"]),
    ])
  func valuesAreFoundInEverySpelling(text: String, expected: [String]) {
    #expect(values(text) == expected.sorted())
  }

  @Test func vectorsFindWhatTheTwinFinds() {
    let pieces = [
      "192.0.2.1", "1.2", "a.b.example", "::1", "2001:db8::1", ":", ".", "..", "-", "_", "\n", " ",
      "[.]", "evil", "example.com", "2001:db8:1:2:3:4:5:6", "10:05:03", "%2F", "\\n", "@", "\u{e9}",
      "0", "x", String(repeating: "a", count: 70), String(repeating: "b.", count: 40), "::ffff:",
    ]
    for seed in UInt64(1)...300 {
      var random = Seeded(seed)
      var text: [UInt8] = []
      while text.count < 40 + Int(seed) * 3 {
        text += Array(pieces[Int(random.next() % UInt64(pieces.count))].utf8)
        if random.next() % 3 == 0 { text.append(UInt8(ascii: " ")) }
      }
      #expect(
        findings(text, usesVectors: true) == findings(text, usesVectors: false), "seed \(seed)")
    }
  }

  @Test func namesAreTheSameByWordsAndByBytes() {
    let pieces = [
      "a", "Bc", "com", ".", ".", "..", "-", "_", "example", "zip", "png", "9", "xn--p1ai", "COM",
      "sevenle", "eightlet", "/", "%2F", "\\n",
    ]
    for seed in UInt64(1)...4000 {
      var random = Seeded(seed)
      var text = Array("        ".utf8)
      for _ in 0..<(1 + random.next() % 9) {
        text += Array(pieces[Int(random.next() % UInt64(pieces.count))].utf8)
      }
      let end = text.count
      text += Array("   ".utf8)
      var start = end
      while text[start - 1] == UInt8(ascii: ".") || LogByte.isLabel(text[start - 1]) { start -= 1 }
      let quick = LogName(text.span, in: start..<end)
      let slow = LogName(text.span, walking: start..<end)
      #expect(quick == slow, "seed \(seed): \(String(decoding: text, as: UTF8.self))")
    }
  }

  @Test func everyCutIsRead() {
    let line = Array("1.2.3.4 ::1 a.example hxxp://b[.]example 2001:db8::1. %2Fc.example".utf8)
    for count in 0...line.count {
      let cut = Array(line[..<count])
      #expect(findings(cut, usesVectors: true) == findings(cut, usesVectors: false))
    }
    for place in line.indices {
      for bit in 0..<8 {
        var flipped = line
        flipped[place] ^= 1 << UInt8(bit)
        #expect(findings(flipped, usesVectors: true) == findings(flipped, usesVectors: false))
      }
    }
  }

  @Test func moreTokensThanThereIsRoomForAreAllFound() {
    let text = Array(String(repeating: "192.0.2.1:", count: 20_000).utf8)
    #expect(findings(text, usesVectors: true).count == 20_000)
  }

  @Test(
    arguments: [
      ("192.0.2.1:443", 443), ("192.0.2.1]:80 ", 80), ("192.0.2.1#53 (a)", 53),
      ("192.0.2.1:99999", nil), ("192.0.2.1:", nil), ("192.0.2.1 80", nil), ("192.0.2.1:8a", nil),
    ] as [(String, UInt16?)])
  func portsStandBehindAddresses(text: String, port: UInt16?) {
    let bytes = Array(text.utf8)
    #expect(LogAddress.port(bytes.span, at: 9)?.port == port)
  }

  @Test(
    arguments: [
      ("2026-11-23T20:06:13+00:00 x", "2026-11-23T20:06:13.000000Z"),
      ("{\"timestamp\":\"2016-03-15T12:24:15.257056+0100\"}", "2016-03-15T11:24:15.257056Z"),
      ("2026/11/23 20:06:13 [error]", "2026-11-23T20:06:13.000000Z"),
      ("a - - [23/Nov/2026:20:06:13 -0130] \"GET", "2026-11-23T21:36:13.000000Z"),
      ("23-Nov-2026 20:06:11.237 queries", "2026-11-23T20:06:11.237000Z"),
      ("Nov 23 20:06:05 host x", "2020-11-23T20:06:05.000000Z"),
      ("Jul  1 09:00:55 host x", "2020-07-01T09:00:55.000000Z"),
      ("[Sat Jun 01 02:17:42 2013] [error]", "2013-06-01T02:17:42.000000Z"),
      ("1521911720.600725\tC1", "2018-03-24T17:15:20.600725Z"),
      ("no time here 10:99:00", nil), ("99:99:99", nil), ("", nil),
    ] as [(String, String?)])
  func timesAreRead(text: String, expected: String?) {
    let bytes = Array(text.utf8)
    #expect(LogTime.find(bytes.span, year: 2020)?.description == expected)
  }
}
