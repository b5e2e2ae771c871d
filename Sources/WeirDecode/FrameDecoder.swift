import WeirModel

/// Station 2: the headers of one frame, from the link to the transport payload.
///
/// Stateless and total: every frame gives an observation, whose `error` says where reading had to stop.
public enum FrameDecoder {
  /// The most VLAN tags that are read.
  public static let vlanTagsMax = 4

  /// Reads the headers of `frame`.
  ///
  /// - Parameters:
  ///   - frame: the captured bytes.
  ///   - wireLength: how many bytes the frame had on the wire; tells a short capture from a lying header.
  ///   - link: how the frame begins.
  /// - Complexity: O(number of headers), which is bounded.
  @inlinable public static func decode(
    _ frame: Span<UInt8>, wireLength: Int, link: LinkType
  ) -> Observation {
    var observation = Observation()
    decode(frame, wireLength: wireLength, link: link, into: &observation)
    return observation
  }

  /// Reads the headers of `frame` into an observation in place; what it held before is gone.
  @inlinable public static func decode(
    _ frame: Span<UInt8>, wireLength: Int, link: LinkType, into observation: inout Observation
  ) {
    observation = Observation()
    do throws(DecodeError) {
      if link == .ethernet {
        try decodeEthernet(frame, wireLength, &observation)
      } else {
        try decodeOther(frame, wireLength, link, &observation)
      }
    } catch {
      observation.error = error
    }
  }

  /// Ethernet II, or IEEE 802.3 with a length in place of the type.
  @inlinable static func decodeEthernet(
    _ frame: Span<UInt8>, _ wireLength: Int, _ observation: inout Observation
  ) throws(DecodeError) {
    guard frame.count >= 14 else { throw DecodeError(.link, .truncated, at: 0) }
    try decodeEtherType(frame.bigEndian16(at: 12), frame, 14, wireLength, &observation)
  }

  /// What follows a field that holds an EtherType.
  @inlinable static func decodeEtherType(
    _ type: UInt16, _ frame: Span<UInt8>, _ offset: Int, _ wireLength: Int,
    _ observation: inout Observation
  ) throws(DecodeError) {
    switch type {
    case 0x0800: try IPv4Decoder.decode(frame, at: offset, wireLength, &observation)
    case 0x86dd: try IPv6Decoder.decode(frame, at: offset, wireLength, &observation)
    case 0x8100, 0x88a8, 0x9100:
      try decodeTags(frame, offset, wireLength, &observation)
    default: try decode(.etherType(type), frame, offset, wireLength, &observation)
    }
  }

  /// 802.1Q and 802.1ad tags: two bytes of tag, then the next EtherType.
  @usableFromInline static func decodeTags(
    _ frame: Span<UInt8>, _ start: Int, _ wireLength: Int, _ observation: inout Observation
  ) throws(DecodeError) {
    var offset = start
    for _ in 0..<vlanTagsMax {
      guard frame.count >= offset + 4 else { throw DecodeError(.vlan, .truncated, at: offset) }
      observation.vlan.append(frame.bigEndian16(at: offset) & 0x0fff)
      let type = frame.bigEndian16(at: offset + 2)
      offset += 4
      switch type {
      case 0x8100, 0x88a8, 0x9100: continue
      default: return try decodeEtherType(type, frame, offset, wireLength, &observation)
      }
    }
    throw DecodeError(.vlan, .malformed, at: start)
  }

  /// Every link type but Ethernet.
  @usableFromInline static func decodeOther(
    _ frame: Span<UInt8>, _ wireLength: Int, _ link: LinkType, _ observation: inout Observation
  ) throws(DecodeError) {
    let start = try LinkStart(link, frame)
    try decode(start.step, frame, start.offset, wireLength, &observation)
  }

  /// What stands between the link header and IP, when it is more than tags.
  @usableFromInline static func decode(
    _ step: LinkStep, _ frame: Span<UInt8>, _ offset: Int, _ wireLength: Int,
    _ observation: inout Observation
  ) throws(DecodeError) {
    var walk = LinkWalk(from: offset, wireLength: wireLength)
    try walk.decode(step, frame, &observation)
  }
}
