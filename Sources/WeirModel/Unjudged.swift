/// Why a packet could not be judged in full.
///
/// The list is closed: every packet is judged, or has one of these.
public enum Unjudged: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  // Not even the addresses could be judged.

  /// The frame ends inside a link or IP header.
  case truncated
  /// A link or IP header contradicts itself.
  case malformed
  /// The frame carries no IP: ARP, spanning tree and their kind.
  case notIP
  /// The link type of the capture is not understood.
  case linkType
  /// The link is encrypted: IEEE 802.11 with a key.
  case encryptedLink

  // The addresses were judged; what the packet carries was not.

  /// A part of a fragmented datagram.
  case fragment
  /// The capture kept less of the packet than there was.
  case snaplen
  /// The transport header is cut short or contradicts itself.
  case transport
  /// A transport or tunnel protocol whose contents are not read.
  case protocolUnknown
  /// A DNS message, TLS hello or HTTP request that breaks its own rules.
  case contentMalformed
  /// A TLS hello or HTTP request that goes on behind this segment.
  case handshakeIncomplete
  /// The true server name is encrypted (ECH); only the public one was judged.
  case ech
  /// The payload is encrypted by IPsec (ESP).
  case encrypted
  /// A tunnel whose contents are not IP, or cannot be read.
  case tunnelForeign
  /// More tunnels in each other than are entered; the addresses so far were judged.
  case tunnelDepth

  /// The name in the summary.
  public var name: String {
    switch self {
    case .truncated: "truncated"
    case .malformed: "malformed"
    case .notIP: "not-ip"
    case .linkType: "link-type"
    case .encryptedLink: "link-encrypted"
    case .fragment: "fragment"
    case .snaplen: "snaplen"
    case .transport: "transport-malformed"
    case .protocolUnknown: "protocol"
    case .contentMalformed: "content-malformed"
    case .handshakeIncomplete: "handshake-incomplete"
    case .ech: "ech"
    case .encrypted: "encrypted"
    case .tunnelForeign: "tunnel-content"
    case .tunnelDepth: "tunnel-depth"
    }
  }

  /// Whether the addresses of such a packet were judged all the same.
  @inlinable public var hasAddresses: Bool { rawValue >= Unjudged.fragment.rawValue }
}
