import WeirModel

/// Tells the format of a log from its first lines.
enum LogDetector {
  /// The format that most of the first lines have; `text` when no format has half of them.
  static func format(_ text: Span<UInt8>, sampleLines: Int) -> LogFormat {
    let head = LogSchema.firstLine(text)
    if !head.isEmpty, text[0] == UInt8(ascii: "#"),
      LineText.behind("#separator", text, head) != nil
        || LineText.behind("#fields", text, head) != nil
    {
      return .zeek
    }
    var votes: [LogFormat: Int] = [:]
    var (start, lines) = (0, 0)
    while start < text.count, lines < sampleLines {
      let end = text.firstPlace(of: UInt8(ascii: "\n"), in: start..<text.count) ?? text.count
      if end > start {
        lines += 1
        votes[format(ofLine: start..<end, text), default: 0] += 1
      }
      start = end + 1
    }
    let ranked = LogFormat.allCases.max { votes[$0, default: 0] < votes[$1, default: 0] }
    if let best = ranked, best != .text, votes[best, default: 0] * 2 >= lines, lines > 0 {
      return best
    }
    return isHead(text, head) ? .csv : .text
  }

  private static func format(ofLine line: Range<Int>, _ text: Span<UInt8>) -> LogFormat {
    if text[line.lowerBound] == UInt8(ascii: "{") { return .json }
    func has(_ words: StaticString) -> Bool { LineText.behind(words, text, line) != nil }
    if has("CEF:") || has("LEEF:") || (has("SRC=") && has("DST=")) { return .keyvalue }
    if isAccess(text, line) { return .access }
    if isSquid(text, line) { return .squid }
    if has("dnsmasq[") || has("pihole-FTL") { return .dnsmasq }
    if has("unbound[") { return .unbound }
    if has("queries: ") || (has("client ") && has(" query: ")) { return .bind }
    if has("pdns") || (has("emote ") && has(" wants '")) { return .powerdns }
    if has("haproxy[") { return .haproxy }
    return isSyslog(text, line) ? .syslog : .text
  }

  /// A time in brackets, then a quote.
  private static func isAccess(_ text: Span<UInt8>, _ line: Range<Int>) -> Bool {
    guard let time = LineText.behind(" [", text, line), time + 24 < line.upperBound,
      text[time + 2] == UInt8(ascii: "/"), text[time + 6] == UInt8(ascii: "/"),
      text[time + 11] == UInt8(ascii: ":")
    else { return false }
    return LineText.behind("] \"", text, time..<line.upperBound) != nil
  }

  private static func isSquid(_ text: Span<UInt8>, _ line: Range<Int>) -> Bool {
    guard line.count > 30, text[line.lowerBound + 10] == UInt8(ascii: ".") else { return false }
    for index in 0..<10 where !LogByte.isDigit(text[line.lowerBound + index]) { return false }
    var word = LineText.word(text, from: line.lowerBound, to: line.upperBound)
    for _ in 1...3 { word = LineText.nextWord(text, after: word, to: line.upperBound) }
    return text.firstPlace(of: UInt8(ascii: "/"), in: word) != nil
  }

  /// `<13>`, `Nov 23 20:06:05`, or a time of RFC 3339 at the beginning.
  private static func isSyslog(_ text: Span<UInt8>, _ line: Range<Int>) -> Bool {
    guard line.count > 20 else { return false }
    let start = line.lowerBound
    if text[start] == UInt8(ascii: "<"), LogByte.isDigit(text[start + 1]) { return true }
    if LogByte.isLetter(text[start]), text[start + 3] == UInt8(ascii: " "),
      text[start + 9] == UInt8(ascii: ":"), text[start + 12] == UInt8(ascii: ":")
    {
      return true
    }
    return LogByte.isDigit(text[start]) && text[start + 4] == UInt8(ascii: "-")
      && text[start + 10] == UInt8(ascii: "T")
  }

  /// Whether a line names columns of which one at least is known, and so do separators.
  private static func isHead(_ text: Span<UInt8>, _ line: Range<Int>) -> Bool {
    let separator = separator(text, line)
    var (start, known, columns) = (line.lowerBound, 0, 0)
    for at in line.lowerBound...line.upperBound
    where at == line.upperBound || text[at] == separator {
      columns += 1
      known += FieldMeaning.named(text, LineText.unquoted(text, start..<at)) == .nothing ? 0 : 1
      start = at + 1
    }
    return known > 0 && columns > 1
  }

  /// The one of tab, semicolon and comma that there is most of.
  static func separator(_ text: Span<UInt8>, _ line: Range<Int>) -> UInt8 {
    let counts = [UInt8(ascii: "\t"), UInt8(ascii: ";"), UInt8(ascii: ",")].map { byte in
      (byte, line.reduce(0) { $0 + (text[$1] == byte ? 1 : 0) })
    }
    return counts.max { $0.1 < $1.1 }?.0 ?? UInt8(ascii: ",")
  }
}
