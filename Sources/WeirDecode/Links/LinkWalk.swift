import WeirModel

/// What stands at a place of a frame, between the beginning and the IP header.
@usableFromInline enum LinkStep: Equatable {
  /// What an EtherType says.
  case etherType(UInt16)
  /// Two hardware addresses and an EtherType or a length.
  case ethernet
  /// IEEE 802.2 logical link control.
  case llc
  /// PPP, with or without address and control (RFC 1662).
  case ppp
  /// A header of IP, its version in its first four bits.
  case ip
}

/// Walks from one link header to the next, up to IP.
///
/// Plain Ethernet and its tags do not come here: `FrameDecoder` reads them itself.
@usableFromInline struct LinkWalk {
  /// The most headers between the beginning of a frame and IP.
  static let layersMax = 16

  private let wireLength: Int
  private var offset: Int

  @usableFromInline init(from offset: Int, wireLength: Int) {
    self.offset = offset
    self.wireLength = wireLength
  }

  /// Reads what stands here and all behind it.
  @usableFromInline mutating func decode(
    _ first: LinkStep, _ frame: Span<UInt8>, _ observation: inout Observation
  ) throws(DecodeError) {
    var step = first
    for _ in 0..<LinkWalk.layersMax {
      switch step {
      case .etherType(0x0800):
        return try IPv4Decoder.decode(frame, at: offset, wireLength, &observation)
      case .etherType(0x86dd):
        return try IPv6Decoder.decode(frame, at: offset, wireLength, &observation)
      case .ip:
        step = try version(frame)
      case .etherType(let type):
        step = try next(behind: type, frame, &observation)
      case .ethernet:
        try need(14, frame)
        step = .etherType(frame.bigEndian16(at: offset + 12))
        offset += 14
      case .llc: step = try nextBehindLLC(frame)
      case .ppp: step = try nextBehindPPP(frame)
      }
    }
    throw DecodeError(.link, .malformed, at: offset)
  }

  private func need(_ count: Int, _ frame: Span<UInt8>) throws(DecodeError) {
    guard frame.count - offset >= count else { throw DecodeError(.link, .truncated, at: offset) }
  }

  private var foreign: DecodeError { DecodeError(.link, .notIP, at: offset) }

  private func version(_ frame: Span<UInt8>) throws(DecodeError) -> LinkStep {
    try need(1, frame)
    switch frame[offset] >> 4 {
    case 4: return .etherType(0x0800)
    case 6: return .etherType(0x86dd)
    default: throw foreign
    }
  }

  /// What stands behind an EtherType that is not that of IP.
  private mutating func next(
    behind type: UInt16, _ frame: Span<UInt8>, _ observation: inout Observation
  ) throws(DecodeError) -> LinkStep {
    switch type {
    case 0...1500: return .llc
    case 0x8100, 0x88a8, 0x9100: return try tag(frame, &observation)
    case 0x8847, 0x8848: return try nextBehindLabels(frame)
    case 0x8864:
      // PPPoE: version and type, code, session, length (RFC 2516).
      try need(6, frame)
      guard frame[offset] == 0x11 else { throw DecodeError(.link, .malformed, at: offset) }
      guard frame[offset + 1] == 0 else { throw foreign }
      offset += 6
      return .ppp
    case 0x880b: return .ppp
    // Transparent Ethernet bridging.
    case 0x6558: return .ethernet
    // FabricPath: forwarding tag and time to live, then a whole frame.
    case 0x8903: return try skip(2, frame, to: .ethernet)
    // Provider backbone bridge: flags and service, then a whole frame (IEEE 802.1ah).
    case 0x88e7: return try skip(4, frame, to: .ethernet)
    // VN-tag (IEEE 802.1BR has another).
    case 0x8926: return try etherType(behind: 4, frame)
    case 0x8909:
      // Cisco metadata: version, number of options of four bytes.
      try need(2, frame)
      return try etherType(behind: 2 + 4 * Int(frame[offset + 1]), frame)
    case 0x894f: return try nextBehindServiceHeader(frame)
    case 0xd28b:
      // Arista's time stamps: sort, form, then 64 or 48 bits.
      try need(4, frame)
      return try etherType(behind: frame[offset + 3] & 0x20 != 0 ? 10 : 12, frame)
    default: throw foreign
    }
  }

