/// Where an observable was seen: the `where` of summaries and events.
public enum Place: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  case ipSource, ipDestination, ipSourceInner, ipDestinationInner
  case endpointSource, endpointDestination
  case dnsQuery, dnsAnswer
  case tlsSNI, quicSNI, tlsCertificate, tlsJA3, tlsJA4
  case httpHost, httpURL
  case payload, log

  /// Whether a source was seen there; a feed may mean one side only.
  @inlinable public var isSource: Bool {
    self == .ipSource || self == .ipSourceInner || self == .endpointSource
  }

  /// How many places there are.
  public static let count = 17

  /// The name in JSON.
  public var name: String {
    switch self {
    case .ipSource: "ip.src"
    case .ipDestination: "ip.dst"
    case .ipSourceInner: "ip.src.inner"
    case .ipDestinationInner: "ip.dst.inner"
    case .endpointSource: "endpoint.src"
    case .endpointDestination: "endpoint.dst"
    case .dnsQuery: "dns.query"
    case .dnsAnswer: "dns.answer"
    case .tlsSNI: "tls.sni"
    case .quicSNI: "quic.sni"
    case .tlsCertificate: "tls.cert"
    case .tlsJA3: "tls.ja3"
    case .tlsJA4: "tls.ja4"
    case .httpHost: "http.host"
    case .httpURL: "http.url"
    case .payload: "payload"
    case .log: "log"
    }
  }
}
