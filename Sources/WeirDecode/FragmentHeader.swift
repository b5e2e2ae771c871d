import WeirModel

/// What the headers of a fragment say of the datagram that it belongs to (RFC 791; RFC 8200, section 4.5).
public struct FragmentHeader: Equatable, Sendable {
  /// Where its bytes stand in the datagram.
  public var offset: Int
  /// Whether there are others behind it.
  public var hasMore: Bool
  /// What the fragments of a datagram have in common beside their addresses.
  public var identification: UInt32
  /// The protocol of the datagram, or the extension header that it begins with.
  public var transport: UInt8
  /// Where its bytes lie in the frame.
  public var payload: Range<Int>

  /// Reads the headers of a frame that an observation calls a fragment.
  ///
  /// - Returns: nil when they contradict themselves, or when bytes are missing from the frame.
  public init?(_ frame: Span<UInt8>, _ observation: borrowing Observation) {
    let start = Int(observation.networkStart)
    if observation.version == 4 {
      self.init(v4: frame, at: start)
    } else {
      self.init(v6: frame, at: start)
    }
    // All but the last are multiples of eight bytes, and no datagram is longer than 65,535.
    guard !payload.isEmpty, payload.upperBound <= frame.count,
      !hasMore || payload.count % 8 == 0, offset + payload.count <= Int(UInt16.max)
    else { return nil }
  }

  private init?(v4 frame: Span<UInt8>, at start: Int) {
    guard frame.count >= start + 20 else { return nil }
    let headerEnd = start + 4 * Int(frame[start] & 0xf)
    let end = start + Int(frame.bigEndian16(at: start + 2))
    let field = frame.bigEndian16(at: start + 6)
    guard end > headerEnd else { return nil }
    offset = Int(field & 0x1fff) * 8
    hasMore = field & 0x2000 != 0
    identification = UInt32(frame.bigEndian16(at: start + 4))
    transport = frame[start + 9]
    payload = headerEnd..<end
  }

  private init?(v6 frame: Span<UInt8>, at start: Int) {
    guard frame.count >= start + 48 else { return nil }
    let end = start + 40 + Int(frame.bigEndian16(at: start + 4))
    var next = frame[start + 6]
    var place = start + 40
    for _ in 0..<IPv6Decoder.extensionHeadersMax {
      guard IPv6Decoder.isExtensionHeader(next), frame.count >= place + 8 else { return nil }
      if next == 44 {
        let field = frame.bigEndian16(at: place + 2)
        guard end > place + 8 else { return nil }
        offset = Int(field & 0xfff8)
        hasMore = field & 1 != 0
        identification = frame.bigEndian32(at: place + 4)
        transport = frame[place]
        payload = place + 8..<end
        return
      }
      let length = Int(frame[place + 1])
      place += next == 51 ? (length + 2) * 4 : (length + 1) * 8
      next = frame[place - (next == 51 ? (length + 2) * 4 : (length + 1) * 8)]
    }
    return nil
  }
}
