import WeirModel

/// What the headers of one frame told us: values and offsets, no views.
public struct Observation: Equatable, Sendable, BitwiseCopyable {
  /// The source address, as in `IPAddress`.
  public var sourceHigh: UInt64 = 0
  /// The lower half of the source address.
  public var sourceLow: UInt64 = 0
  /// The destination address, as in `IPAddress`.
  public var destinationHigh: UInt64 = 0
  /// The lower half of the destination address.
  public var destinationLow: UInt64 = 0
  /// Where the IP header begins, in bytes from the start of the frame.
  public var networkStart: Int32 = 0
  /// Where the transport payload begins, in bytes from the start of the frame.
  public var payloadStart: Int32 = 0
  /// Where the captured transport payload ends.
  public var payloadEnd: Int32 = 0
  /// The sequence number of a TCP segment.
  public var sequence: UInt32 = 0
  /// The acknowledgment number of a TCP segment.
  public var acknowledgment: UInt32 = 0
  /// The source port of TCP, UDP and SCTP; 0 when there is none.
  public var sourcePort: UInt16 = 0
  /// The destination port.
  public var destinationPort: UInt16 = 0
  /// The identifiers of the two outermost VLAN tags.
  public var vlan: VLANTags = VLANTags()
  /// 4 or 6; 0 when no IP header was read.
  public var version: UInt8 = 0
  /// The transport protocol: the number in the last IP header that was read.
  public var transport: IPProtocol = IPProtocol(rawValue: 0)
  /// The flags of a TCP segment.
  public var tcpFlags: TCPFlags = []
  /// Whether this is a part of a fragmented datagram, and which.
  public var fragment: FragmentPart = .whole
  /// How many packets this one lies in; 0 outside of tunnels.
  public var depth: UInt8 = 0
  /// Why the frame could not be read to its end; nil when it could.
  public var error: DecodeError?

  /// An observation of nothing yet.
  @inlinable public init() {}

  /// Whether the addresses are known.
  @inlinable public var hasAddresses: Bool { version != 0 }

  /// The source address; `0.0.0.0` when there is none.
  @inlinable public var source: IPAddress { address(sourceHigh, sourceLow) }
  /// The destination address; `0.0.0.0` when there is none.
  @inlinable public var destination: IPAddress { address(destinationHigh, destinationLow) }

  @inlinable func address(_ high: UInt64, _ low: UInt64) -> IPAddress {
    version == 6
      ? IPAddress(v6High: high, low: low) : IPAddress(v4: UInt32(truncatingIfNeeded: low))
  }
}

/// Which part of a datagram a packet carries.
public enum FragmentPart: UInt8, Sendable, BitwiseCopyable {
  /// All of it.
  case whole
  /// The first bytes, transport header included.
  case first
  /// Bytes from the middle or the end.
  case later
}

/// The VLAN identifiers of a frame, outermost first; at most two are kept.
public struct VLANTags: Equatable, Sendable, BitwiseCopyable {
  /// The outermost tag's identifier, 0 to 4095.
  public var outer: UInt16 = 0
  /// The identifier of the tag below it.
  public var inner: UInt16 = 0
  /// How many tags the frame has, whether kept or not.
  public var count: UInt8 = 0

  /// No tags.
  @inlinable public init() {}

  @inlinable mutating func append(_ identifier: UInt16) {
    if count == 0 { outer = identifier } else if count == 1 { inner = identifier }
    count += 1
  }
}

/// A number of the IANA protocol registry.
public struct IPProtocol: RawRepresentable, Hashable, Sendable, BitwiseCopyable {
  /// The number in the IP header.
  public let rawValue: UInt8
  /// Makes a protocol from its number.
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// ICMP for IPv4.
  @inlinable public static var icmp: IPProtocol { IPProtocol(rawValue: 1) }
  /// TCP.
  @inlinable public static var tcp: IPProtocol { IPProtocol(rawValue: 6) }
  /// UDP.
  @inlinable public static var udp: IPProtocol { IPProtocol(rawValue: 17) }
  /// ICMP for IPv6.
  @inlinable public static var icmpv6: IPProtocol { IPProtocol(rawValue: 58) }
}

/// The control bits of a TCP header (RFC 9293, section 3.1).
public struct TCPFlags: OptionSet, Hashable, Sendable, BitwiseCopyable {
  /// The byte as it stands in the header.
  public let rawValue: UInt8
  /// Makes flags from their byte.
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// No more data from the sender.
  @inlinable public static var fin: TCPFlags { TCPFlags(rawValue: 1) }
  /// The start of a connection.
  @inlinable public static var syn: TCPFlags { TCPFlags(rawValue: 2) }
  /// The end of a connection, at once.
  @inlinable public static var rst: TCPFlags { TCPFlags(rawValue: 4) }
  /// The acknowledgment number counts.
  @inlinable public static var ack: TCPFlags { TCPFlags(rawValue: 16) }
}