  private mutating func skip(
    _ count: Int, _ frame: Span<UInt8>, to step: LinkStep
  ) throws(DecodeError) -> LinkStep {
    try need(count, frame)
    offset += count
    return step
  }

  private mutating func etherType(
    behind count: Int, _ frame: Span<UInt8>
  ) throws(DecodeError) -> LinkStep {
    try need(count + 2, frame)
    let type = frame.bigEndian16(at: offset + count)
    offset += count + 2
    return .etherType(type)
  }

  private mutating func tag(
    _ frame: Span<UInt8>, _ observation: inout Observation
  ) throws(DecodeError) -> LinkStep {
    try need(4, frame)
    guard observation.vlan.count < FrameDecoder.vlanTagsMax else {
      throw DecodeError(.vlan, .malformed, at: offset)
    }
    observation.vlan.append(frame.bigEndian16(at: offset) & 0x0fff)
    return try etherType(behind: 2, frame)
  }

  /// A stack of MPLS labels (RFC 3032): four bytes each, the last one marked.
  ///
  /// What follows is told by its first four bits alone: a version of IP, or 0 for the control word before a frame
  /// (RFC 4385).
  private mutating func nextBehindLabels(_ frame: Span<UInt8>) throws(DecodeError) -> LinkStep {
    var isLast = false
    for _ in 0..<LinkWalk.layersMax where !isLast {
      try need(4, frame)
      isLast = frame[offset + 2] & 1 != 0
      offset += 4
    }
    guard isLast else { throw DecodeError(.link, .malformed, at: offset) }
    try need(1, frame)
    switch frame[offset] >> 4 {
    case 4, 6: return .ip
    case 0: return try skip(4, frame, to: .ethernet)
    default: throw foreign
    }
  }

  /// The network service header (RFC 8300): its length in words, and what follows.
  private mutating func nextBehindServiceHeader(
    _ frame: Span<UInt8>
  ) throws(DecodeError) -> LinkStep {
    try need(8, frame)
    let length = 4 * Int(frame.bigEndian16(at: offset) & 0x3f)
    let inner = frame[offset + 3]
    guard length >= 8 else { throw DecodeError(.link, .malformed, at: offset) }
    switch inner {
    case 1: return try skip(length, frame, to: .etherType(0x0800))
    case 2: return try skip(length, frame, to: .etherType(0x86dd))
    case 3: return try skip(length, frame, to: .ethernet)
    case 5: return try skip(length, frame, to: .etherType(0x8847))
    default: throw foreign
    }
  }

  /// Destination, source, control; then a SNAP header, or IP itself.
  private mutating func nextBehindLLC(_ frame: Span<UInt8>) throws(DecodeError) -> LinkStep {
    try need(3, frame)
    guard frame[offset + 2] == 3 else { throw foreign }
    switch frame.bigEndian16(at: offset) {
    case 0x0606: return try skip(3, frame, to: .ip)
    case 0xaaaa:
      try need(8, frame)
      // Two organizations stand for EtherTypes: none, and bridged tunnels (IEEE 802.1H).
      let organization = frame.bigEndian32(at: offset + 2) & 0xff_ffff
      guard organization == 0 || organization == 0xf8 else { throw foreign }
      return try etherType(behind: 6, frame)
    default: throw foreign
    }
  }

  /// Address and control may be left out, and so may the first byte of the protocol (RFC 1661, section 6).
  private mutating func nextBehindPPP(_ frame: Span<UInt8>) throws(DecodeError) -> LinkStep {
    try need(2, frame)
    if frame.bigEndian16(at: offset) == 0xff03 { offset += 2 }
    try need(1, frame)
    var number = UInt16(frame[offset])
    offset += 1
    if number & 1 == 0 {
      try need(1, frame)
      number = number << 8 | UInt16(frame[offset])
      offset += 1
    }
    switch number {
    case 0x0021: return .etherType(0x0800)
    case 0x0057: return .etherType(0x86dd)
    case 0x0281, 0x0283: return .etherType(0x8847)
    default: throw foreign
    }
  }
}
