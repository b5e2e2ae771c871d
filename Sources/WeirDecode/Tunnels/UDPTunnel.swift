import WeirModel

/// Tunnels that UDP carries.
///
/// A port proves nothing, so each header has to be sound before what is behind it is taken for a packet.
enum UDPTunnel {
  /// Where the packet within begins, and with what header; `payload` begins at `start` and ends with `frame`.
  static func place(
    _ frame: Span<UInt8>, at start: Int, ports: (source: UInt16, destination: UInt16)
  ) -> LinkStart? {
    switch ports.destination {
    case 4789, 8472: vxlan(frame, start)
    case 4790: vxlanGeneric(frame, start)
    case 6081: geneve(frame, start)
    case 2152: gtp(frame, start)
    case 1701: l2tp(frame, start)
    case 6635: .at(start, .etherType(0x8847))
    default: teredo(frame, start)
    }
  }

  /// RFC 7348: flags, of which one says that there is an identifier, and fields that are zero.
  private static func vxlan(_ frame: Span<UInt8>, _ start: Int) -> LinkStart? {
    guard frame.count >= start + 22, frame[start] & 0x08 != 0, frame[start] & 0x77 == 0,
      frame[start + 7] == 0
    else { return nil }
    return .at(start + 8, .ethernet)
  }

  /// VXLAN with a next protocol (draft-ietf-nvo3-vxlan-gpe).
  private static func vxlanGeneric(_ frame: Span<UInt8>, _ start: Int) -> LinkStart? {
    guard frame.count > start + 8, frame[start] & 0x08 != 0, frame[start] & 0xc0 == 0 else {
      return nil
    }
    guard frame[start] & 0x04 != 0 else { return .at(start + 8, .ethernet) }
    switch frame[start + 3] {
    case 1: return .at(start + 8, .etherType(0x0800))
    case 2: return .at(start + 8, .etherType(0x86dd))
    case 3: return .at(start + 8, .ethernet)
    case 4: return .at(start + 8, .etherType(0x894f))
    case 5: return .at(start + 8, .etherType(0x8847))
    default: return nil
    }
  }

  /// RFC 8926: version, options in words, protocol.
  private static func geneve(_ frame: Span<UInt8>, _ start: Int) -> LinkStart? {
    guard frame.count > start + 8, frame[start] >> 6 == 0, frame[start + 7] == 0 else {
      return nil
    }
    let end = start + 8 + 4 * Int(frame[start] & 0x3f)
    guard frame.count > end else { return nil }
    return .at(end, .etherType(frame.bigEndian16(at: start + 2)))
  }

  /// GTP-U (3GPP TS 29.281): packets of users, behind up to 32 extension headers.
  private static func gtp(_ frame: Span<UInt8>, _ start: Int) -> LinkStart? {
    guard frame.count > start + 8, frame[start] >> 4 == 0x3, frame[start + 1] == 0xff else {
      return nil
    }
    guard frame[start] & 7 != 0 else { return .at(start + 8, .ip) }
    var end = start + 12
    guard frame.count > end else { return nil }
    var next = frame[start] & 4 != 0 ? frame[start + 11] : 0
    for _ in 0..<32 {
      guard next != 0 else { return .at(end, .ip) }
      guard frame.count > end, frame[end] > 0 else { return nil }
      end += 4 * Int(frame[end])
      guard frame.count > end else { return nil }
      next = frame[end - 1]
    }
    return nil
  }

  /// L2TP of version 2 (RFC 2661): messages of data, which carry PPP.
  private static func l2tp(_ frame: Span<UInt8>, _ start: Int) -> LinkStart? {
    guard frame.count >= start + 8 else { return nil }
    let flags = frame.bigEndian16(at: start)
    guard flags & 0x8000 == 0, flags & 0x000f == 2 else { return nil }
    var end = start + 6
    if flags & 0x4000 != 0 { end += 2 }
    if flags & 0x0800 != 0 { end += 4 }
    if flags & 0x0200 != 0 {
      guard frame.count >= end + 2 else { return nil }
      end += 2 + Int(frame.bigEndian16(at: end))
    }
    guard frame.count > end else { return nil }
    return .at(end, .ppp)
  }

  /// Teredo (RFC 4380): IPv6, possibly behind an authentication and an origin.
  private static func teredo(_ frame: Span<UInt8>, _ start: Int) -> LinkStart? {
    var place = start
    if frame.count >= place + 4, frame.bigEndian16(at: place) == 1 {
      // Lengths of an identifier and of a value, a nonce and a confirmation.
      place += 13 + Int(frame[place + 2]) + Int(frame[place + 3])
    }
    if frame.count >= place + 8, frame.bigEndian16(at: place) == 0 { place += 8 }
    guard frame.count >= place + 40, frame[place] >> 4 == 6 else { return nil }
    // Trailers may follow (RFC 6081) where the addresses are Teredo's own.
    let missing = frame.count - place - 40 - Int(frame.bigEndian16(at: place + 4))
    let isTeredo =
      frame.bigEndian32(at: place + 8) == 0x2001_0000
      || frame.bigEndian32(at: place + 24) == 0x2001_0000
    guard missing == 0 || missing > 0 && isTeredo else { return nil }
    return .at(place, .etherType(0x86dd))
  }
}
