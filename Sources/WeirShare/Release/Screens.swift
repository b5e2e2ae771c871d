import WeirModel

/// Why an indicator never leaves.
public enum ScreenReason: String, CaseIterable, Sendable {
  case kindNotShared = "kind-not-shared"
  case notCanonical = "not-canonical"
  case specialAddress = "special-address"
  case documentationAddress = "documentation-address"
  case customerNetwork = "customer-network"
  case operatorNetwork = "operator-network"
  case tooWide = "too-wide"
  case tooNarrow = "too-narrow"
  case internalName = "internal-name"
  case namesAddress = "names-an-address"
  case tooManyLabels = "too-many-labels"
  case longLabel = "long-label"
  case singleLabel = "single-label"
  case organizationName = "organization-name"
  case feedNotShared = "feed-not-shared"
  case feedNotPublic = "feed-not-public"
  case licenseForbids = "license-forbids"
  case tlpForbids = "tlp-forbids"
  case categoryNotMapped = "category-not-mapped"
  case categoryExcluded = "category-excluded"
}

/// What keeps an indicator from leaving that would say something about a customer.
///
/// Every doubt is a refusal. Section 8 of `Documentation/disclosure-format.md` tells what a verifier checks again.
public struct Screens: Sendable {
  /// What no indicator may touch because customers are there.
  public var customerNetworks: [IPRange]
  /// What no indicator may touch because it is the operator's own.
  public var operatorNetworks: [IPRange]
  /// Final labels of the operator's internal names, besides the known ones.
  public var internalSuffixes: [[UInt8]]
  /// Words that name customers or the operator.
  public var organizationNames: [String]
  /// Whether addresses that are reserved for documentation may be shown.
  public var isDemonstration: Bool

  /// Screens.
  public init(
    customerNetworks: [IPRange] = [], operatorNetworks: [IPRange] = [],
    internalSuffixes: [String] = [], organizationNames: [String] = [],
    isDemonstration: Bool = false
  ) {
    self.customerNetworks = customerNetworks
    self.operatorNetworks = operatorNetworks
    self.internalSuffixes = internalSuffixes.map { Array($0.lowercased().utf8) }
    self.organizationNames = organizationNames.map(NameScreen.folded)
    self.isDemonstration = isDemonstration
  }

  /// An indicator of the rules in the words of a disclosure, or why it stays.
  public func admit(kind: IndicatorKind, text: String) -> Result<SharedIndicator, ScreenRefusal> {
    let shared: SharedIndicator
    switch kind {
    case .ip:
      shared = SharedIndicator(text.contains(":") ? .ipv6Address : .ipv4Address, text)
    case .cidr:
      shared = SharedIndicator(text.contains(":") ? .ipv6Network : .ipv4Network, text)
    case .domain: shared = SharedIndicator(.domainName, text)
    case .endpoint, .url, .pattern, .ja3, .ja4, .cert, .hash, .asn:
      return .failure(ScreenRefusal(.kindNotShared))
    }
    if let reason = refusal(of: shared) { return .failure(ScreenRefusal(reason)) }
    return .success(shared)
  }

  /// Why an indicator may not be published; nil when it may.
  public func refusal(of indicator: SharedIndicator) -> ScreenReason? {
    switch indicator.type {
    case .ipv4Address, .ipv6Address: refusal(ofAddress: indicator)
    case .ipv4Network, .ipv6Network: refusal(ofNetwork: indicator)
    case .domainName: refusal(ofName: indicator.value)
    // Only its feed can say what it stands for, and Weir's feeds have no such names of their own yet.
    case .feedReference: .kindNotShared
    }
  }

  private func refusal(ofAddress indicator: SharedIndicator) -> ScreenReason? {
    guard let address = IPAddress(indicator.value), address.description == indicator.value,
      (address.family == .v4) == (indicator.type == .ipv4Address),
      let range = IPRange(address, address)
    else { return .notCanonical }
    return overlap(of: range)
  }

  private func refusal(ofNetwork indicator: SharedIndicator) -> ScreenReason? {
    let parts = indicator.value.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let address = IPAddress(String(parts[0])), let length = Int(parts[1]),
      (0...address.family.bits).contains(length)
    else { return .notCanonical }
    let prefix = IPPrefix(address, length: length)
    guard prefix.description == indicator.value,
      (address.family == .v4) == (indicator.type == .ipv4Network),
      let range = IPRange(prefix.address, prefix.last)
    else { return .notCanonical }
    let lengths = address.family == .v4 ? 8...31 : 19...64
    if length < lengths.lowerBound { return .tooWide }
    if length > lengths.upperBound { return .tooNarrow }
    return overlap(of: range)
  }

  private func overlap(of range: IPRange) -> ScreenReason? {
    if SpecialAddresses.overlap(range) { return .specialAddress }
    if !isDemonstration, SpecialAddresses.overlapDocumentation(range) {
      return .documentationAddress
    }
    if customerNetworks.contains(where: { $0.overlaps(range) }) { return .customerNetwork }
    if operatorNetworks.contains(where: { $0.overlaps(range) }) { return .operatorNetwork }
    return nil
  }

  private func refusal(ofName name: String) -> ScreenReason? {
    if let reason = NameScreen.refusal(of: name) { return reason }
    let bytes = Array(name.utf8)
    let isInternal = internalSuffixes.contains { suffix in
      bytes == suffix || bytes.suffix(suffix.count + 1) == [UInt8(ascii: ".")] + suffix
    }
    if isInternal { return .internalName }
    let folded = NameScreen.folded(name)
    return organizationNames.contains { !$0.isEmpty && folded.contains($0) }
      ? .organizationName : nil
  }
}

/// An error that is a reason.
public struct ScreenRefusal: Error, Equatable, Sendable {
  /// Why.
  public let reason: ScreenReason

  init(_ reason: ScreenReason) { self.reason = reason }
}

extension IPRange {
  /// Whether two ranges share an address.
  func overlaps(_ other: IPRange) -> Bool {
    first.family == other.first.family && first <= other.last && other.first <= last
  }
}

/// Addresses that are no place in the Internet (RFC 6890 and the IANA registries that it began).
enum SpecialAddresses {
  static func overlap(_ range: IPRange) -> Bool {
    range.first.family == .v4
      ? special4.contains { $0.overlaps(range) }
      : !global6.contains { $0.first <= range.first && range.last <= $0.last }
        || special6.contains { $0.overlaps(range) }
  }

  static func overlapDocumentation(_ range: IPRange) -> Bool {
    documentation.contains { $0.overlaps(range) }
  }

  private static let special4 = ranges([
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
    "192.0.0.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/3",
  ])
  private static let global6 = ranges(["2000::/3"])
  private static let special6 = ranges(["2001::/23", "2002::/16", "3fff::/20"])
  private static let documentation = ranges([
    "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32",
  ])

  private static func ranges(_ texts: [String]) -> [IPRange] {
    texts.compactMap { text in
      let parts = text.split(separator: "/")
      guard let address = IPAddress(String(parts[0])), let length = Int(parts[1]) else {
        return nil
      }
      let prefix = IPPrefix(address, length: length)
      return IPRange(prefix.address, prefix.last)
    }
  }
}
