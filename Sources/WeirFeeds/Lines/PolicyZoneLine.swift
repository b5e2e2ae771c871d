import WeirModel

/// What the lines of a response policy zone so far say about the next one.
struct PolicyZoneState: Sendable {
  /// The name of the zone, without its final dot, in lower case; empty when it is not known yet.
  fileprivate var apex: [UInt8] = []
  /// Whether relative names belong under a name that is not the zone's.
  fileprivate var isElsewhere = false
  /// How many parentheses are open: a record may go over several lines.
  fileprivate var depth = 0
  /// The last name without a wildcard, and what was done with it.
  fileprivate var last: (name: DomainName, action: Action?)?
}

/// One line of a response policy zone (draft-vixie-dnsop-dns-rpz).
///
/// Triggers on queried names are read: `name` for it alone, followed by `*.name` for all below it too. A wildcard
/// without its name, triggers on addresses and name servers, and answers that lead elsewhere are things that a match
/// of names cannot express, and rejected.
enum PolicyZoneLine {
  /// Reads a trimmed, non-empty line.
  static func parse(
    _ line: Span<UInt8>, _ context: inout LineContext, into sink: (FeedEntry) -> Void
  ) throws(RejectReason) -> LineResult {
    let text = line.extracting(
      line.extracting(0..<(line.firstIndex(of: UInt8(ascii: ";"), from: 0) ?? line.count)).trimmed()
    )
    if text.isEmpty { return .comment }
    if context.zone.depth > 0 {
      context.zone.depth = max(0, context.zone.depth + openParentheses(text))
      return .ignored
    }
    if text[0] == UInt8(ascii: "$") { return try direct(text, &context.zone) }
    guard let record = ZoneRecord(text) else { throw .unexpectedColumns }
    if record.has(type: "SOA", text) {
      begin(text.extracting(record.owner), &context.zone)
      context.zone.depth = max(0, openParentheses(text))
      return .ignored
    }
    if record.has(type: "NS", text) || record.has(type: "TXT", text) { return .ignored }
    let action = try action(of: record, text)
    return try take(text.extracting(record.owner), action, &context, into: sink)
  }

  /// `$TTL` says nothing here; `$ORIGIN` says where relative names belong.
  private static func direct(
    _ text: Span<UInt8>, _ zone: inout PolicyZoneState
  ) throws(RejectReason) -> LineResult {
    if text.hasBytes("$TTL") { return .ignored }
    guard text.hasBytes("$ORIGIN") else { throw .unsupportedRule }
    let start = text.skippingBlanks(from: 7)
    let origin = name(text.extracting(start..<text.wordEnd(from: start)))
    if zone.apex.isEmpty { zone.apex = origin }
    zone.isElsewhere = origin != zone.apex
    return .ignored
  }

  /// The start of authority stands at the name of the zone.
  private static func begin(_ owner: Span<UInt8>, _ zone: inout PolicyZoneState) {
    guard zone.apex.isEmpty, owner.count > 1, owner[owner.count - 1] == UInt8(ascii: ".") else {
      return
    }
    zone.apex = name(owner)
  }

  /// Lower case, without a final dot.
  private static func name(_ text: Span<UInt8>) -> [UInt8] {
    let isAbsolute = text.count > 1 && text[text.count - 1] == UInt8(ascii: ".")
    var bytes: [UInt8] = []
    for index in 0..<text.count - (isAbsolute ? 1 : 0) {
      let byte = text[index]
      bytes.append((UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte)
    }
    return bytes
  }

  private static func openParentheses(_ text: Span<UInt8>) -> Int {
    var open = 0
    for index in 0..<text.count {
      if text[index] == UInt8(ascii: "(") { open += 1 }
      if text[index] == UInt8(ascii: ")") { open -= 1 }
    }
    return open
  }

  /// What is done with the name; nil for what the feed does.
  private static func action(
    of record: ZoneRecord, _ text: Span<UInt8>
  ) throws(RejectReason) -> Action? {
    let data = text.extracting(record.data)
    if record.isAddress(in: text) {
      guard let address = IPAddress(parsing: data) else { throw .invalidAddress }
      guard HostsLine.isSink(address) else { throw .notASinkAddress }
      return nil
    }
    for answer in blockingAnswers where data.equalsIgnoringCase(answer) { return nil }
    if data.equalsIgnoringCase("rpz-passthru.") { return .allow }
    throw .unsupportedRule
  }

  /// No such name, no such data, no answer.
  private static let blockingAnswers: [StaticText] = [".", "*.", "rpz-drop."]

  private static func take(
    _ owner: Span<UInt8>, _ action: Action?, _ context: inout LineContext,
    into sink: (FeedEntry) -> Void
  ) throws(RejectReason) -> LineResult {
    let range = try trigger(owner, context.zone)
    var text = owner.extracting(range)
    for special in otherTriggers where text.contains(special) { throw .unsupportedRule }
    let isWildcard = text.hasBytes("*.")
    if isWildcard { text = owner.extracting(range.lowerBound + 2..<range.upperBound) }
    guard let name = DomainName(parsing: text) else { throw DomainLine.fault(of: text) }
    if isWildcard {
      guard let last = context.zone.last, last.name == name, last.action == action else {
        throw .wildcard
      }
    } else {
      context.zone.last = (name, action)
    }
    sink(context.entry(.domain(name), scope: isWildcard ? .subdomains : .exact, action: action))
    return .loaded
  }

  /// On addresses in answers, of clients and of name servers, and on names of name servers.
  private static let otherTriggers: [StaticText] = ["rpz-ip", "rpz-client-ip", "rpz-ns"]

  /// The part of an owner before the zone's own name.
  private static func trigger(
    _ owner: Span<UInt8>, _ zone: PolicyZoneState
  ) throws(RejectReason) -> Range<Int> {
    guard !owner.isEmpty else { throw .missingName }
    guard owner[owner.count - 1] == UInt8(ascii: ".") else {
      if zone.isElsewhere { throw .unsupportedRule }
      return 0..<owner.count
    }
    let apex = zone.apex
    let end = owner.count - 1 - apex.count - 1
    guard !apex.isEmpty, end > 0, owner[end] == UInt8(ascii: "."),
      name(owner.extracting(end + 1..<owner.count)) == apex
    else { throw .unsupportedRule }
    return 0..<end
  }
}
