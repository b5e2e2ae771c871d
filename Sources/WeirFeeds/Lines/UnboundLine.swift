import WeirModel

/// One line of an unbound configuration that answers for names itself: `local-zone: "name" always_null` for a name
/// and all below it, `local-data: "name A 0.0.0.0"` for the name alone.
enum UnboundLine {
  /// Reads a trimmed, non-empty line that is no comment.
  static func parse(
    _ line: Span<UInt8>, _ context: LineContext, into sink: (FeedEntry) -> Void
  ) throws(RejectReason) -> LineResult {
    if line.hasBytes("server:"), line.isEmptyOrComment(from: 7) { return .ignored }
    if line.hasBytes("local-zone:") {
      let name = value(in: line, from: 11)
      let type = value(in: line, from: name.next)
      let action = try action(of: line.extracting(type.range))
      sink(context.entry(.domain(try domain(line.extracting(name.range))), action: action))
      return .loaded
    }
    guard line.hasBytes("local-data:") else { throw .unsupportedRule }
    let text = line.extracting(value(in: line, from: 11).range)
    guard let record = ZoneRecord(text) else { throw .unexpectedColumns }
    guard record.isAddress(in: text) else { throw .unsupportedRule }
    guard let address = IPAddress(parsing: text.extracting(record.data)) else {
      throw .invalidAddress
    }
    guard HostsLine.isSink(address) else { throw .notASinkAddress }
    let name = try domain(text.extracting(record.owner))
    sink(context.entry(.domain(name), scope: .exact))
    return .loaded
  }

  /// A word, or what stands between quotes, and where the next one may begin.
  private static func value(
    in line: Span<UInt8>, from start: Int
  ) -> (range: Range<Int>, next: Int) {
    let first = line.skippingBlanks(from: start)
    guard first < line.count, line[first] == UInt8(ascii: "\"") || line[first] == UInt8(ascii: "'")
    else {
      let end = line.wordEnd(from: first)
      return (first..<end, end)
    }
    let end = line.firstIndex(of: line[first], from: first + 1) ?? line.count
    return (first + 1..<end, min(end + 1, line.count))
  }

  private static func domain(_ text: Span<UInt8>) throws(RejectReason) -> DomainName {
    guard !text.isEmpty else { throw .missingName }
    guard let name = DomainName(parsing: text) else { throw DomainLine.fault(of: text) }
    return name
  }

  /// What is done with a zone of a type; nil for what the feed does.
  private static func action(of type: Span<UInt8>) throws(RejectReason) -> Action? {
    for blocking in blockingTypes where type.equalsIgnoringCase(blocking) { return nil }
    for open in openTypes where type.equalsIgnoringCase(open) { return .allow }
    throw .unsupportedRule
  }

  // Without data of their own, these answer a query with nothing of use, or not at all. `redirect` is for data
  // that may lead anywhere.
  private static let blockingTypes: [StaticText] = [
    "always_null", "always_nxdomain", "always_refuse", "always_nodata", "always_deny", "refuse",
    "deny", "static", "inform_deny",
  ]
  private static let openTypes: [StaticText] = ["always_transparent", "transparent"]
}
