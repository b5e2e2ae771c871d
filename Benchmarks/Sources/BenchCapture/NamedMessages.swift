/// The messages in which a client says a host name.
struct NamedMessages {
  /// The length of every ClientHello, in bytes, as common browsers pad it.
  static let clientHelloLength = 517

  private static let targets = [
    "/", "/index.html", "/static/app.js", "/api/v2/items?page=3&sort=desc", "/favicon.ico",
    "/assets/site.min.css", "/download/update.bin", "/feed.xml", "/search?q=weather",
  ]
  private static let agents = [
    "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36",
    "curl/8.8.0", "okhttp/4.12.0", "Debian APT-HTTP/1.3 (2.6.1)",
  ]

  /// An HTTP/1.1 GET request.
  static func httpRequest(_ name: String, _ random: inout SeededGenerator) -> [UInt8] {
    Array(
      """
      GET \(random.pick(targets)) HTTP/1.1\r
      Host: \(name)\r
      User-Agent: \(random.pick(agents))\r
      Accept: */*\r
      Accept-Encoding: gzip\r
      Connection: keep-alive\r
      \r

      """.utf8)
  }

  /// A DNS query for an address, with recursion desired.
  static func dnsQuery(_ name: String, identifier: UInt16, isIPv6: Bool) -> [UInt8] {
    dnsHeader(identifier, flags: 0x0100, answers: 0) + dnsQuestion(name, isIPv6: isIPv6)
  }

  /// The answer to ``dnsQuery(_:identifier:isIPv6:)``; without an address, that there is no name.
  static func dnsAnswer(
    _ name: String, identifier: UInt16, isIPv6: Bool, address: UInt128?
  ) -> [UInt8] {
    let question = dnsQuestion(name, isIPv6: isIPv6)
    guard let address else { return dnsHeader(identifier, flags: 0x8183, answers: 0) + question }
    var record: [UInt8] = [0xC0, 0x0C, 0, isIPv6 ? 28 : 1, 0, 1, 0, 0, 1, 44]
    let length = isIPv6 ? 16 : 4
    record += [0, UInt8(length)]
    for position in (0..<length).reversed() {
      record.append(UInt8(truncatingIfNeeded: address >> UInt128(8 * position)))
    }
    return dnsHeader(identifier, flags: 0x8180, answers: 1) + question + record
  }

  private static func dnsHeader(_ identifier: UInt16, flags: UInt16, answers: UInt8) -> [UInt8] {
    pair(identifier) + pair(flags) + [0, 1, 0, answers, 0, 0, 0, 0]
  }

  private static func dnsQuestion(_ name: String, isIPv6: Bool) -> [UInt8] {
    let labels = name.utf8.split(separator: UInt8(ascii: "."))
    return labels.flatMap { [UInt8($0.count)] + $0 } + [0, 0, isIPv6 ? 28 : 1, 0, 1]
  }

  /// A ClientHello for TLS 1.2 and 1.3 of ``clientHelloLength`` bytes, in one record.
  static func clientHello(_ name: String, _ maker: inout ContentMaker) -> [UInt8] {
    let suites: [UInt8] = [
      0x13, 0x01, 0x13, 0x02, 0x13, 0x03, 0xC0, 0x2B, 0xC0, 0x2F, 0xC0, 0x2C, 0xC0, 0x30, 0xCC,
      0xA9, 0xCC, 0xA8, 0xC0, 0x13, 0xC0, 0x14, 0x00, 0x9C, 0x00, 0x9D, 0x00, 0x2F, 0x00, 0x35,
    ]
    var hello: [UInt8] = [3, 3] + maker.binary(32) + [32] + maker.binary(32)
    hello += pair(UInt16(suites.count)) + suites + [1, 0]
    let host = Array(name.utf8)
    var extensions = field(
      0, pair(UInt16(host.count + 3)) + [0] + pair(UInt16(host.count)) + host)
    extensions += field(23, []) + field(0xFF01, [0])
    extensions += field(10, [0, 6, 0, 29, 0, 23, 0, 24]) + field(11, [1, 0]) + field(35, [])
    extensions += field(16, [0, 12, 2] + Array("h2".utf8) + [8] + Array("http/1.1".utf8))
    extensions += field(5, [1, 0, 0, 0, 0])
    extensions += field(13, [0, 12, 4, 3, 8, 4, 4, 1, 5, 3, 8, 5, 5, 1])
    extensions += field(43, [4, 3, 4, 3, 3]) + field(45, [1, 1])
    extensions += field(51, [0, 36, 0, 29, 0, 32] + maker.binary(32))
    // Record header 5, handshake header 4, two lengths of two.
    let padding = clientHelloLength - 9 - hello.count - 2 - extensions.count - 4
    extensions += field(21, [UInt8](repeating: 0, count: max(padding, 0)))
    hello += pair(UInt16(extensions.count)) + extensions
    return [22, 3, 1] + pair(UInt16(hello.count + 4)) + [1, 0] + pair(UInt16(hello.count)) + hello
  }

  private static func field(_ kind: UInt16, _ value: [UInt8]) -> [UInt8] {
    pair(kind) + pair(UInt16(value.count)) + value
  }

  private static func pair(_ value: UInt16) -> [UInt8] {
    [UInt8(value >> 8), UInt8(value & 255)]
  }
}
