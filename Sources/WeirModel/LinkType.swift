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
  /// PPP (RFC 1661), with or without the framing of RFC 1662.
  public static let ppp = LinkType(rawValue: 9)
  /// PPP, or Cisco's HDLC, over a serial line.
  public static let pppSerial = LinkType(rawValue: 50)
  /// PPP over Ethernet (RFC 2516), without the Ethernet header.
  public static let pppEthernet = LinkType(rawValue: 51)
  /// Cisco's HDLC.
  public static let ciscoHDLC = LinkType(rawValue: 104)
  /// IEEE 802.11.
  public static let wireless = LinkType(rawValue: 105)
  /// IEEE 802.11 behind a radiotap header.
  public static let radiotap = LinkType(rawValue: 127)
  /// Another link type behind CACE's header.
  public static let perPacketInformation = LinkType(rawValue: 192)
  /// What netfilter logs: fields, one of which is an IP packet.
  public static let netfilterLog = LinkType(rawValue: 239)
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
