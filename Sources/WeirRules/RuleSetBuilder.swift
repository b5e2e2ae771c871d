import WeirMatch
import WeirModel

/// Takes in the entries of feeds and compiles them.
///
/// A pure function of what it was given, in that order.
public struct RuleSetBuilder {
  private var feeds: [FeedRecord] = []
  private var memberships = Interner<Membership>()
  private var v4Hosts: [Listed<UInt32>] = []
  private var v6Hosts: [Listed<IPAddress>] = []
  private var blocks: [Listed<IPRange>] = []
  private var endpoints: [Listed<EndpointKey>] = []
  private var domains: [Listed<DomainKey>] = []
  private var patterns: [Listed<PatternKey>] = []

  /// Makes a builder without feeds.
  public init() {}

  /// Announces a feed; its number is its place in the order of announcement.
  ///
  /// - Throws: `BuildError.tooManyFeeds`.
  public mutating func addFeed(_ settings: FeedSettings) throws(BuildError) -> Int {
    try addFeed(FeedRecord(settings))
  }

  /// Announces a feed of which more is known; what the rule set takes of it is filled in.
  ///
  /// - Throws: `BuildError.tooManyFeeds`.
  public mutating func addFeed(_ record: FeedRecord) throws(BuildError) -> Int {
    guard feeds.count < Limits.feedsMax else {
      throw .tooManyFeeds(limit: Limits.feedsMax, asked: feeds.count + 1)
    }
    feeds.append(record)
    return feeds.count - 1
  }

  /// Takes in an entry of a feed that was announced.
  public mutating func add(_ entry: FeedEntry, feed: Int) {
    let membership = memberships.number(
      of: Membership(
        feed: UInt16(feed), action: entry.action, scope: entry.scope, confidence: entry.confidence))
    let line = UInt32(clamping: entry.line)
    switch entry.value.simplest {
    case .address(let address) where address.family == .v4:
      v4Hosts.append(Listed(address.v4Bits, membership, line))
    case .address(let address): v6Hosts.append(Listed(address, membership, line))
    case .prefix(let prefix):
      guard let range = IPRange(prefix.address, prefix.last) else { return }
      blocks.append(Listed(range, membership, line))
    case .range(let range): blocks.append(Listed(range, membership, line))
    case .endpoint(let address, let port):
      endpoints.append(Listed(EndpointKey(address: address, port: port), membership, line))
    case .domain(let name): domains.append(Listed(DomainKey(name), membership, line))
    case .pattern(let pattern, let id):
      patterns.append(Listed(PatternKey(pattern: pattern, id: id), membership, line))
    }
  }

  /// Compiles what was taken in, in memory.
  ///
  /// - Returns: the rule set, and for each feed how many distinct indicators it lists and how many of its
  ///   lines said nothing new.
  /// - Throws: `BuildError` when a limit is passed.
  /// - Complexity: O(n log n) in the number of entries.
  public consuming func build() throws(BuildError) -> (RuleSet, [FeedYield]) {
    let rules = try compile().ruleSet()
    return (rules, rules.records.map(\.yield))
  }

  /// Compiles what was taken in, to be written as a database.
  ///
  /// - Throws: `BuildError` when a limit is passed.
  public consuming func compile() throws(BuildError) -> CompiledRules {
    var compiler = Compiler(feeds: feeds, memberships: memberships.values)
    let v4 = compiler.consolidate(&v4Hosts, kind: .ip)
    let v6 = compiler.consolidate(&v6Hosts, kind: .ip)
    let ranges = compiler.consolidate(&blocks, kind: .cidr)
    let ends = compiler.consolidate(&endpoints, kind: .endpoint)
    let names = compiler.consolidate(&domains, kind: .domain)
    let contents = compiler.consolidate(&patterns, kind: .pattern)
    return try compiler.finish(
      v4: v4, v6: v6, blocks: ranges, endpoints: ends, domains: names.map(\.name),
      patterns: contents)
  }
}

/// How much of a feed the rule set took.
public struct FeedYield: Equatable, Sendable {
  /// Distinct indicators.
  public var loaded = 0
  /// Entries that an earlier line of the same feed had listed.
  public var duplicates = 0
  /// Distinct indicators of each kind.
  public var byKind: [IndicatorKind: Int] = [:]
}

/// A limit that a rule set would pass.
public enum BuildError: Error, Equatable, Sendable {
  /// More feeds than can be numbered.
  case tooManyFeeds(limit: Int, asked: Int)
  /// More indicators than can be numbered.
  case tooManyIndicators(limit: Int, asked: Int)
  /// A set could not be compiled; the text says which limit was passed.
  case set(String)
}
