import WeirModel

/// The query logs of name servers.
enum DNSLine {
  /// `query[A] name from client`, `reply name is value`, as dnsmasq and Pi-hole write them.
  static func readDnsmasq(_ text: Span<UInt8>, _ line: Range<Int>, _ fields: inout LogFields) {
    let end = line.upperBound
    // The first bracket belongs to the program, the second one to the kind of the query.
    let program = LineText.place(of: UInt8(ascii: "["), text, line)
    let open = LineText.place(of: UInt8(ascii: "["), text, min(program + 1, end)..<end)
    if open < end, LineText.behind("query", text, max(program, open - 5)..<open) != nil {
      let close = LineText.place(of: UInt8(ascii: "]"), text, open..<end)
      let name = LineText.nextWord(text, after: close..<min(close + 1, end), to: end)
      fields.add(name, .query)
      let from = LineText.nextWord(text, after: name, to: end)
      fields.add(LineText.nextWord(text, after: from, to: end), .source)
    } else if let value = LineText.behind(" is ", text, line) {
      fields.add(LineText.word(text, from: value, to: end), .answer)
    }
  }

  /// `info: client name. A IN`, as unbound writes it.
  static func readUnbound(_ text: Span<UInt8>, _ line: Range<Int>, _ fields: inout LogFields) {
    guard let start = LineText.behind("info: ", text, line) else { return }
    let end = line.upperBound
    let client = LineText.word(text, from: start, to: end)
    guard IPAddress(parsing: text.extracting(client)) != nil else { return }
    let name = LineText.nextWord(text, after: client, to: end)
    let type = LineText.nextWord(text, after: name, to: end)
    guard !LineText.nextWord(text, after: type, to: end).isEmpty else { return }
    fields.add(client, .source)
    fields.add(name, .query)
  }

  /// `client @0x… client#port (name): query: name IN A`, as BIND writes it.
  static func readBIND(_ text: Span<UInt8>, _ line: Range<Int>, _ fields: inout LogFields) {
    guard let start = LineText.behind("client ", text, line) else { return }
    let end = line.upperBound
    var client = LineText.word(text, from: start, to: end)
    if !client.isEmpty, text[client.lowerBound] == UInt8(ascii: "@") {
      client = LineText.nextWord(text, after: client, to: end)
    }
    if let port = text.firstPlace(of: UInt8(ascii: "#"), in: client) {
      client = client.lowerBound..<port
    }
    fields.add(client, .source)
    if let name = LineText.behind(" query: ", text, client.upperBound..<end) {
      fields.add(LineText.word(text, from: name, to: end), .query)
    }
  }

  /// `Remote client wants 'name|A'` and `question for 'name|A' from client`, as PowerDNS writes them.
  static func readPowerDNS(_ text: Span<UInt8>, _ line: Range<Int>, _ fields: inout LogFields) {
    let end = line.upperBound
    if let client = LineText.behind("emote ", text, line) {
      fields.add(LineText.word(text, from: client, to: end), .source)
    }
    let name =
      LineText.behind(" wants '", text, line) ?? LineText.behind("uestion for '", text, line)
    guard let name, let close = text.firstPlace(of: UInt8(ascii: "|"), in: name..<end) else {
      return
    }
    fields.add(name..<close, .query)
    if let client = LineText.behind(" from ", text, close..<end) {
      fields.add(LineText.word(text, from: client, to: end), .source)
    }
  }
}
