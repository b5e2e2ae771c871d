import Testing
import WeirModel

@Test(arguments: [
  ("http://bad.example/x", "http://bad.example/x"),
  ("HTTP://Bad.Example./X?Y#z", "http://bad.example/X?Y"),
  ("http://bad.example", "http://bad.example/"),
  ("http://bad.example?q", "http://bad.example/?q"),
  ("http://bad.example:80/", "http://bad.example/"),
  ("https://bad.example:443", "https://bad.example/"),
  ("https://bad.example:80/", "https://bad.example:80/"),
  ("http://bad.example:/", "http://bad.example/"),
  ("http://user:word@bad.example/x", "http://bad.example/x"),
  ("http://good.example@192.0.2.1:8080/", "http://192.0.2.1:8080/"),
  ("http://[2001:DB8::0:1]:81/x", "http://[2001:db8::1]:81/x"),
  ("http://localhost/x", "http://localhost/x"),
  ("http://bad.example/\u{e9}", "http://bad.example/%C3%A9"),
  ("http://bad.example/a//b/../c", "http://bad.example/a//c"),
  ("http://bad.example/../../a/./b/.", "http://bad.example/a/b/"),
  ("http://bad.example/a/..", "http://bad.example/"),
  ("http://bad.example/a/..?b/../c", "http://bad.example/?b/../c"),
  ("http://bad.example/a/.../..b/.c", "http://bad.example/a/.../..b/.c"),
  ("http://bad.example/%2e%2E/a", "http://bad.example/a"),
  ("http://bad.example/%7euser/%41%2f%2B", "http://bad.example/~user/A%2F%2B"),
  ("http://bad.example/%zz%4", "http://bad.example/%25zz%254"),
  ("http://bad.example/%%34%31", "http://bad.example/%2541"),
])
func aURLIsReadInOneForm(text: String, canonical: String) throws {
  let url = try #require(WebURL(text))
  #expect(url.description == canonical)
  #expect(WebURL(canonical) == url)
}

@Test(arguments: [
  "", "bad.example/x", "ftp://bad.example/", "http://", "http:///x", "http://?x", "http://a b/",
  "http://bad.example:0/", "http://bad.example:65536/", "http://bad.example:x/",
  "http://bad.example:100000/", "http://[2001:db8::1/", "http://[192.0.2.1]/", "http://1.2.3/",
  "http://b\u{fc}cher.example/", "http://bad.example/a b", "http://bad.example/\u{1}", "http//x.y",
])
func whatIsNoURLIsRefused(text: String) {
  #expect(WebURL(text) == nil)
}

@Test func aSchemeMayBeMissingWhereThatIsSaid() {
  #expect(WebURL("Bad.example/x", allowsMissingScheme: true)?.description == "bad.example/x")
  #expect(WebURL("bad.example:80", allowsMissingScheme: true)?.description == "bad.example:80/")
  #expect(WebURL("ftp://bad.example/x", allowsMissingScheme: true) == nil)
}

@Test func theHostOfAURLIsMarked() throws {
  for (text, host) in [
    ("http://bad.example/x", "bad.example"), ("https://[2001:db8::1]:81/", "2001:db8::1"),
    ("http://x@192.0.2.1:81/", "192.0.2.1"),
  ] {
    let url = try #require(WebURL(text))
    #expect(String(decoding: url.bytes[url.host], as: UTF8.self) == host)
  }
}

@Test func cutsAndFlipsOfURLsNeverTrap() {
  let text = Array("https://user@[2001:db8::1]:8443/path/\u{e9}?query#fragment".utf8)
  var read = 0
  for length in 0...text.count where WebURL(parsing: text.span.extracting(0..<length)) != nil {
    read += 1
  }
  #expect(read > 10)
  for position in text.indices {
    for bit in 0..<8 {
      var flipped = text
      flipped[position] ^= 1 << UInt8(bit)
      guard let url = WebURL(parsing: flipped.span, allowsMissingScheme: true) else { continue }
      #expect(url.bytes.allSatisfy { $0 > 0x20 && $0 < 0x7f })
    }
  }
  let long = "http://a.example/" + String(repeating: "x", count: WebURL.lengthMax - 17)
  #expect(WebURL(long) != nil)
  #expect(WebURL(long + "x") == nil)
}

@Test(arguments: [(32, Digest.Algorithm.md5), (40, .sha1), (64, .sha256), (128, .sha512)])
func aDigestIsToldByItsLength(digits: Int, algorithm: Digest.Algorithm) throws {
  let text = String(String(repeating: "0123456789abcDEF", count: 8).prefix(digits))
  let digest = try #require(Digest(text))
  #expect(digest.algorithm == algorithm)
  #expect(digest.bytes.count == algorithm.byteCount)
  #expect(digest.description == text.lowercased())
  #expect(Digest(String(text.dropLast())) == nil)
  #expect(Digest(String(text.dropLast()) + "g") == nil)
}

@Test func aFingerprintHasItsForm() {
  let text = "t13d1516h2_8daaf6152771_b186095e22b6"
  #expect(JA4Fingerprint(text)?.description == text)
  let letters = Array(text.utf8)
  for index in letters.indices {
    var wrong = letters
    wrong[index] = UInt8(ascii: "-")
    #expect(JA4Fingerprint(parsing: wrong.span) == nil, "at \(index)")
    #expect(JA4Fingerprint(parsing: letters.span.extracting(0..<index)) == nil)
  }
  #expect(JA4Fingerprint("x13d1516h2_8daaf6152771_b186095e22b6") == nil)
  #expect(JA4Fingerprint("t13d1516h2_8DAAF6152771_b186095e22b6") == nil)
}
