/// How frames of an interface begin: the LINKTYPE numbers of pcap files (tcpdump.org/linktypes.html).
public struct LinkType: RawRepresentable, Hashable, Sendable, BitwiseCopyable {
  /// The number in capture files.
  public let rawValue: UInt16

  /// Makes a link type from its number.
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// BSD loopback: a protocol family in the byte order of the capturing host.
  public static let null = LinkType(rawValue: 0)
  /// IEEE 802.3 Ethernet.
  public static let ethernet = LinkType(rawValue: 1)
  /// IPv4 or IPv6 without a link header, as libpcap numbers it on some systems.
  public static let rawBSD = LinkType(rawValue: 12)
  /// The same, as OpenBSD numbers it.
  public static let rawOpenBSD = LinkType(rawValue: 14)
  /// IPv4 or IPv6 without a link header.
  public static let raw = LinkType(rawValue: 101)
  /// OpenBSD loopback: a protocol family in network order.
  public static let loop = LinkType(rawValue: 108)
  /// Linux "cooked" capture, version 1.
  public static let linuxSLL = LinkType(rawValue: 113)
  /// IPv4 without a link header.
  public static let ipv4 = LinkType(rawValue: 228)
  /// IPv6 without a link header.
  public static let ipv6 = LinkType(rawValue: 229)
  /// Linux "cooked" capture, version 2.
  public static let linuxSLL2 = LinkType(rawValue: 276)
}
