import WeirMatch
import WeirModel
import WeirRules

/// A value for tests from its text.
///
/// The text is `192.0.2.0/24`, `192.0.2.1-192.0.2.9`, `192.0.2.1:80`, an address, `|bytes` or
/// a name; also a URL, `ja3:` and `cert:` before a digest, a digest, a JA4 fingerprint, `AS64496`.
/// Nil when it is none of them.
func value(_ text: String) -> IndicatorValue? {
  if text.hasPrefix("|") {
    return BytePattern(Array(text.dropFirst().utf8), ignoresCase: false).map {
      .pattern($0, id: text)
    }
  }
  if let held = heldValue(text) { return held }
  let parts = text.split(separator: "/")
  if parts.count == 2, let address = IPAddress(String(parts[0])), let length = Int(parts[1]) {
    return .prefix(IPPrefix(address, length: length))
  }
  let ends = text.split(separator: "-")
  if ends.count == 2, let first = IPAddress(String(ends[0])), let last = IPAddress(String(ends[1]))
  {
    return IPRange(first, last).map { .range($0) }
  }
  if let address = IPAddress(text) { return .address(address) }
  let halves = text.split(separator: ":")
  if halves.count == 2, let address = IPAddress(String(halves[0])), let port = UInt16(halves[1]) {
    return .endpoint(address, port: port)
  }
  return DomainName(text).map { .domain($0) }
}

/// A value of a kind that is not matched.
private func heldValue(_ text: String) -> IndicatorValue? {
  if let url = WebURL(text) { return .url(url) }
  if let fingerprint = JA4Fingerprint(text) { return .ja4(fingerprint) }
  if text.hasPrefix("ja3:") { return Digest(String(text.dropFirst(4))).map { .ja3($0) } }
  if text.hasPrefix("cert:") { return Digest(String(text.dropFirst(5))).map { .certificate($0) } }
  if text.hasPrefix("AS") { return UInt32(text.dropFirst(2)).map { .autonomousSystem($0) } }
  return Digest(text).map { .file($0) }
}

/// A feed of a test.
struct TestFeed {
  var settings: FeedSettings
  var entries: [FeedEntry] = []

  init(
    _ name: String, action: Action = .block, direction: Direction = .both, confidence: UInt8 = 75,
    scope: DomainScope = .subdomains, _ values: [String]
  ) {
    settings = FeedSettings(
      name: name, action: action, direction: direction, confidence: confidence)
    for (index, text) in values.enumerated() {
      guard let value = value(text) else { continue }
      entries.append(
        FeedEntry(value, scope: scope, action: action, confidence: confidence, line: index + 1))
    }
  }
}

/// Feeds compiled.
func compile(_ feeds: [TestFeed]) throws -> (rules: RuleSet, yields: [FeedYield]) {
  var builder = RuleSetBuilder()
  for feed in feeds {
    let number = try builder.addFeed(feed.settings)
    for entry in feed.entries { builder.add(entry, feed: number) }
  }
  let (rules, yields) = try builder.build()
  return (rules, yields)
}

extension RuleSet {
  /// The indicators that an observable hits, as text, and the ruling on it alone.
  func judge(
    address text: String, asSource: Bool = false, mode: Mode = .enforce
  ) -> (hits: [String], ruling: Ruling) {
    var judgment = Judgment()
    var hits: [String] = []
    guard let address = IPAddress(text) else { return (["no address: \(text)"], Ruling()) }
    addresses.forEachEntry(covering: address) { entry in
      let feedSet = policy.feedSet(of: entry)
      let policy = policy[feedSet]
      let range = addresses.range(of: entry)
      let length = range.prefix.map { Int($0.length) + (range.first.family == .v4 ? 96 : 0) } ?? 96
      judgment.consider(
        asSource ? policy.asSource : policy.asDestination, indicator: entry, feedSet: feedSet,
        policy: policy,
        specificity: range.first == range.last
          ? Specificity.address : Specificity.block(prefixLength: length),
        line: self.policy.firstLine(of: entry))
      hits.append(value(of: entry).text)
    }
    return (hits.sorted(), judgment.ruling(mode: mode))
  }

  /// The same for a name.
  func judge(name text: String, mode: Mode = .enforce) -> (hits: [String], ruling: Ruling) {
    var judgment = Judgment()
    var hits: [String] = []
    let bytes = Array(text.utf8)
    domains.forEachEntry(covering: bytes.span) { entry, isExact in
      let indicator = policy.domainBase + entry
      let feedSet =
        isExact ? policy.feedSet(of: indicator) : policy.subdomainFeedSet(of: indicator)
      guard feedSet != 0 else { return }
      judgment.consider(
        policy[feedSet].asContent, indicator: indicator, feedSet: feedSet, policy: policy[feedSet],
        specificity: Specificity.domain(length: domains.name(of: entry).bytes.count),
        line: policy.firstLine(of: indicator))
      hits.append(value(of: indicator).text)
    }
    return (hits.sorted(), judgment.ruling(mode: mode))
  }

  /// The text of the indicator that decided.
  func cause(_ ruling: Ruling) -> String {
    ruling.verdict == .pass && !ruling.isSuppressed ? "-" : value(of: ruling.indicator).text
  }

  /// All that the tables say of each indicator but the line.
  var listing: [String] {
    (0..<UInt32(indicatorCount)).map { indicator in
      let feedSet = policy.feedSet(of: indicator)
      var line = "\(value(of: indicator)) \(feedSet) \(policy[feedSet]) \(feedNumbers(of: feedSet))"
      if policy.family(of: indicator) == .domain {
        line += " \(policy.subdomainFeedSet(of: indicator))"
      }
      return line
    }
  }
}
