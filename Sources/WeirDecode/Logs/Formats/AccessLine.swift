import WeirModel

/// The formats of web servers: `client - user [time] "GET /path HTTP/1.1" status bytes "referer" "agent"`.
enum AccessLine {
  static func read(_ text: Span<UInt8>, _ line: Range<Int>, _ fields: inout LogFields) {
    let end = line.upperBound
    var client = LineText.word(text, from: line.lowerBound, to: end)
    // vhost_combined has the virtual host and its port in front.
    if let colon = text.lastPlace(of: UInt8(ascii: ":"), in: client),
      LogAddress.port(text, at: colon)?.end == client.upperBound, !isAddress(text, client),
      !isAddress(text, client.lowerBound..<colon)
    {
      fields.add(client.lowerBound..<colon, .host)
      client = LineText.nextWord(text, after: client, to: end)
    }
    fields.add(client, .source)
    guard let quote = text.firstPlace(of: UInt8(ascii: "\""), in: client.upperBound..<end) else {
      return
    }
    let method = LineText.word(text, from: quote + 1, to: end)
    guard method.upperBound < end, text[method.upperBound] == UInt8(ascii: " ") else { return }
    var target = LineText.word(text, from: method.upperBound + 1, to: end)
    if let close = text.firstPlace(of: UInt8(ascii: "\""), in: target) {
      target = target.lowerBound..<close
    }
    fields.add(target, .url)
  }

  private static func isAddress(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    LogAddress.quad(text, range) != nil || IPAddress(parsing: text.extracting(range)) != nil
  }
}
