/// What one number of a release is about: everything that is said of it but the number.
public struct CellKey: Hashable, Sendable {
  /// One of the closed vocabulary.
  public let category: ShareCategory
  /// Where: a sub-region of UN M49, fixed for the edge.
  public let region: String
  /// The feed that published the indicator.
  public let feed: String
  /// What the feed published.
  public let indicator: SharedIndicator

  /// A key of the stream `indicators-out`.
  public init(
    category: ShareCategory, region: String, feed: String, indicator: SharedIndicator
  ) {
    self.category = category
    self.region = region
    self.feed = feed
    self.indicator = indicator
  }

  /// The cell without its number; with it when one is given.
  public func json(victims: Int64? = nil) -> CanonicalJSON {
    var json: CanonicalJSON = [
      "category": .string(category.rawValue), "direction": "outbound", "protocol": "any",
      "region": .string(region), "feed": .string(feed),
      "indicator": [
        "type": .string(indicator.type.rawValue), "value": .string(indicator.value),
      ],
    ]
    json["victims"] = victims.map { .integer($0) }
    return json
  }
}

/// The technical words by which harm may be named to others; there is none for who is behind it or whom it is against.
public enum ShareCategory: String, CaseIterable, Sendable {
  case botnetC2 = "botnet-c2"
  case malwareDistribution = "malware-distribution"
  case phishing, scanning
  case bruteForce = "brute-force"
  case spam
  case exploitAttempt = "exploit-attempt"
  case ddosSource = "ddos-source"
  case cryptomining, ransomware
  case proxyAbuse = "proxy-abuse"

  /// Labels by which an entry is never shared, whatever else it is labeled.
  public static let excludedLabels: Set<String> = [
    "hacktivism", "political", "election", "activism", "protest", "religion", "military",
    "state-sponsored", "apt", "censorship", "disinformation", "propaganda", "extremism",
    "terrorism",
  ]
}

/// An indicator in the words of a disclosure.
public struct SharedIndicator: Hashable, Sendable {
  /// What sort of value may be shared.
  public enum Form: String, CaseIterable, Sendable {
    case ipv4Address = "ipv4-addr"
    case ipv6Address = "ipv6-addr"
    case ipv4Network = "ipv4-net"
    case ipv6Network = "ipv6-net"
    case domainName = "domain-name"
    case feedReference = "feed-ref"
  }

  /// Its sort.
  public let type: Form
  /// Its text.
  public let value: String

  /// An indicator; `Screens` say whether it may leave.
  public init(_ type: Form, _ value: String) {
    self.type = type
    self.value = value
  }
}
