import WeirMatch
public import WeirModel

/// A line of a feed on which an indicator stands.
public struct Listing: Equatable, Sendable {
  /// The indicator.
  public var indicator: UInt32
  /// The feed, by its place in `RuleSet.records`.
  public var feed: Int
  /// The line, counted from 1.
  public var line: Int
  /// What the line asks for.
  public var action: Action
  /// How far it reaches, when it is a domain.
  public var scope: DomainScope
  /// How sure the feed is of it, 0 to 100.
  public var confidence: UInt8
}

extension RuleSet {
  /// Every line on which an indicator stands, by feed and line.
  ///
  /// - Complexity: O(log n + listings).
  public func listings(of indicator: UInt32) -> [Listing] {
    var lines = provenance.listings(of: indicator)
    if lines.isEmpty {
      let line = policy.firstLine(of: indicator)
      lines = provenance.memberships(of: policy.feedSet(of: indicator)).map { ($0, line) }
    }
    return lines.map { membership, line in
      Listing(
        indicator: indicator, feed: Int(membership.feed), line: Int(line),
        action: membership.action, scope: membership.scope, confidence: membership.confidence)
    }
    .sorted { ($0.feed, $0.line) < ($1.feed, $1.line) }
  }

  /// Every line that lists all addresses of a range, or one of its ports when the range is one address.
  public func listings(covering range: IPRange) -> [Listing] {
    var found: [Listing] = []
    addresses.forEachEntry(covering: range.first) { entry in
      let listed = addresses.range(of: entry)
      if listed.first <= range.first, range.last <= listed.last { found += listings(of: entry) }
    }
    guard range.first == range.last else { return RuleSet.inOrder(found) }
    var (low, high) = (0, endpoints.count)
    while low < high {
      let middle = (low + high) / 2
      let isBelow = endpoints.endpoint(of: UInt32(middle)).0 < range.first
      if isBelow { low = middle + 1 } else { high = middle }
    }
    while low < endpoints.count, endpoints.endpoint(of: UInt32(low)).0 == range.first {
      found += listings(of: policy.endpointBase + UInt32(low))
      low += 1
    }
    return RuleSet.inOrder(found)
  }

  /// Every line that lists a name or, with its subdomains, a parent of it.
  public func listings(covering name: DomainName) -> [Listing] {
    var found: [Listing] = []
    domains.forEachEntry(covering: name.bytes.span) { entry, isExact in
      let all = listings(of: policy.domainBase + entry)
      found += all.filter { isExact || $0.scope == .subdomains }
    }
    return RuleSet.inOrder(found)
  }

  /// Every line that lists a fingerprint, a digest or an autonomous system.
  public func listings(of value: IndicatorValue) -> [Listing] {
    guard let bytes = value.setBytes,
      let entry = values.entry(of: value.kind, bytes.span)
    else { return [] }
    return listings(of: policy.valueBase + entry)
  }

  /// Every line that lists a URL or, with what is below it, one above it.
  public func listings(covering url: WebURL) -> [Listing] {
    var found: [Listing] = []
    values.forEachEntry(coveringURL: url.bytes.span) { entry, isExact in
      let all = listings(of: policy.valueBase + entry)
      found += all.filter { isExact || $0.scope == .subdomains }
    }
    return RuleSet.inOrder(found)
  }

  private static func inOrder(_ listings: [Listing]) -> [Listing] {
    listings.sorted { ($0.feed, $0.line, $0.indicator) < ($1.feed, $1.line, $1.indicator) }
  }
}
