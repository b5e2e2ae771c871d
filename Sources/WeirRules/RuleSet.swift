public import WeirMatch
public import WeirModel

/// Feeds and policy, compiled: immutable, shared by all workers, and the same bytes for the same feeds.
///
/// Indicators are numbered without gaps: addresses and blocks first, then endpoints, domains, patterns, then
/// values. Each set counts its entries from 0; a base turns an entry into an indicator. All of it lies in one
/// image, in memory or in a mapped database, and is read in place.
public final class RuleSet: Sendable {
  /// Addresses, prefixes and ranges; entry = indicator.
  public let addresses: AddressSet
  /// Addresses with a port.
  public let endpoints: EndpointSet
  /// Domain names.
  public let domains: DomainSet
  /// Byte patterns.
  public let patterns: PatternSet
  /// URLs, fingerprints and digests.
  public let values: ValueSet
  /// What stands between entries and verdicts.
  public let policy: PolicyTables
  /// The feeds, in the order given.
  public let feeds: [FeedSettings]
  /// The feeds with what was taken of each, in the same order.
  public let records: [FeedRecord]
  /// The content hash: `sha256:` and 64 hexadecimal digits.
  public let generation: String
  /// How many indicators there are of each kind, allow entries left out.
  public let counts: [IndicatorKind: Int]

  /// The memory that all tables lie in; it lives as long as the rule set.
  let image: Image
  let provenance: ProvenanceTables

  /// Opens the rule set in an image.
  ///
  /// - Parameter paths: where the feeds were read, in their order; missing ones are empty.
  /// - Throws: `ImageError` when the sections contradict each other.
  /// - Complexity: O(feeds and feed sets), whatever the number of indicators.
  init(image: Image, generation: String, paths: [String]) throws(ImageError) {
    self.image = image
    self.generation = generation
    addresses = try AddressSet(image)
    endpoints = try EndpointSet(image)
    domains = try DomainSet(image)
    patterns = try PatternSet(image)
    values = try ValueSet(image)
    policy = try PolicyTables(
      image, addresses: addresses.count, endpoints: endpoints.count, domains: domains.count,
      values: values)
    records = try RuleSet.records(image, paths)
    feeds = records.map(\.settings)
    provenance = try ProvenanceTables(image, feeds: feeds.count)
    try policy.check(feeds: feeds.count)
    var counts: [IndicatorKind: Int] = [:]
    let kinds: Table<UInt64> = try image.table(.kindCounts)
    for kind in IndicatorKind.allCases {
      let count = Int(clamping: kinds[Int(kind.rawValue), or: 0])
      if count > 0 { counts[kind] = count }
    }
    self.counts = counts
  }

  private static func records(_ image: Image, _ paths: [String]) throws(ImageError) -> [FeedRecord]
  {
    let bytes: Table<UInt8> = try image.table(.feeds)
    var fields = FieldReader(bytes.withSpan { span in span.indices.map { span[$0] } })
    var records: [FeedRecord] = []
    while !fields.isAtEnd {
      guard records.count < Limits.feedsMax, var record = FeedRecord(&fields) else {
        throw .inconsistent(.feeds)
      }
      if records.count < paths.count { record.path = paths[records.count] }
      records.append(record)
    }
    return records
  }

  /// The feeds of a feed set, by their place in `feeds`, allow lists left out.
  public func feedNumbers(of feedSet: UInt32) -> [UInt16] {
    var numbers: [UInt16] = []
    for membership in provenance.memberships(of: feedSet)
    where membership.action != .allow && numbers.last != membership.feed {
      numbers.append(membership.feed)
    }
    return numbers
  }

  /// How many feed sets there are.
  public var feedSetCount: Int { policy.policies.count }

  /// How many indicators there are, allow entries included.
  public var indicatorCount: Int { policy.indicatorCount }

  /// How many bytes the tables take, in memory or in the mapped file.
  public var byteCount: Int { image.byteCount }

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
      return (.pattern, provenance.patternID(Int(indicator - policy.patternBase)))
    case .value:
      let (kind, bytes) = values.value(of: indicator - policy.valueBase)
      return (kind, IndicatorValue.text(of: kind, bytes))
    }
  }
}
