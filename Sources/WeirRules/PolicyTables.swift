import WeirMatch
import WeirModel

/// The tables that lead from an indicator to the feeds that list it and to what they ask for.
///
/// A value made of tables only, so that a worker can hold a copy without touching a reference count; it is
/// valid while the `RuleSet` that it comes from lives.
public struct PolicyTables: Sendable {
  /// Which of the sets an indicator belongs to.
  public enum Family: Sendable { case address, endpoint, domain, pattern }

  /// The number of the first endpoint.
  public let endpointBase: UInt32
  /// The number of the first domain.
  public let domainBase: UInt32
  /// The number of the first pattern indicator.
  public let patternBase: UInt32

  @usableFromInline let feedSets: Table<UInt32>
  @usableFromInline let subdomainFeedSets: Table<UInt32>
  @usableFromInline let firstLines: Table<UInt32>
  @usableFromInline let policies: Table<FeedSetPolicy>
  @usableFromInline let patternStarts: Table<UInt32>
  @usableFromInline let patternLengths: Table<UInt16>

  init(_ image: Image, addresses: Int, endpoints: Int, domains: Int) throws(ImageError) {
    endpointBase = UInt32(addresses)
    domainBase = UInt32(addresses + endpoints)
    patternBase = UInt32(addresses + endpoints + domains)
    feedSets = try image.table(.feedSets)
    subdomainFeedSets = try image.table(.subdomainFeedSets)
    firstLines = try image.table(.firstLines)
    policies = try image.table(.policies)
    patternStarts = try image.table(.patternStarts)
    patternLengths = try image.table(.patternLengths)
  }

  /// How many indicators there are.
  @inlinable public var indicatorCount: Int { feedSets.count }

  /// The feed set of an indicator that was seen as it stands.
  @inlinable public func feedSet(of indicator: UInt32) -> UInt32 { feedSets[Int(indicator)] }

  /// The feed set of a domain of which a subdomain was seen; 0 when no feed means its subdomains.
  @inlinable public func subdomainFeedSet(of indicator: UInt32) -> UInt32 {
    subdomainFeedSets[Int(indicator - domainBase)]
  }

  /// What a feed set asks for.
  @inlinable public subscript(feedSet: UInt32) -> FeedSetPolicy { policies[Int(feedSet)] }

  /// The line on which the indicator stands first, in the feed that comes first.
  @inlinable public func firstLine(of indicator: UInt32) -> UInt32 { firstLines[Int(indicator)] }

  /// The indicators that have the bytes of a pattern; more than one when feeds name them differently.
  @inlinable public func indicators(ofPattern number: UInt32) -> Range<UInt32> {
    patternBase + patternStarts[Int(number)]..<patternBase + patternStarts[Int(number) + 1]
  }

  /// How many bytes a pattern has.
  @inlinable public func length(ofPattern number: UInt32) -> Int {
    Int(patternLengths[Int(number)])
  }

  /// Which set an indicator belongs to.
  @inlinable public func family(of indicator: UInt32) -> Family {
    if indicator < endpointBase { return .address }
    if indicator < domainBase { return .endpoint }
    return indicator < patternBase ? .domain : .pattern
  }
}

extension SectionTag {
  static var feedSets: SectionTag { SectionTag(0x1000) }
  static var subdomainFeedSets: SectionTag { SectionTag(0x1001) }
  static var firstLines: SectionTag { SectionTag(0x1002) }
  static var policies: SectionTag { SectionTag(0x1003) }
  static var patternStarts: SectionTag { SectionTag(0x1004) }
  static var patternLengths: SectionTag { SectionTag(0x1005) }
}
