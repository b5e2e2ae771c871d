import WeirModel

/// TCP (RFC 9293), UDP (RFC 768) and ICMP: the header, and where the payload lies.
@usableFromInline enum TransportDecoder {
  /// Reads the transport header at `offset`; `end` is where the IP header says that the packet ends.
  @inlinable static func decode(
    _ frame: Span<UInt8>, at offset: Int, end: Int, _ wireLength: Int,
    _ observation: inout Observation
  ) throws(DecodeError) {
    guard observation.fragment != .later else { throw DecodeError(.ipv4, .fragment, at: offset) }
    switch observation.transport {
    case .udp: try decodeUDP(frame, offset, end, wireLength, &observation)
    case .tcp: try decodeTCP(frame, offset, end, wireLength, &observation)
    case .icmp, .icmpv6: break
    default: try rejectUnknown(observation.transport, at: offset)
    }
    if observation.fragment == .first { throw DecodeError(.ipv4, .fragment, at: offset) }
    if end > frame.count { throw cut(.ipv4, frame, at: offset, wireLength) }
  }

  @inlinable static func decodeUDP(
    _ frame: Span<UInt8>, _ offset: Int, _ end: Int, _ wireLength: Int,
    _ observation: inout Observation
  ) throws(DecodeError) {
    let captured = min(end, frame.count)
    guard captured >= offset + 8 else {
      throw short(.udp, frame, offset, needed: 8, end, wireLength, observation)
    }
    observation.sourcePort = frame.bigEndian16(at: offset)
    observation.destinationPort = frame.bigEndian16(at: offset + 2)
    let length = Int(frame.bigEndian16(at: offset + 4))
    observation.payloadStart = Int32(truncatingIfNeeded: offset + 8)
    // Length 0 stands for a jumbogram (RFC 2675); anything else below 8 is a lie, and so is a datagram that
    // is longer than its packet, unless the rest comes in other fragments.
    guard length == 0 || length >= 8, offset + length <= end || observation.fragment != .whole
    else {
      observation.payloadEnd = observation.payloadStart
      throw DecodeError(.udp, .transport, at: offset)
    }
    let datagramEnd = length == 0 ? captured : min(captured, offset + length)
    observation.payloadEnd = Int32(truncatingIfNeeded: datagramEnd)
  }

  @inlinable static func decodeTCP(
    _ frame: Span<UInt8>, _ offset: Int, _ end: Int, _ wireLength: Int,
    _ observation: inout Observation
  ) throws(DecodeError) {
    let captured = min(end, frame.count)
    guard captured >= offset + 20 else {
      throw short(.tcp, frame, offset, needed: 20, end, wireLength, observation)
    }
    observation.sourcePort = frame.bigEndian16(at: offset)
    observation.destinationPort = frame.bigEndian16(at: offset + 2)
    observation.sequence = frame.bigEndian32(at: offset + 4)
    observation.acknowledgment = frame.bigEndian32(at: offset + 8)
    observation.tcpFlags = TCPFlags(rawValue: frame[offset + 13])
    let headerLength = Int(frame[offset + 12] >> 4) * 4
    guard headerLength >= 20 else { throw DecodeError(.tcp, .transport, at: offset) }
    let start = offset + headerLength
    guard start <= captured else {
      throw short(.tcp, frame, offset, needed: headerLength, end, wireLength, observation)
    }
    observation.payloadStart = Int32(truncatingIfNeeded: start)
    observation.payloadEnd = Int32(truncatingIfNeeded: captured)
  }

  /// A header that is not there in full: cut by the capture, by fragmentation, or a lie.
  @usableFromInline static func short(
    _ layer: DecodeError.Layer, _ frame: Span<UInt8>, _ offset: Int, needed: Int, _ end: Int,
    _ wireLength: Int, _ observation: Observation
  ) -> DecodeError {
    if observation.fragment == .first { return DecodeError(layer, .fragment, at: offset) }
    if offset + needed > end { return DecodeError(layer, .transport, at: offset) }
    return cut(layer, frame, at: offset, wireLength)
  }

  /// A header promises bytes that are not there: the capture left them out, or there never were any.
  @usableFromInline static func cut(
    _ layer: DecodeError.Layer, _ frame: Span<UInt8>, at offset: Int, _ wireLength: Int
  ) -> DecodeError {
    DecodeError(layer, wireLength > frame.count ? .snaplen : .transport, at: offset)
  }

  @usableFromInline static func rejectUnknown(
    _ transport: IPProtocol, at offset: Int
  ) throws(DecodeError) {
    // 59 is IPv6's "no next header": there is nothing to read.
    guard transport.rawValue != 59 else { return }
    // The encapsulating security payload (RFC 4303).
    if transport.rawValue == 50 { throw DecodeError(.ipv4, .encrypted, at: offset) }
    throw DecodeError(.ipv4, .protocolUnknown, at: offset)
  }
}
