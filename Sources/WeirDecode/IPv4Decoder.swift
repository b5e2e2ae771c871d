import WeirModel

/// The IPv4 header (RFC 791).
@usableFromInline enum IPv4Decoder {
  /// Reads the header at `offset` and what it carries.
  @inlinable static func decode(
    _ frame: Span<UInt8>, at offset: Int, _ wireLength: Int, _ observation: inout Observation
  ) throws(DecodeError) {
    guard frame.count >= offset + 20 else { throw DecodeError(.ipv4, .truncated, at: offset) }
    let versionAndLength = frame[offset]
    guard versionAndLength >> 4 == 4, versionAndLength & 0xf >= 5 else {
      throw DecodeError(.ipv4, .malformed, at: offset)
    }
    observation.version = 4
    observation.networkStart = Int32(truncatingIfNeeded: offset)
    observation.sourceLow = UInt64(frame.bigEndian32(at: offset + 12))
    observation.destinationLow = UInt64(frame.bigEndian32(at: offset + 16))
    observation.transport = IPProtocol(rawValue: frame[offset + 9])

    let headerEnd = offset + Int(versionAndLength & 0xf) * 4
    let totalLength = Int(frame.bigEndian16(at: offset + 2))
    // Hosts that leave segmentation to the network card hand captures packets of length 0.
    let end = totalLength == 0 ? wireLength : offset + totalLength
    guard end >= headerEnd else { throw DecodeError(.ipv4, .transport, at: offset) }
    guard frame.count >= headerEnd else {
      throw TransportDecoder.cut(.ipv4, frame, at: offset, wireLength)
    }

    let fragment = frame.bigEndian16(at: offset + 6)
    if fragment & 0x3fff != 0 {
      observation.fragment = fragment & 0x1fff == 0 ? .first : .later
    }
    try TransportDecoder.decode(frame, at: headerEnd, end: end, wireLength, &observation)
  }
}
