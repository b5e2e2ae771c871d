import WeirModel

/// One line of a hosts file that sinks names: `0.0.0.0 name name… # comment`.
enum HostsLine {
  /// Hands on every name of a trimmed, non-empty line.
  ///
  /// A name that cannot be used does not take the others with it: they are handed on, and the line counts
  /// as rejected.
  static func parse(
    _ line: Span<UInt8>, _ context: LineContext, into sink: (FeedEntry) -> Void
  ) throws(RejectReason) -> LineResult {
    let end = line.firstIndex(of: UInt8(ascii: "#"), from: 0) ?? line.count
    let addressEnd = min(line.wordEnd(from: 0), end)
    let address = IPAddress(parsing: line.extracting(0..<addressEnd))
    var result: LineResult? = nil
    var position = addressEnd
    while true {
      let start = min(line.skippingBlanks(from: position), end)
      position = min(line.wordEnd(from: start), end)
      guard start < position else { break }
      let name = line.extracting(start..<position)
      if isLocal(name) {
        result = result ?? .ignored
      } else {
        result = try take(name, address, context, after: result, into: sink)
      }
    }
    guard let result else { throw address == nil ? .invalidAddress : .missingName }
    return result
  }

  private static func take(
    _ text: Span<UInt8>, _ address: IPAddress?, _ context: LineContext, after result: LineResult?,
    into sink: (FeedEntry) -> Void
  ) throws(RejectReason) -> LineResult {
    guard let address else { throw .invalidAddress }
    guard isSink(address) else { throw .notASinkAddress }
    guard let name = DomainName(parsing: text) else { return .rejected(DomainLine.fault(of: text)) }
    sink(context.entry(.domain(name), scope: .exact))
    if case .rejected = result, let result { return result }
    return .loaded
  }

  /// Whether hosts files use the address for names that should lead nowhere.
  static func isSink(_ address: IPAddress) -> Bool {
    switch address.family {
    case .v4: address.v4Bits == 0 || address.v4Bits == 0x7f00_0001
    case .v6: address.high == 0 && address.low <= 1
    }
  }

  /// Whether a name belongs to the machine itself, as those that hosts files begin with.
  private static func isLocal(_ text: Span<UInt8>) -> Bool {
    switch asciiLowercased(text[0]) {
    case UInt8(ascii: "l"), UInt8(ascii: "b"), UInt8(ascii: "i"), UInt8(ascii: "0"): break
    default: return false
    }
    return localNames.contains { name in
      guard name.bytes.count == text.count else { return false }
      for index in 0..<text.count where asciiLowercased(text[index]) != name.bytes[index] {
        return false
      }
      return true
    }
  }

  private static let localNames: [StaticText] = [
    "localhost", "localhost.localdomain", "local", "broadcasthost", "ip6-localhost",
    "ip6-loopback", "ip6-localnet", "ip6-mcastprefix", "ip6-allnodes", "ip6-allrouters",
    "ip6-allhosts", "localhost4", "localhost4.localdomain4", "localhost6",
    "localhost6.localdomain6", "0.0.0.0",
  ]
}
