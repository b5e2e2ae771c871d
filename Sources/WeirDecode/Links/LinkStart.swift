import WeirModel

/// Where the headers begin in a frame of a link type, and with what.
struct LinkStart {
  var offset: Int
  var step: LinkStep

  private init(_ offset: Int, _ step: LinkStep) { (self.offset, self.step) = (offset, step) }

  /// Reads the header of a link type.
  ///
  /// - Throws: `DecodeError` with `linkType` for one that is not understood.
  init(_ link: LinkType, _ frame: Span<UInt8>) throws(DecodeError) {
    switch link {
    case .raw, .rawBSD, .rawOpenBSD, .ipv4, .ipv6: self.init(0, .ip)
    case .ethernet: self.init(0, .ethernet)
    case .linuxSLL:
      try LinkStart.need(16, frame)
      self = LinkStart.cooked(frame.bigEndian16(at: 14), 16)
    case .linuxSLL2:
      try LinkStart.need(20, frame)
      self = LinkStart.cooked(frame.bigEndian16(at: 0), 20)
    case .null, .loop: self = try LinkStart.loopback(frame)
    case .ppp: self.init(0, .ppp)
    case .pppSerial:
      // Cisco's HDLC is told from PPP by its address.
      try LinkStart.need(1, frame)
      self = frame[0] == 0x0f || frame[0] == 0x8f ? try LinkStart.hdlc(frame) : LinkStart(0, .ppp)
    case .pppEthernet: self.init(0, .etherType(0x8864))
    case .ciscoHDLC: self = try LinkStart.hdlc(frame)
    case .wireless: self = try WirelessHeader.start(frame, at: 0, isPadded: false)
    case .radiotap: self = try WirelessHeader.startBehindRadiotap(frame)
    case .perPacketInformation: self = try LinkStart.perPacket(frame)
    case .netfilterLog: self = try LinkStart.netfilterLog(frame)
    default: throw DecodeError(.link, .linkType, at: 0)
    }
  }

  static func at(_ offset: Int, _ step: LinkStep) -> LinkStart { LinkStart(offset, step) }

  static func need(_ count: Int, _ frame: Span<UInt8>) throws(DecodeError) {
    guard frame.count >= count else { throw DecodeError(.link, .truncated, at: 0) }
  }

  /// Linux' protocol numbers are EtherTypes but for a few small ones, of which 4 is IEEE 802.2.
  private static func cooked(_ number: UInt16, _ offset: Int) -> LinkStart {
    LinkStart(offset, number == 4 ? .llc : number < 0x600 ? .etherType(0x600) : .etherType(number))
  }

  /// The address family of the capturing host, in its byte order (null) or in network order (loop).
  ///
  /// The numbers are small, so whichever order gives a small one is the right one. AF_INET is 2
  /// everywhere; AF_INET6 is 10 on Linux, 24, 28 and 30 on the BSDs and macOS. Some systems write an EtherType.
  private static func loopback(_ frame: Span<UInt8>) throws(DecodeError) -> LinkStart {
    try need(4, frame)
    let word = frame.bigEndian32(at: 0)
    switch min(word, word.byteSwapped) {
    case 2, 0x0800: return LinkStart(4, .etherType(0x0800))
    case 10, 24, 28, 30, 0x86dd: return LinkStart(4, .etherType(0x86dd))
    default: throw DecodeError(.link, .notIP, at: 0)
    }
  }

  /// Address, control, EtherType.
  private static func hdlc(_ frame: Span<UInt8>) throws(DecodeError) -> LinkStart {
    try need(4, frame)
    return LinkStart(4, .etherType(frame.bigEndian16(at: 2)))
  }

  /// CACE's header: its length and the link type of what follows, lowest byte first.
  private static func perPacket(_ frame: Span<UInt8>) throws(DecodeError) -> LinkStart {
    try need(8, frame)
    let length = Int(frame.bigEndian16(at: 2).byteSwapped)
    let link = frame.bigEndian32(at: 4).byteSwapped
    guard length >= 8 else { throw DecodeError(.link, .malformed, at: 0) }
    try need(length, frame)
    // Once: such a header in another says nothing.
    guard link <= UInt32(UInt16.max), link != UInt32(LinkType.perPacketInformation.rawValue) else {
      throw DecodeError(.link, .linkType, at: 4)
    }
    let inner = frame.extracting(length..<frame.count)
    let start = try LinkStart(LinkType(rawValue: UInt16(link)), inner)
    return LinkStart(length + start.offset, start.step)
  }

  /// Fields with their lengths, in the byte order of the capturing host; one of them is the packet.
  private static func netfilterLog(_ frame: Span<UInt8>) throws(DecodeError) -> LinkStart {
    try need(4, frame)
    var offset = 4
    while offset + 4 <= frame.count {
      let (first, second) = (frame.bigEndian16(at: offset), frame.bigEndian16(at: offset + 2))
      // Types are small numbers, so the order in which this one is small is that of both.
      let isSwapped = second.byteSwapped < second
      let length = Int(isSwapped ? first.byteSwapped : first)
      let type = (isSwapped ? second.byteSwapped : second) & 0x7fff
      guard length >= 4 else { throw DecodeError(.link, .malformed, at: offset) }
      if type == 9 { return LinkStart(offset + 4, .ip) }
      offset += (length + 3) & ~3
    }
    throw DecodeError(.link, offset > frame.count ? .truncated : .notIP, at: 0)
  }
}
