import WeirModel

/// Packets in packets: from the observation of one to that of the next within.
public enum TunnelDecoder {
  /// How many tunnels in each other are entered.
  public static let depthMax = 4

  /// Whether a packet may hold another one, by its protocol or port alone.
  @inlinable public static func mayHold(_ observation: borrowing Observation) -> Bool {
    guard observation.fragment == .whole else { return false }
    switch observation.transport.rawValue {
    case 6, 1, 58: return false
    case 17:
      switch observation.destinationPort {
      case 1701, 2152, 3544, 4789, 4790, 6081, 6635, 8472: return true
      default: return observation.sourcePort == 3544
      }
    case 4, 41, 47, 97, 137: return true
    default: return false
    }
  }

  /// Enters all tunnels; the observation becomes that of the innermost packet, and says how deep it lies.
  ///
  /// What is no tunnel after all, or holds no IP, is left as it is.
  @inline(never)
  public static func enterAll(
    _ frame: Span<UInt8>, wireLength: Int, _ observation: inout Observation
  ) {
    while mayHold(observation), enter(frame, wireLength: wireLength, &observation) {}
  }

  /// Enters one tunnel.
  ///
  /// - Returns: false when there is none, or when it lies too deep, which is an error of the observation.
  public static func enter(
    _ frame: Span<UInt8>, wireLength: Int, _ observation: inout Observation
  ) -> Bool {
    guard mayHold(observation), let place = place(frame, observation) else { return false }
    var inner = Observation()
    do throws(DecodeError) {
      var walk = LinkWalk(from: place.offset, wireLength: wireLength)
      try walk.decode(place.step, frame, &inner)
    } catch {
      inner.error = error
    }
    guard inner.hasAddresses else {
      // Of a protocol that is a tunnel and nothing else, the contents are not IP, or cannot be read.
      if observation.transport != .udp { observation.error?.reason = .tunnelForeign }
      return false
    }
    guard Int(observation.depth) < depthMax else {
      observation.error = DecodeError(.link, .tunnelDepth, at: place.offset)
      return false
    }
    if inner.vlan.count == 0 { inner.vlan = observation.vlan }
    inner.depth = observation.depth + 1
    observation = inner
    return true
  }

  /// Where the inner packet begins, and with what header.
  private static func place(
    _ frame: Span<UInt8>, _ observation: borrowing Observation
  ) -> LinkStart? {
    if observation.transport == .udp {
      let end = min(Int(observation.payloadEnd), frame.count)
      guard Int(observation.payloadStart) < end else { return nil }
      return UDPTunnel.place(
        frame.extracting(0..<end), at: Int(observation.payloadStart),
        ports: (observation.sourcePort, observation.destinationPort))
    }
    // The transport decoder gave up where the tunnel's header begins.
    guard let error = observation.error, error.reason == .protocolUnknown else { return nil }
    let offset = Int(error.offset)
    switch observation.transport.rawValue {
    case 4: return .at(offset, .etherType(0x0800))
    case 41: return .at(offset, .etherType(0x86dd))
    case 97:
      // EtherIP (RFC 3378): version 3, twelve bits of nothing.
      guard frame.count >= offset + 2, frame[offset] == 0x30 else { return nil }
      return .at(offset + 2, .ethernet)
    case 137: return .at(offset, .etherType(0x8847))
    default: return GenericRouting.place(frame, at: offset)
    }
  }
}

/// Generic routing encapsulation (RFC 2784, RFC 2890; RFC 2637 for its version 1), with what is built on it.
enum GenericRouting {
  static func place(_ frame: Span<UInt8>, at offset: Int) -> LinkStart? {
    guard frame.count >= offset + 4 else { return nil }
    let flags = frame.bigEndian16(at: offset)
    let type = frame.bigEndian16(at: offset + 2)
    let hasSequence = flags & 0x1000 != 0
    var end = offset + 4
    switch flags & 7 {
    case 0:
      // Source routes, which nobody uses, have lengths of their own.
      guard flags & 0x4000 == 0 else { return nil }
      if flags & 0x8000 != 0 { end += 4 }
      if flags & 0x2000 != 0 { end += 4 }
      if hasSequence { end += 4 }
    case 1:
      end += 4
      if hasSequence { end += 4 }
      if flags & 0x0080 != 0 { end += 4 }
    default: return nil
    }
    guard frame.count > end else { return nil }
    switch type {
    // ERSPAN: the first form has no header, the second one of eight bytes.
    case 0x88be: return .at(hasSequence ? end + 8 : end, .ethernet)
    case 0x22eb:
      // The third form has twelve bytes, and eight more when its last bit says so.
      guard frame.count >= end + 12 else { return nil }
      return .at(end + (frame[end + 11] & 1 != 0 ? 20 : 12), .ethernet)
    case 0x8909:
      // Cisco metadata, here behind the EtherType of what follows it.
      guard frame.count >= end + 4 else { return nil }
      return .at(end + 4 + 4 * Int(frame[end + 3]), .etherType(frame.bigEndian16(at: end)))
    // WCCP: in its second version four bytes come before the packet.
    case 0x883e: return .at(frame[end] >> 4 == 4 ? end : end + 4, .ip)
    default: return .at(end, .etherType(type))
    }
  }
}
