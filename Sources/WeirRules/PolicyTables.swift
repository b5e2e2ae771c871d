import WeirMatch
import WeirModel

/// The tables that lead from an indicator to the feeds that list it and to what they ask for.
///
/// A value made of tables only, so that a worker can hold a copy without touching a reference count; it is
/// valid while the `RuleSet` that it comes from lives. In a damaged database an answer may be wrong, but no number
/// leads outside a table: what is unknown belongs to feed set 0, which asks for nothing.
public struct PolicyTables: Sendable {
  /// Which of the sets an indicator belongs to.
  public enum Family: Sendable { case address, endpoint, domain, pattern, value }

  /// The number of the first endpoint.
  public let endpointBase: UInt32
  /// The number of the first domain.
  public let domainBase: UInt32
  /// The number of the first pattern indicator.
  public let patternBase: UInt32
  /// The number of the first entry of the value set.
  public let valueBase: UInt32
  /// How many domains there are.
  private let domains: UInt32

  @usableFromInline let feedSets: Table<UInt32>
  @usableFromInline let belowFeedSets: Table<UInt32>
  @usableFromInline let firstLines: Table<UInt32>
  @usableFromInline let policies: Table<UInt64>
  @usableFromInline let patternStarts: Table<UInt32>
  @usableFromInline let patternLengths: Table<UInt16>

  /// - Throws: `ImageError` when the tables are not as long as the sets ask for.
  init(
    _ image: Image, addresses: Int, endpoints: Int, domains: Int, values: ValueSet
  ) throws(ImageError) {
    feedSets = try image.table(.feedSets)
    belowFeedSets = try image.table(.belowFeedSets)
    firstLines = try image.table(.firstLines)
    policies = try image.table(.policies)
    patternStarts = try image.table(.patternStarts)
    patternLengths = try image.table(.patternLengths)
    let others = addresses + endpoints + domains
    guard feedSets.count <= Limits.indicatorsMax, others + values.count <= feedSets.count,
      firstLines.count == feedSets.count,
      belowFeedSets.count == domains + values.entries(of: .url).count
    else { throw .inconsistent(.feedSets) }
    // Feed set 0 is empty and asks for nothing.
    guard policies[0, or: 0] == 0 else { throw .inconsistent(.policies) }
    endpointBase = UInt32(addresses)
    domainBase = UInt32(addresses + endpoints)
    patternBase = UInt32(others)
    valueBase = UInt32(feedSets.count - values.count)
    self.domains = UInt32(domains)
  }

  /// Checks that every deciding feed exists.
  func check(feeds: Int) throws(ImageError) {
    for number in 0..<policies.count {
      let policy = FeedSetPolicy(packed: policies[number, or: 0])
      guard !policy.isIndicator || Int(policy.feed) < feeds else { throw .inconsistent(.policies) }
    }
  }

  /// How many indicators there are.
  @inlinable public var indicatorCount: Int { feedSets.count }

  /// The feed set of an indicator that was seen as it stands.
  @inlinable public func feedSet(of indicator: UInt32) -> UInt32 { feedSets[Int(indicator), or: 0] }

  /// The feed set of a domain of which a subdomain was seen; 0 when no feed means its subdomains.
  @inlinable public func subdomainFeedSet(of indicator: UInt32) -> UInt32 {
    belowFeedSets[Int(indicator) - Int(domainBase), or: 0]
  }

  /// The feed set of a URL that was seen, or of which one below was seen; 0 when no feed means those.
  ///
  /// - Parameter entry: the number in the value set, where URLs come first.
  public func feedSet(ofURL entry: UInt32, isExact: Bool) -> UInt32 {
    isExact ? feedSet(of: valueBase + entry) : belowFeedSets[Int(domains) + Int(entry), or: 0]
  }

  /// What a feed set asks for.
  @inlinable public subscript(feedSet: UInt32) -> FeedSetPolicy {
    FeedSetPolicy(packed: policies[Int(feedSet), or: 0])
  }

  /// Asks for the memory that says what an indicator's feeds ask for.
  @inlinable public func prefetch(_ indicator: UInt32) {
    feedSets.prefetch(Int(indicator))
    firstLines.prefetch(Int(indicator))
  }

  /// The line on which the indicator stands first, in the feed that comes first.
  @inlinable public func firstLine(of indicator: UInt32) -> UInt32 {
    firstLines[Int(indicator), or: 0]
  }

  /// The indicators that have the bytes of a pattern; more than one when feeds name them differently.
  @inlinable public func indicators(ofPattern number: UInt32) -> Range<UInt32> {
    let count = valueBase - patternBase
    let start = min(patternStarts[Int(number), or: 0], count)
    let end = max(start, min(patternStarts[Int(number) + 1, or: 0], count))
    return patternBase + start..<patternBase + end
  }

  /// How many bytes a pattern has.
  @inlinable public func length(ofPattern number: UInt32) -> Int {
    Int(patternLengths[Int(number), or: 0])
  }

  /// Which set an indicator belongs to.
  @inlinable public func family(of indicator: UInt32) -> Family {
    if indicator < endpointBase { return .address }
    if indicator < domainBase { return .endpoint }
    if indicator < patternBase { return .domain }
    return indicator < valueBase ? .pattern : .value
  }
}
