import WeirModel

/// What a feed says that a value is, in the words of any of the formats that say so.
enum ValueType: Sendable {
  case address, endpoint, prefix, domain, url, ja3, ja4, certificate, file, autonomousSystem

  /// The type of a name; nil for one that Weir has no use for, as a name of a file or of a person.
  init?(_ name: Span<UInt8>) {
    guard let found = ValueType.names.first(where: { name.equalsIgnoringCase($0.name) }) else {
      return nil
    }
    self = found.type
  }

  /// ThreatFox, MISP, STIX, Zeek and plain tables, the most frequent first.
  private static let names: [(name: StaticText, type: ValueType)] = [
    ("ip:port", .endpoint), ("domain", .domain), ("url", .url), ("ip", .prefix),
    ("ip-dst", .prefix), ("ip-src", .prefix), ("hostname", .domain), ("md5", .file),
    ("sha1", .file), ("sha256", .file), ("Intel::ADDR", .address), ("Intel::SUBNET", .prefix),
    ("Intel::DOMAIN", .domain), ("Intel::URL", .url), ("Intel::FILE_HASH", .file),
    ("Intel::CERT_HASH", .certificate), ("Intel::JA3", .ja3), ("Intel::JA4", .ja4),
    ("ipv4", .prefix), ("ipv6", .prefix), ("ipv4-addr", .prefix), ("ipv6-addr", .prefix),
    ("cidr", .prefix), ("ip-dst|port", .endpoint), ("ip-src|port", .endpoint),
    ("domain-name", .domain), ("fqdn", .domain), ("host", .domain), ("sha512", .file),
    ("md5_hash", .file), ("sha1_hash", .file),
    ("sha256_hash", .file), ("hash", .file), ("ja3-fingerprint-md5", .ja3), ("ja3", .ja3),
    ("ja3_md5", .ja3), ("ja4", .ja4), ("ja4-fingerprint", .ja4),
    ("x509-fingerprint-sha1", .certificate), ("x509-fingerprint-sha256", .certificate),
    ("x509-fingerprint-md5", .certificate), ("cert", .certificate), ("as", .autonomousSystem),
    ("asn", .autonomousSystem), ("autonomous-system", .autonomousSystem),
  ]

  /// Reads a value of this type that fills `text`.
  func value(of text: Span<UInt8>) throws(RejectReason) -> IndicatorValue {
    switch self {
    case .address:
      guard let address = IPAddress(parsing: text) else { throw .invalidAddress }
      return .address(address)
    case .prefix, .endpoint: return try ValueType.addresses(text)
    case .domain: return .domain(try ValueType.name(text))
    case .url:
      guard let url = WebURL(parsing: text, allowsMissingScheme: true) else { throw .invalidURL }
      return .url(url)
    case .ja3:
      guard let digest = Digest(parsing: text), digest.algorithm == .md5 else {
        throw .invalidDigest
      }
      return .ja3(digest)
    case .ja4:
      guard let fingerprint = JA4Fingerprint(parsing: text) else { throw .invalidDigest }
      return .ja4(fingerprint)
    case .certificate:
      guard let digest = Digest(parsing: text) else { throw .invalidDigest }
      return .certificate(digest)
    case .file:
      guard let digest = Digest(parsing: text) else { throw .invalidDigest }
      return .file(digest)
    case .autonomousSystem: return .autonomousSystem(try ValueType.systemNumber(text))
    }
  }

  /// An address, prefix, range or endpoint; `|` before a port, as MISP writes it, counts as `:`.
  private static func addresses(_ text: Span<UInt8>) throws(RejectReason) -> IndicatorValue {
    guard !text.isEmpty else { throw .invalidAddress }
    if let bar = text.firstIndex(of: UInt8(ascii: "|"), from: 0) {
      guard let address = IPAddress(parsing: text.extracting(0..<bar)) else {
        throw .invalidAddress
      }
      let port = text.extracting(bar + 1..<text.count)
      return .endpoint(address, port: try AddressLine.port(port))
    }
    // A line of a list may have columns behind the address, a value may not.
    for index in 0..<text.count where AddressLine.endsColumn(text[index]) {
      throw .invalidAddress
    }
    return try AddressLine.value(of: text)
  }

  private static func name(_ text: Span<UInt8>) throws(RejectReason) -> DomainName {
    guard !text.isEmpty else { throw .missingName }
    guard let name = DomainName(parsing: text) else { throw DomainLine.fault(of: text) }
    return name
  }

  /// `64496` or `AS64496`.
  private static func systemNumber(_ text: Span<UInt8>) throws(RejectReason) -> UInt32 {
    let start = text.count > 2 && text.extracting(0..<2).equalsIgnoringCase("as") ? 2 : 0
    guard (1...10).contains(text.count - start) else { throw .invalidNumber }
    var number: UInt64 = 0
    for index in start..<text.count {
      guard let digit = hexadecimalDigit(text[index]), digit < 10 else { throw .invalidNumber }
      number = number * 10 + UInt64(digit)
    }
    guard let system = UInt32(exactly: number), system > 0 else { throw .invalidNumber }
    return system
  }
}
