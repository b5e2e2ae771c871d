/// What a session's payload looks like.
enum Content: Sendable {
  /// Words and a little markup.
  case text
  /// Random bytes after a line of greeting, so that no decoder takes them for a protocol.
  case bulk
  /// An HTTP response with words.
  case page
  /// An HTTP response with random bytes.
  case download
  /// A TLS server's handshake and records; one record a segment.
  case records
  /// TLS records of application data; one record a segment.
  case sealed
  /// RTP version 2 with G.711.
  case voice
  /// Datagrams with the first byte of a QUIC short header.
  case shortHeader
  /// NTP version 4 from a client, or from a server.
  case timeRequest
  case timeReply
  /// The payload of an ICMP echo.
  case echo
}

/// Makes payload bytes.
struct ContentMaker {
  var random: SeededGenerator

  private static let words = [
    "the", "of", "river", "and", "table", "to", "window", "in", "garden", "is", "market", "was",
    "letter", "for", "on", "morning", "with", "as", "by", "number", "page", "entry", "section",
    "title", "value", "first", "other", "people", "small", "water", "paper", "station", "road",
  ]
  private static let gaps = [
    " ", " ", " ", " ", " ", " ", " ", ", ", ". ", "</p>\n<p>", "\": \"", ";\r\n",
  ]

  /// The bytes of one direction, cut into segments of the given lengths.
  mutating func bytes(_ content: Content, lengths: [Int]) -> [UInt8] {
    let total = lengths.reduce(0, +)
    switch content {
    case .text: return text(total)
    case .bulk: return Array("transfer ready\r\n".utf8) + binary(total - 16)
    case .page: return response(total, type: "text/html") { $0.text($1) }
    case .download:
      return response(total, type: "application/octet-stream") { $0.binary($1) }
    case .echo: return (0..<total).map { UInt8(truncatingIfNeeded: 0x10 + $0) }
    case .records, .sealed, .voice, .shortHeader, .timeRequest, .timeReply:
      return lengths.enumerated().flatMap { framed(content, index: $0, length: $1) }
    }
  }

  private mutating func framed(_ content: Content, index: Int, length: Int) -> [UInt8] {
    var bytes = binary(length)
    switch content {
    case .records, .sealed:
      let isHandshake = content == .records && index == 0
      bytes[0] = isHandshake ? 22 : 23
      bytes[1] = 3
      bytes[2] = 3
      bytes[3] = UInt8(truncatingIfNeeded: (length - 5) >> 8)
      bytes[4] = UInt8(truncatingIfNeeded: length - 5)
      if isHandshake { fillServerHello(&bytes) }
    case .voice:
      bytes[0] = 0x80
      bytes[1] = 0
      bytes[2] = 0
      bytes[3] = UInt8(truncatingIfNeeded: index)
    case .shortHeader: bytes[0] = bytes[0] & 0x3F | 0x40
    case .timeRequest:
      bytes = [0x23] + [UInt8](repeating: 0, count: 39) + bytes[40..<48]
    case .timeReply:
      bytes = [0x24, 2, 6, 0xE8] + bytes[4..<48]
    case .text, .bulk, .page, .download, .echo: break
    }
    return bytes
  }

  /// A TLS 1.3 ServerHello of 90 bytes, alone in its record; the rest stays random and is
  /// closed into records of application data by ``bytes(_:lengths:)``'s caller's lengths.
  private func fillServerHello(_ bytes: inout [UInt8]) {
    let extensions: [UInt8] =
      [0x00, 0x2B, 0x00, 0x02, 0x03, 0x04, 0x00, 0x33, 0x00, 0x24, 0x00, 0x1D, 0x00, 0x20]
    let hello: [UInt8] = [2, 0, 0, 86, 3, 3]
    bytes.replaceSubrange(3..<5, with: [0, 90])
    bytes.replaceSubrange(5..<11, with: hello)
    bytes.replaceSubrange(43..<49, with: [0, 0x13, 0x01, 0, 0, 46])
    bytes.replaceSubrange(49..<63, with: extensions)
    let rest = bytes.count - 95
    bytes.replaceSubrange(
      95..<100, with: [23, 3, 3, UInt8((rest - 5) >> 8), UInt8((rest - 5) & 255)])
  }

  private mutating func response(
    _ total: Int, type: String, body: (inout ContentMaker, Int) -> [UInt8]
  ) -> [UInt8] {
    let start = "HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: \(type)\r\nContent-Length: "
    let end = "\r\nCache-Control: max-age=600\r\n\r\n"
    // The length is padded to six digits so that the header's own length does not depend on it.
    let bodyLength = total - start.utf8.count - end.utf8.count - 6
    let digits = String(bodyLength)
    let padded = String(repeating: "0", count: 6 - digits.count) + digits
    return Array((start + padded + end).utf8) + body(&self, bodyLength)
  }

  private mutating func text(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + 16)
    while bytes.count < count {
      bytes += random.pick(ContentMaker.words).utf8
      bytes += random.pick(ContentMaker.gaps).utf8
    }
    return Array(bytes[..<count])
  }

  mutating func binary(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + 8)
    while bytes.count < count {
      let word = random.next()
      for shift in stride(from: 0, to: 64, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
      }
    }
    return Array(bytes[..<count])
  }
}
