import WeirModel

/// syslog: the program that wrote a line tells how to read it.
enum SyslogLine {
  static func read(_ text: Span<UInt8>, _ line: Range<Int>, _ fields: inout LogFields) {
    switch program(text, line) {
    case 1: DNSLine.readDnsmasq(text, line, &fields)
    case 2: DNSLine.readUnbound(text, line, &fields)
    case 3: DNSLine.readBIND(text, line, &fields)
    case 4: DNSLine.readPowerDNS(text, line, &fields)
    case 5: ProxyLine.readHAProxy(text, line, &fields)
    case 6: KeyValueLine.read(text, line, &fields)
    default:
      KeyValueLine.read(text, line, &fields)
      if let peer = LineText.behind(" from ", text, line) {
        fields.add(LineText.word(text, from: peer, to: line.upperBound), .source)
      }
    }
  }

  /// Which program wrote the line: the word before `[`, `(` or `:` among the first ones.
  private static func program(_ text: Span<UInt8>, _ line: Range<Int>) -> UInt8 {
    var word = LineText.word(text, from: line.lowerBound, to: line.upperBound)
    for _ in 0..<6 {
      var end = word.lowerBound
      while end < word.upperBound, LogByte.isLabel(text[end]) { end += 1 }
      if end > word.lowerBound, end < word.upperBound || text[word.lowerBound] > 0x40 {
        let known = programs.value(text, word.lowerBound..<end)
        if known != 0 { return known }
      }
      word = LineText.nextWord(text, after: word, to: line.upperBound)
    }
    return 0
  }

  private static let programs = WordTable([
    (1, "dnsmasq pihole-FTL"), (2, "unbound"), (3, "named"), (4, "pdns pdns_server pdns_recursor"),
    (5, "haproxy"), (6, "kernel"),
  ])
}
