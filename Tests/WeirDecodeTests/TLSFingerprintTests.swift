import Testing
import WeirDecode
import WeirModel

/// Expected digests were computed by other programs from texts written out by hand.
struct TLSFingerprintTests {
  static func list(_ numbers: [Int]) -> [UInt8] {
    big16(numbers.count * 2) + numbers.flatMap(big16)
  }

  static func field(_ type: Int, _ data: [UInt8] = []) -> [UInt8] {
    big16(type) + big16(data.count) + data
  }

  static func message(version: Int = 0x0303, ciphers: [Int], _ extensions: [[UInt8]]?) -> [UInt8] {
    var body = big16(version) + [UInt8](repeating: 7, count: 32) + [0] + list(ciphers) + [1, 0]
    if let extensions { body += big16(extensions.joined().count) + extensions.joined() }
    return [1, 0] + big16(body.count) + body
  }

  static func texts(
    _ message: [UInt8], over transport: TLSFingerprint.Transport = .tcp
  ) -> (ja3: String, ja4: String)? {
    guard let found = TLSFingerprint(message.span, over: transport) else { return nil }
    return (
      String(decoding: found.ja3.indices.map { found.ja3[$0] }, as: UTF8.self),
      String(decoding: found.ja4.indices.map { found.ja4[$0] }, as: UTF8.self)
    )
  }

  static func alpn(_ names: [[UInt8]]) -> [UInt8] {
    let list = names.flatMap { [UInt8($0.count)] + $0 }
    return field(16, big16(list.count) + list)
  }

  /// A browser with its numbers that mean nothing, in FoxIO's own example of JA4.
  static let browser = message(
    ciphers: [
      0x2a2a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013,
      0xc014, 0x9c, 0x9d, 0x2f, 0x35,
    ],
    [
      field(0x0a0a), field(0x1b), ClientHelloTests.serverName("evil.example"), field(0x33, [1]),
      alpn([Array("h2".utf8), Array("http/1.1".utf8)]), field(0x4469), field(0x17), field(0x2d),
      field(
        13, list([0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601])), field(5),
      field(0x23), field(0x12), field(43, [6, 0x3a, 0x3a, 3, 4, 3, 3]), field(0xff01, [0]),
      field(11, [1, 0]), field(10, list([0x1a1a, 29, 23, 24])), field(21), field(0xfafa, [0]),
    ])

  @Test func aBrowsersFingerprintsAreThoseThatOtherProgramsGive() throws {
    let found = try #require(Self.texts(Self.browser))
    #expect(found.ja4 == "t13d1516h2_8daaf6152771_e5627efa2ab1")
    #expect(found.ja3 == "c000e2caf3a25423f9de6c8a4b12a975")
    #expect(Self.texts(Self.browser, over: .quic)?.ja4.first == "q")
  }

  @Test func aHelloWithoutExtensionsHasZerosInTheirPlace() throws {
    let found = try #require(Self.texts(Self.message(version: 0x0301, ciphers: [0x2f], nil)))
    #expect(found.ja3 == "b02be259814e870a469a20ce9b2a7900")
    #expect(found.ja4 == "t10i010000_ba72b8082249_000000000000")
  }

  @Test func aHelloWithoutCiphersHasZerosInTheirPlace() throws {
    let found = try #require(Self.texts(Self.message(version: 0x0302, ciphers: [], [])))
    #expect(found.ja4 == "t11i000000_000000000000_000000000000")
  }

  @Test func signatureAlgorithmsKeepTheirOrder() throws {
    let message = Self.message(
      ciphers: [0x1301],
      [
        Self.field(43, [2, 3, 4]), Self.field(10, Self.list([29])),
        Self.field(13, Self.list([0x0403, 0x0401])),
      ])
    let found = try #require(Self.texts(message))
    #expect(found.ja3 == "df1d3cdbe8b5a56b1a33590389058b8d")
    #expect(found.ja4 == "t13i010300_0f2cb44170f4_4f9fa6652b40")
  }

  @Test func theFirstProtocolGivesTwoLetters() throws {
    let cases: [([UInt8], String)] = [
      (Array("h2".utf8), "h2"), (Array("http/1.1".utf8), "h1"), ([0x61], "aa"), ([0xab], "ab"),
      ([0x30, 0xab], "3b"), ([0x2f, 0x61], "21"), ([], "00"),
    ]
    for (name, letters) in cases {
      let message = Self.message(ciphers: [0x1301], [Self.alpn([name])])
      #expect(try #require(Self.texts(message)).ja4.dropFirst(8).prefix(2) == letters)
    }
  }

  @Test func countsStopAt99AndListsAt256() throws {
    let many = Self.message(ciphers: Array(1...256), (1...120).map { Self.field(1000 + $0) })
    #expect(try #require(Self.texts(many)).ja4.hasPrefix("t12i999900_"))
    #expect(Self.texts(Self.message(ciphers: Array(1...257), nil)) == nil)
  }

  @Test func everyTruncationGivesNone() {
    for length in 0..<Self.browser.count {
      // Extensions may be left out as a whole, which the length of the message would tell.
      let cut = Self.texts(Array(Self.browser.prefix(length)))
      #expect(cut == nil || length == 4 + 2 + 32 + 1 + 2 + 32 + 2, "length \(length)")
    }
  }

  @Test func everyBitFlipGivesAFingerprintOrNone() throws {
    let whole = try #require(Self.texts(Self.browser))
    var (changed, none) = (0, 0)
    for bit in 0..<Self.browser.count * 8 {
      var message = Self.browser
      message[bit / 8] ^= 1 << UInt8(bit % 8)
      guard let found = Self.texts(message) else {
        none += 1
        continue
      }
      #expect(found.ja3.utf8.count == 32 && JA4Fingerprint(found.ja4) != nil, "bit \(bit)")
      if found != whole { changed += 1 }
    }
    #expect(changed > 100 && none > 100)
  }
}

struct DigestTests {
  private func text(_ digest: some Sequence<UInt8>) -> String {
    digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// RFC 1321, appendix A.5, and FIPS 180-4's examples.
  @Test func digestsAreThoseOfTheStandards() {
    let abc = Array("abc".utf8)
    let (md5, sha1) = (Digests.md5(abc.span), Digests.sha1(abc.span))
    let sha256 = Digests.sha256(abc.span)
    #expect(text(md5.indices.map { md5[$0] }) == "900150983cd24fb0d6963f7d28e17f72")
    #expect(text(sha1.indices.map { sha1[$0] }) == "a9993e364706816aba3e25717850c26c9cd0d89d")
    #expect(
      text(sha256.indices.map { sha256[$0] })
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    let nothing: [UInt8] = []
    let empty = Digests.md5(nothing.span)
    #expect(text(empty.indices.map { empty[$0] }) == "d41d8cd98f00b204e9800998ecf8427e")
  }
}
