import WeirModel

/// TCP (RFC 9293), UDP (RFC 768) and ICMP: the header, and where the payload lies.
@usableFromInline enum TransportDecoder {
  /// Reads the transport header at `offset`; `end` is where the IP header says that the packet ends.
  @inlinable static func decode(
    _ frame: Span<UInt8>, at offset: Int, end: Int, _ wireLength: Int,
    _ observation: inout Observation
  ) throws(DecodeError) {
    guard observation.fragment != .later else { throw DecodeError(.ipv4, .fragment, at: offset) }
    let captured = min(end, frame.count)
    switch observation.transport {
    case .udp: try decodeUDP(frame, offset, captured, &observation)
    case .tcp: try decodeTCP(frame, offset, captured, &observation)
    case .icmp, .icmpv6: break
    default: try rejectUnknown(observation.transport, at: offset)
    }
    if observation.fragment == .first { throw DecodeError(.ipv4, .fragment, at: offset) }
    // The rest was not captured, or the header promises more than there ever was.
    if end > frame.count {
      throw DecodeError(.ipv4, wireLength > frame.count ? .snaplen : .transport, at: offset)
    }
  }

  @inlinable static func decodeUDP(
    _ frame: Span<UInt8>, _ offset: Int, _ captured: Int, _ observation: inout Observation
  ) throws(DecodeError) {
    guard captured >= offset + 8 else { throw short(.udp, frame, offset, observation) }
    observation.sourcePort = frame.bigEndian16(at: offset)
    observation.destinationPort = frame.bigEndian16(at: offset + 2)
    let length = Int(frame.bigEndian16(at: offset + 4))
    observation.payloadStart = Int32(truncatingIfNeeded: offset + 8)
    // Length 0 stands for a jumbogram (RFC 2675); anything else below 8 is a lie.
    guard length == 0 || length >= 8 else {
      observation.payloadEnd = observation.payloadStart
      throw DecodeError(.udp, .transport, at: offset)
    }
    let datagramEnd = length == 0 ? captured : min(captured, offset + length)
    observation.payloadEnd = Int32(truncatingIfNeeded: datagramEnd)
  }

  @inlinable static func decodeTCP(
    _ frame: Span<UInt8>, _ offset: Int, _ captured: Int, _ observation: inout Observation
  ) throws(DecodeError) {
    guard captured >= offset + 20 else { throw short(.tcp, frame, offset, observation) }
    observation.sourcePort = frame.bigEndian16(at: offset)
    observation.destinationPort = frame.bigEndian16(at: offset + 2)
    observation.sequence = frame.bigEndian32(at: offset + 4)
    observation.tcpFlags = TCPFlags(rawValue: frame[offset + 13])
    let start = offset + Int(frame[offset + 12] >> 4) * 4
    guard start >= offset + 20, start <= captured else {
      throw DecodeError(.tcp, start > frame.count ? .snaplen : .transport, at: offset)
    }
    observation.payloadStart = Int32(truncatingIfNeeded: start)
    observation.payloadEnd = Int32(truncatingIfNeeded: captured)
  }

  /// A header that is not there in full: cut by the capture, by fragmentation, or a lie.
  @usableFromInline static func short(
    _ layer: DecodeError.Layer, _ frame: Span<UInt8>, _ offset: Int, _ observation: Observation
  ) -> DecodeError {
    let needed = offset + (layer == .tcp ? 20 : 8)
    if observation.fragment == .first { return DecodeError(layer, .fragment, at: offset) }
    return DecodeError(layer, frame.count < needed ? .snaplen : .transport, at: offset)
  }

  @usableFromInline static func rejectUnknown(
    _ transport: IPProtocol, at offset: Int
  ) throws(DecodeError) {
    // 59 is IPv6's "no next header": there is nothing to read.
    guard transport.rawValue != 59 else { return }
    throw DecodeError(.ipv4, .protocolUnknown, at: offset)
  }
}
