/// What sort of value an indicator is.
///
/// The names are those of the summary (`indicators.kind`).
public enum IndicatorKind: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  case ip, cidr, endpoint, domain, url, pattern, ja3, ja4, cert, hash, asn

  /// The name in JSON.
  public var name: String { String(describing: self) }

  /// Whether values of this kind are looked for at a depth.
  ///
  /// The others are known to `why` and the summary, which says that they are not matched.
  public func isSought(at depth: Depth) -> Bool {
    switch self {
    case .ip, .cidr: true
    case .endpoint, .domain, .pattern, .url, .ja3, .ja4, .cert: depth != .addresses
    case .hash: depth == .lines
    case .asn: false
    }
  }
}

/// Which addresses of a packet in a tunnel are matched.
public enum TunnelChoice: Sendable, BitwiseCopyable {
  /// Those of the outermost packet; tunnels are not entered.
  case outer
  /// Those of the packets within.
  case inner
  /// All.
  case both
}

/// What is looked at.
public enum Depth: Sendable, BitwiseCopyable {
  /// The addresses of packets, each packet by itself.
  case addresses
  /// Packets with their flows and what they carry.
  case content
  /// Lines of logs.
  case lines
}

/// A value that a feed calls a threat, or that an allow list protects.
public enum IndicatorValue: Hashable, Sendable {
  /// One address.
  case address(IPAddress)
  /// A prefix shorter than one address.
  case prefix(IPPrefix)
  /// A range that is no single prefix.
  case range(IPRange)
  /// An address with a transport port.
  case endpoint(IPAddress, port: UInt16)
  /// A domain name; the entry's scope says whether its subdomains count.
  case domain(DomainName)
  /// Bytes in a payload, under the name that the feed gives them.
  case pattern(BytePattern, id: String)
  /// A URL; one without a scheme is meant for either.
  case url(WebURL)
  /// The MD5 that is a JA3 fingerprint of a TLS client.
  case ja3(Digest)
  /// A JA4 fingerprint of a TLS client.
  case ja4(JA4Fingerprint)
  /// The digest of a certificate.
  case certificate(Digest)
  /// The digest of a file.
  case file(Digest)
  /// The number of an autonomous system (RFC 6793).
  case autonomousSystem(UInt32)

  /// The kind that the value counts under.
  public var kind: IndicatorKind {
    switch self {
    case .address: .ip
    case .prefix, .range: .cidr
    case .endpoint: .endpoint
    case .domain: .domain
    case .pattern: .pattern
    case .url: .url
    case .ja3: .ja3
    case .ja4: .ja4
    case .certificate: .cert
    case .file: .hash
    case .autonomousSystem: .asn
    }
  }

  /// A prefix as an indicator: one of full length is an address.
  public init(_ prefix: IPPrefix) {
    self = prefix.isHost ? .address(prefix.address) : .prefix(prefix)
  }

  /// A range as an indicator: the simplest value that says the same.
  public init(_ range: IPRange) {
    if let prefix = range.prefix { self.init(prefix) } else { self = .range(range) }
  }
}

extension IndicatorValue: CustomStringConvertible {
  /// The value as summaries and events print it; a pattern prints as its id.
  public var description: String {
    switch self {
    case .address(let address): address.description
    case .prefix(let prefix): prefix.description
    case .range(let range): range.description
    case .endpoint(let address, let port):
      address.family == .v6 ? "[\(address)]:\(port)" : "\(address):\(port)"
    case .domain(let name): name.description
    case .pattern(_, let id): id
    case .url(let url): url.description
    case .ja3(let digest), .certificate(let digest), .file(let digest): digest.description
    case .ja4(let fingerprint): fingerprint.description
    case .autonomousSystem(let number): "AS\(number)"
    }
  }
}

/// How far a domain or a URL reaches.
public enum DomainScope: UInt8, Sendable, BitwiseCopyable {
  /// The name or the URL alone.
  case exact
  /// It and everything below it.
  case subdomains
}
