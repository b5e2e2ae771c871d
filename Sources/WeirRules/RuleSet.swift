import WeirMatch
import WeirModel

/// Feeds and policy, compiled: immutable, shared by all workers, and the same bytes for the same feeds.
///
/// Indicators are numbered without gaps: addresses and blocks first, then endpoints, domains, patterns. Each
/// set counts its entries from 0; a base turns an entry into an indicator.
public final class RuleSet: Sendable {
  /// Addresses, prefixes and ranges; entry = indicator.
  public let addresses: AddressSet
  /// Addresses with a port.
  public let endpoints: EndpointSet
  /// Domain names.
  public let domains: DomainSet
  /// Byte patterns.
  public let patterns: PatternSet
  /// What stands between entries and verdicts.
  public let policy: PolicyTables
  /// The feeds, in the order given.
  public let feeds: [FeedSettings]
  /// The content hash: `sha256:` and 64 hexadecimal digits.
  public let generation: String
  /// How many indicators there are of each kind, allow entries left out.
  public let counts: [IndicatorKind: Int]

  /// The memory that all tables lie in; it lives as long as the rule set.
  private let image: Image
  private let patternIDs: [String]

  init(
    image: Image, feeds: [FeedSettings], feedSetMembers: [[UInt16]], patternIDs: [String],
    counts: [IndicatorKind: Int], generation: String
  ) throws(ImageError) {
    self.image = image
    self.feeds = feeds
    self.patternIDs = patternIDs
    self.counts = counts
    self.generation = generation
    feedNumbers = feedSetMembers
    addresses = try AddressSet(image)
    endpoints = try EndpointSet(image)
    domains = try DomainSet(image)
    patterns = try PatternSet(image)
    policy = try PolicyTables(
      image, addresses: addresses.count, endpoints: endpoints.count, domains: domains.count)
  }

  private let feedNumbers: [[UInt16]]

  /// The feeds of a feed set, by their place in `feeds`, allow lists left out.
  public func feedNumbers(of feedSet: UInt32) -> [UInt16] { feedNumbers[Int(feedSet)] }

  /// How many feed sets there are.
  public var feedSetCount: Int { feedNumbers.count }

  /// How many indicators there are, allow entries included.
  public var indicatorCount: Int { policy.indicatorCount }

  /// What an indicator is, for reports.
  public func value(of indicator: UInt32) -> (kind: IndicatorKind, text: String) {
    switch policy.family(of: indicator) {
    case .address:
      let range = addresses.range(of: indicator)
      if range.first == range.last { return (.ip, range.first.description) }
      return (.cidr, range.prefix?.description ?? range.description)
    case .endpoint:
      let (address, port) = endpoints.endpoint(of: indicator - policy.endpointBase)
      return (.endpoint, IndicatorValue.endpoint(address, port: port).description)
    case .domain:
      return (.domain, domains.name(of: indicator - policy.domainBase).description)
    case .pattern:
      return (.pattern, patternIDs[Int(indicator - policy.patternBase)])
    }
  }
}
