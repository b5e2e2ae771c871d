/// What a capture holds, exactly; written beside it as `X.truth.json`.
public struct Truth: Codable, Sendable, Equatable {
  /// Packets written.
  public var packets: UInt64 = 0
  /// Bytes of their frames, without the capture file's own headers.
  public var bytes: UInt64 = 0
  /// Packets by what they are.
  public var totals = Totals()
  /// By entry of the address lists: packets between, from and to the addresses it covers.
  public var ip: [String: AddressCounts] = [:]
  /// By entry of the domain lists: names that are the entry or below it.
  public var domain: [String: DomainCounts] = [:]
  /// By pattern identifier.
  public var pattern: [String: PatternCounts] = [:]
  /// Packets with a hit.
  public var union = Union()

  /// The truth about an empty capture.
  public init() {}

  /// Packets by what they are.
  public struct Totals: Codable, Sendable, Equatable {
    /// Packets of each protocol.
    public var tcp: UInt64 = 0
    /// User datagrams.
    public var udp: UInt64 = 0
    /// ICMP and ICMPv6 messages.
    public var icmp: UInt64 = 0
    /// Packets over IPv4.
    public var ipv4: UInt64 = 0
    /// Packets over IPv6.
    public var ipv6: UInt64 = 0
    /// Frames with at least one VLAN tag.
    public var vlan: UInt64 = 0
    /// Frames with two.
    public var qinq: UInt64 = 0
    /// DNS queries, each with one question.
    public var dnsQuery: UInt64 = 0
    /// DNS responses.
    public var dnsResponse: UInt64 = 0
    /// HTTP requests, each with one Host.
    public var httpRequest: UInt64 = 0
    /// TLS ClientHellos, each with one server name.
    public var tlsClientHello: UInt64 = 0

    enum CodingKeys: String, CodingKey {
      case tcp, udp, icmp, ipv4, ipv6, vlan, qinq
      case dnsQuery = "dns_query"
      case dnsResponse = "dns_response"
      case httpRequest = "http_request"
      case tlsClientHello = "tls_client_hello"
    }
  }

  /// Where an address entry was seen; a packet counts for each entry that covers its address.
  public struct AddressCounts: Codable, Sendable, Equatable {
    /// Packets with it on either side.
    public var packets: UInt64 = 0
    /// Packets from it.
    public var src: UInt64 = 0
    /// Packets to it.
    public var dst: UInt64 = 0

    /// Counts of one entry.
    public init(packets: UInt64 = 0, src: UInt64 = 0, dst: UInt64 = 0) {
      self.packets = packets
      self.src = src
      self.dst = dst
    }
  }

  /// Where a domain entry was seen.
  public struct DomainCounts: Codable, Sendable, Equatable {
    /// Questions in queries; their repetition in responses does not count.
    public var dnsQuery: UInt64 = 0
    /// Server names in ClientHellos.
    public var tlsSNI: UInt64 = 0
    /// Host headers.
    public var httpHost: UInt64 = 0

    /// Counts of one entry.
    public init(dnsQuery: UInt64 = 0, tlsSNI: UInt64 = 0, httpHost: UInt64 = 0) {
      self.dnsQuery = dnsQuery
      self.tlsSNI = tlsSNI
      self.httpHost = httpHost
    }

    enum CodingKeys: String, CodingKey {
      case dnsQuery = "dns_query"
      case tlsSNI = "tls_sni"
      case httpHost = "http_host"
    }
  }

  /// How often a pattern was seen in TCP and UDP payloads.
  public struct PatternCounts: Codable, Sendable, Equatable {
    /// Packets that hold it whole.
    public var packets: UInt64 = 0
    /// Occurrences whole in one packet, overlaps counted.
    public var occurrences: UInt64 = 0
    /// Occurrences that lie across packets of one direction of a TCP connection.
    public var streamOnly: UInt64 = 0

    /// Counts of one pattern.
    public init(packets: UInt64 = 0, occurrences: UInt64 = 0, streamOnly: UInt64 = 0) {
      self.packets = packets
      self.occurrences = occurrences
      self.streamOnly = streamOnly
    }

    enum CodingKeys: String, CodingKey {
      case packets, occurrences
      case streamOnly = "stream_only"
    }
  }

  /// Packets with at least one hit.
  public struct Union: Codable, Sendable, Equatable {
    /// With a listed address.
    public var ip: UInt64 = 0
    /// With a listed name, in a query, hello or request.
    public var domain: UInt64 = 0
    /// With a whole pattern.
    public var pattern: UInt64 = 0
    /// With any of the three.
    public var any: UInt64 = 0
    /// With any of the three, or the last byte of a pattern that lies across packets.
    public var anyInStreams: UInt64 = 0

    enum CodingKeys: String, CodingKey {
      case ip, domain, pattern, any
      case anyInStreams = "any_in_streams"
    }
  }
}
