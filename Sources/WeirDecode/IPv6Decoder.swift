import WeirModel

/// The IPv6 header and its extension headers (RFC 8200).
@usableFromInline enum IPv6Decoder {
  /// The most extension headers that are read.
  ///
  /// RFC 8200 allows seven in its recommended order; a longer chain serves to hide something.
  @usableFromInline static let extensionHeadersMax = 16

  /// Reads the header at `offset` and what it carries.
  @inlinable static func decode(
    _ frame: Span<UInt8>, at offset: Int, _ wireLength: Int, _ observation: inout Observation
  ) throws(DecodeError) {
    guard frame.count >= offset + 40 else { throw DecodeError(.ipv6, .truncated, at: offset) }
    guard frame[offset] >> 4 == 6 else { throw DecodeError(.ipv6, .malformed, at: offset) }
    observation.version = 6
    observation.networkStart = Int32(truncatingIfNeeded: offset)
    observation.sourceHigh = frame.bigEndian64(at: offset + 8)
    observation.sourceLow = frame.bigEndian64(at: offset + 16)
    observation.destinationHigh = frame.bigEndian64(at: offset + 24)
    observation.destinationLow = frame.bigEndian64(at: offset + 32)

    let payloadLength = Int(frame.bigEndian16(at: offset + 4))
    // Zero means a jumbogram, or segmentation left to the network card: the frame says how long it is.
    let end = payloadLength == 0 ? max(wireLength, offset + 40) : offset + 40 + payloadLength
    var next = frame[offset + 6]
    var start = offset + 40
    if isExtensionHeader(next) {
      (next, start) = try skipExtensionHeaders(
        from: next, frame, start, end, wireLength, &observation)
    }
    observation.transport = IPProtocol(rawValue: next)
    try TransportDecoder.decode(frame, at: start, end: end, wireLength, &observation)
  }

  @inlinable static func isExtensionHeader(_ number: UInt8) -> Bool {
    switch number {
    case 0, 43, 44, 51, 60, 135, 139, 140: true
    default: false
    }
  }

  /// Walks the chain; the number and place of the first header that is none of it.
  ///
  /// It stops at a fragment that is not the first, since what follows there is no header.
  @usableFromInline static func skipExtensionHeaders(
    from first: UInt8, _ frame: Span<UInt8>, _ start: Int, _ end: Int,
    _ wireLength: Int, _ observation: inout Observation
  ) throws(DecodeError) -> (next: UInt8, offset: Int) {
    var next = first
    var offset = start
    for _ in 0..<extensionHeadersMax {
      guard isExtensionHeader(next), observation.fragment != .later else { return (next, offset) }
      observation.transport = IPProtocol(rawValue: next)
      guard end >= offset + 8 else { throw DecodeError(.extensionHeader, .transport, at: offset) }
      guard frame.count >= offset + 8 else {
        throw TransportDecoder.cut(.extensionHeader, frame, at: offset, wireLength)
      }
      var length = 8
      switch next {
      case 44:
        let field = frame.bigEndian16(at: offset + 2)
        // Offset 0 without more to come is an atomic fragment (RFC 6946): a whole datagram.
        if field & 0xfff9 != 0 { observation.fragment = field & 0xfff8 == 0 ? .first : .later }
      case 51: length = (Int(frame[offset + 1]) + 2) * 4
      default: length = (Int(frame[offset + 1]) + 1) * 8
      }
      next = frame[offset]
      offset += length
      guard offset <= end else {
        throw DecodeError(.extensionHeader, .transport, at: offset - length)
      }
      guard offset <= frame.count else {
        throw TransportDecoder.cut(.extensionHeader, frame, at: offset - length, wireLength)
      }
    }
    throw DecodeError(.extensionHeader, .transport, at: start)
  }
}
