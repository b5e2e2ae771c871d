import WeirModel

/// One line of a dnsmasq configuration that answers for names itself: `address=/name/0.0.0.0`, `server=/name/`,
/// `local=/name/`, also with several names.
///
/// Each is for the name and all below it. `server=/name/#` excepts a name; an address that is no sink, or a server
/// to ask, is another thing than blocking and rejected.
enum DnsmasqLine {
  /// Reads a trimmed, non-empty line that is no comment.
  static func parse(
    _ text: Span<UInt8>, _ context: LineContext, into sink: (FeedEntry) -> Void
  ) throws(RejectReason) -> LineResult {
    let isAddress = text.hasBytes("address=/")
    guard isAddress || text.hasBytes("server=/") || text.hasBytes("local=/"),
      var position = text.firstIndex(of: UInt8(ascii: "/"), from: 0)
    else { throw .unsupportedRule }
    let line = text.extracting(0..<text.endBeforeNote)
    var last = line.count - 1
    while line[last] != UInt8(ascii: "/") { last -= 1 }
    guard last > position + 1 else { throw .missingName }
    let target = line.extracting(last + 1..<line.count)
    let action = try action(of: target, isAddress: isAddress)
    while position < last {
      let next = line.firstIndex(of: UInt8(ascii: "/"), from: position + 1) ?? last
      let name = line.extracting(position + 1..<next)
      guard let domain = DomainName(parsing: name) else { throw DomainLine.fault(of: name) }
      sink(context.entry(.domain(domain), action: action))
      position = next
    }
    return .loaded
  }

  /// What is done with the names; nil for what the feed does.
  private static func action(
    of target: Span<UInt8>, isAddress: Bool
  ) throws(RejectReason) -> Action? {
    if target.isEmpty { return nil }
    let isSign = target.count == 1 && target[0] == UInt8(ascii: "#")
    guard isAddress else {
      if isSign { return .allow }
      throw .unsupportedRule
    }
    if isSign { return nil }
    guard let address = IPAddress(parsing: target) else { throw .invalidAddress }
    guard HostsLine.isSink(address) else { throw .notASinkAddress }
    return nil
  }
}
