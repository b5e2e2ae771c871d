import WeirModel

/// The logs of proxies.
enum ProxyLine {
  /// HAProxy: `haproxy[123]: client:port [time] …`.
  static func readHAProxy(_ text: Span<UInt8>, _ line: Range<Int>, _ fields: inout LogFields) {
    guard let start = LineText.behind("]: ", text, line) else { return }
    let end = line.upperBound
    var client = LineText.word(text, from: start, to: end)
    if let port = text.lastPlace(of: UInt8(ascii: ":"), in: client) {
      client = client.lowerBound..<port
    }
    fields.add(client, .source)
    guard let quote = text.firstPlace(of: UInt8(ascii: "\""), in: client.upperBound..<end) else {
      return
    }
    let method = LineText.word(text, from: quote + 1, to: end)
    fields.add(LineText.nextWord(text, after: method, to: end), .url)
  }

  /// Squid: `time elapsed client code/status bytes method URL user hierarchy/peer type`.
  static func readSquid(_ text: Span<UInt8>, _ line: Range<Int>, _ fields: inout LogFields) {
    var word = LineText.word(text, from: line.lowerBound, to: line.upperBound)
    for index in 1...8 {
      word = LineText.nextWord(text, after: word, to: line.upperBound)
      switch index {
      case 2: fields.add(word, .source)
      case 6: fields.add(word, .url)
      case 8:
        if let slash = text.firstPlace(of: UInt8(ascii: "/"), in: word) {
          fields.add(slash + 1..<word.upperBound, .destination)
        }
      default: break
      }
    }
  }
}
