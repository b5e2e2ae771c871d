import WeirModel

/// IEEE 802.11: frames that carry data.
enum WirelessHeader {
  /// Behind a radiotap header (radiotap.org).
  static func startBehindRadiotap(_ frame: Span<UInt8>) throws(DecodeError) -> LinkStart {
    try LinkStart.need(8, frame)
    let length = Int(frame.bigEndian16(at: 2).byteSwapped)
    guard frame[0] == 0, length >= 8 else { throw DecodeError(.link, .malformed, at: 0) }
    try LinkStart.need(length, frame)
    return try start(frame, at: length, isPadded: isPadded(frame.extracting(0..<length)))
  }

  /// Whether the flags say that the header is filled up to four bytes.
  private static func isPadded(_ radiotap: Span<UInt8>) -> Bool {
    let present = radiotap.bigEndian32(at: 4).byteSwapped
    guard present & 2 != 0 else { return false }
    var offset = 8
    var word = present
    // Bit 31 says that another word of bits follows.
    while word >> 31 != 0, offset + 4 <= radiotap.count {
      word = radiotap.bigEndian32(at: offset).byteSwapped
      offset += 4
    }
    // The time stamp in front is aligned to its size.
    if present & 1 != 0 { offset = (offset + 7) & ~7 + 8 }
    return offset < radiotap.count && radiotap[offset] & 0x20 != 0
  }

  /// The header at `offset`, up to IEEE 802.2.
  static func start(
    _ frame: Span<UInt8>, at offset: Int, isPadded: Bool
  ) throws(DecodeError) -> LinkStart {
    try LinkStart.need(offset + 2, frame)
    let (control, flags) = (frame[offset], frame[offset + 1])
    // Version 0, type 2 is data; bit 2 of the subtype says that there is none.
    guard control & 0x03 == 0 else { throw DecodeError(.link, .malformed, at: offset) }
    guard control & 0x0c == 0x08, control & 0x40 == 0 else {
      throw DecodeError(.link, .notIP, at: offset)
    }
    guard flags & 0x40 == 0 else { throw DecodeError(.link, .encryptedLink, at: offset) }
    var length = 24
    if flags & 0x03 == 0x03 { length += 6 }
    let isQoS = control & 0x80 != 0
    let qualityAt = offset + length
    if isQoS {
      length += 2
      if flags & 0x80 != 0 { length += 4 }
    }
    if isPadded { length = (length + 3) & ~3 }
    try LinkStart.need(offset + length, frame)
    // Fragments behind the first have no header of their own.
    guard frame[offset + 22] & 0x0f == 0 else { throw DecodeError(.link, .notIP, at: offset) }
    // Several frames in one begin with their addresses and length; the first is read.
    let isAggregate = isQoS && frame[qualityAt] & 0x80 != 0
    return .at(offset + length + (isAggregate ? 14 : 0), .llc)
  }
}
