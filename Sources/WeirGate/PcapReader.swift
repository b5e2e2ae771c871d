import WeirModel

/// Walks the records of a pcap file (draft-ietf-opsawg-pcap; the variants are those that libpcap reads).
struct PcapReader {
  /// The length of the file header, in bytes.
  static let fileHeaderBytes = 24
  /// How far ahead of the walk a line is touched.
  ///
  /// Each header gives the place of the next, so without this the walk waits for memory once a record: 12
  /// ns against 5 for records of 116 bytes.
  private static let touchAheadBytes = 512

  private var order: ByteOrder
  private var recordHeaderBytes: Int
  /// Where in a record header the captured length stands: 8, or 12 in files of before 1998.
  private var capturedAt: Int
  private var nanosecondsPerUnit: Int64
  private var link: LinkType
  /// Takes what was touched ahead, so that the loads are not taken away as useless.
  private var touched: UInt8 = 0

  /// Whether the 32 bits at the head of a file, read in network order, are a pcap magic number.
  static func recognizes(_ magic: UInt32) -> Bool { Variant(magic) != nil }

  /// Reads a file header; `bytes` holds at least `fileHeaderBytes`.
  ///
  /// - Returns: a sentence when the header says what this reader does not understand.
  static func open(_ bytes: Span<UInt8>, at position: Int) -> Result<PcapReader, HeaderFault> {
    let header = bytes.extracting(position..<position + fileHeaderBytes)
    guard let variant = Variant(header.bigEndian32(at: 0)) else {
      return .failure(HeaderFault(sentence: "no pcap magic number"))
    }
    let major = variant.order.load16(header, 4)
    let minor = variant.order.load16(header, 6)
    guard major == 2 else {
      return .failure(HeaderFault(sentence: "pcap version \(major).\(minor) is not understood"))
    }
    // The upper half holds the length of the frame check sequence, which is not the link type's.
    let link = LinkType(rawValue: UInt16(truncatingIfNeeded: variant.order.load32(header, 20)))
    // Before 2.3 the two lengths of a record stood the other way round.
    return .success(PcapReader(variant, link: link, capturedAt: minor < 3 ? 12 : 8))
  }

  private init(_ variant: Variant, link: LinkType, capturedAt: Int) {
    self.capturedAt = capturedAt
    order = variant.order
    recordHeaderBytes = variant.recordHeaderBytes
    nanosecondsPerUnit = variant.nanosecondsPerUnit
    self.link = link
  }

  /// Fills slots from `filled` on with the records from `position` on, and moves both.
  mutating func walk(
    _ bytes: Span<UInt8>, from position: inout Int, into slots: inout MutableSpan<Slot>,
    filled: inout Int
  ) -> WalkStop {
    // Copies of the loop, those for the usual files with what varies known when they are compiled.
    if capturedAt != 8 { return walk(order, capturedAt, bytes, &position, &slots, &filled) }
    return order.isBig
      ? walk(ByteOrder(isBig: true), 8, bytes, &position, &slots, &filled)
      : walk(ByteOrder(isBig: false), 8, bytes, &position, &slots, &filled)
  }

  @inline(__always) private mutating func walk(
    _ order: ByteOrder, _ capturedAt: Int, _ bytes: Span<UInt8>, _ position: inout Int,
    _ slots: inout MutableSpan<Slot>, _ filled: inout Int
  ) -> WalkStop {
    let headerBytes = recordHeaderBytes
    let scale = nanosecondsPerUnit
    let link = link
    let end = bytes.count
    var at = position
    var count = filled
    var touched = touched
    defer {
      position = at
      filled = count
      self.touched = touched
    }
    while count < slots.count {
      guard end - at >= headerBytes else { return .needs(headerBytes) }
      let header = bytes.extracting(at..<at + 16)
      if end - at > Self.touchAheadBytes { touched ^= bytes[at + Self.touchAheadBytes] }
      let captured = order.load32(header, capturedAt)
      guard captured <= Limits.packetBytesMax else { return .damaged(tooLong(captured)) }
      let length = Int(captured)
      guard end - at - headerBytes >= length else { return .needs(headerBytes + length) }
      let seconds = Int64(order.load32(header, 0))
      let fraction = Int64(order.load32(header, 4))
      // At most (2³² - 1) · 10⁹ + (2³² - 1) · 10³, which fits.
      let nanoseconds = seconds &* 1_000_000_000 &+ fraction &* scale
      slots[count] = Slot(
        offset: at + headerBytes, capturedLength: Int32(truncatingIfNeeded: length),
        wireLength: max(order.load32(header, 20 - capturedAt), captured),
        timestamp: Timestamp(nanoseconds: nanoseconds), link: link, interface: 0)
      count += 1
      at += headerBytes + length
    }
    return .full
  }
}

/// What a file header says that cannot be.
struct HeaderFault: Error {
  var sentence: String
}

/// The sentence for a packet that no capture program writes.
@inline(never) func tooLong(_ byteCount: UInt32) -> String {
  "a packet of \(byteCount) bytes, more than the \(Limits.packetBytesMax) that a capture may hold"
}

/// What a magic number says of the records.
private struct Variant {
  var order: ByteOrder
  var recordHeaderBytes = 16
  var nanosecondsPerUnit: Int64 = 1000

  init?(_ magic: UInt32) {
    guard
      let variant = Variant(native: magic, isBig: true)
        ?? Variant(native: magic.byteSwapped, isBig: false)
    else { return nil }
    self = variant
  }

  private init?(native magic: UInt32, isBig: Bool) {
    order = ByteOrder(isBig: isBig)
    switch magic {
    case 0xa1b2_c3d4: break
    case 0xa1b2_3c4d: nanosecondsPerUnit = 1
    // Written by kernels and libpcaps with A. Kuznetzov's patches: interface, protocol and packet type follow
    // the usual record header.
    case 0xa1b2_cd34: recordHeaderBytes = 24
    default: return nil
    }
  }
}
