import WeirModel

/// Walks the blocks of a pcapng file (draft-ietf-opsawg-pcapng).
struct PcapngReader {
  /// The most interfaces of one section: as many as a slot can name.
  static let interfacesMax = 1 << 16
  /// The longest block whose body is read: a packet of the greatest length and its options.
  static let blockBytesMax = Limits.packetBytesMax + 2 * 65_536
  /// What a section header must have before its length can be believed.
  private static let sectionHeaderBytes = 28

  private var order = ByteOrder(isBig: false)
  private var interfaces: [CaptureInterface] = []
  /// How much of the current block is still to be passed over, without its trailing length.
  private var bytesToSkip = 0
  /// The trailing length that must follow what is skipped; 0 between blocks.
  private var expectedTrailer: UInt32 = 0

  /// Whether the walk stands between two blocks, so that the file may end here.
  var isAtBoundary: Bool { bytesToSkip == 0 && expectedTrailer == 0 }

  /// The 32 bits at the head of a file; they read the same in both byte orders.
  static let magic = BlockType.section

  private static func byteOrder(_ magic: UInt32) -> ByteOrder? {
    switch magic {
    case 0x1a2b_3c4d: ByteOrder(isBig: true)
    case 0x4d3c_2b1a: ByteOrder(isBig: false)
    default: nil
    }
  }

  /// Fills slots from `filled` on with the packets from `position` on, and moves both.
  mutating func walk(
    _ bytes: Span<UInt8>, from position: inout Int, into slots: inout MutableSpan<Slot>,
    filled: inout Int
  ) -> WalkStop {
    while true {
      if !isAtBoundary, let stop = passOver(bytes, from: &position) { return stop }
      let stop =
        order.isBig
        ? walkPackets(ByteOrder(isBig: true), bytes, &position, &slots, &filled)
        : walkPackets(ByteOrder(isBig: false), bytes, &position, &slots, &filled)
      if let stop { return stop }
      if let stop = enterBlock(bytes, from: &position) { return stop }
    }
  }

  /// Passes over what is left of a block whose body is not read.
  private mutating func passOver(_ bytes: Span<UInt8>, from position: inout Int) -> WalkStop? {
    let skipped = min(bytesToSkip, bytes.count - position)
    position += skipped
    bytesToSkip -= skipped
    guard bytesToSkip == 0 else { return .needs(1) }
    guard bytes.count - position >= 4 else { return .needs(4) }
    guard order.load32(bytes, position) == expectedTrailer else { return .damaged(Self.misfit) }
    position += 4
    expectedTrailer = 0
    return nil
  }

  /// Walks enhanced packet blocks, which most files consist of, until something else comes.
  @inline(__always) private func walkPackets(
    _ order: ByteOrder, _ bytes: Span<UInt8>, _ position: inout Int,
    _ slots: inout MutableSpan<Slot>, _ filled: inout Int
  ) -> WalkStop? {
    var at = position
    var count = filled
    defer {
      position = at
      filled = count
    }
    while true {
      guard count < slots.count else { return .full }
      guard bytes.count - at >= 12 else { return .needs(12) }
      let type = order.load32(bytes, at)
      guard type == BlockType.enhancedPacket || type == BlockType.packet else {
        guard type == BlockType.simplePacket else { return nil }
        switch simplePacket(order, bytes, at) {
        case .success(let slot, let next):
          slots[count] = slot
          at = next
        case .stopped(let stop): return stop
        }
        count += 1
        continue
      }
      let total = order.load32(bytes, at + 4)
      if let stop = bodyStop(total, atLeast: 32, order, bytes, at) { return stop }
      let body = bytes.extracting(at..<at + Int(total))
      let captured = order.load32(body, 20)
      guard captured <= Limits.packetBytesMax else { return .damaged(tooLong(captured)) }
      guard Int(captured) + 32 <= body.count else { return .damaged(Self.overrun) }
      let number =
        type == BlockType.enhancedPacket
        ? Int(order.load32(body, 8)) : Int(order.load16(body, 8))
      guard number < interfaces.count else { return .damaged(Self.unknownInterface(number)) }
      let interface = interfaces[number]
      let units = UInt64(order.load32(body, 12)) << 32 | UInt64(order.load32(body, 16))
      slots[count] = Slot(
        offset: at + 28, capturedLength: Int32(truncatingIfNeeded: captured),
        wireLength: max(order.load32(body, 24), captured),
        timestamp: interface.clock.timestamp(units), link: interface.link,
        interface: UInt16(truncatingIfNeeded: number))
      count += 1
      at += Int(total)
    }
  }

  private enum SimplePacket {
    case success(Slot, next: Int)
    case stopped(WalkStop)
  }

  /// A packet without interface, time or captured length: it is of the first interface, has no time, and was cut
  /// at that interface's snapshot length.
  private func simplePacket(_ order: ByteOrder, _ bytes: Span<UInt8>, _ at: Int) -> SimplePacket {
    let total = order.load32(bytes, at + 4)
    if let stop = bodyStop(total, atLeast: 16, order, bytes, at) { return .stopped(stop) }
    guard let interface = interfaces.first else {
      return .stopped(.damaged(Self.unknownInterface(0)))
    }
    let wire = order.load32(bytes, at + 8)
    let captured = interface.snapshotLength == 0 ? wire : min(wire, interface.snapshotLength)
    guard captured <= Limits.packetBytesMax else { return .stopped(.damaged(tooLong(captured))) }
    guard Int(captured) + 16 <= Int(total) else { return .stopped(.damaged(Self.overrun)) }
    let slot = Slot(
      offset: at + 12, capturedLength: Int32(truncatingIfNeeded: captured), wireLength: wire,
      timestamp: Timestamp(nanoseconds: 0), link: interface.link, interface: 0)
    return .success(slot, next: at + Int(total))
  }

  /// Why a block whose body is wanted cannot be read; nil when it is there, with the same length at both ends.
  @inline(__always) private func bodyStop(
    _ total: UInt32, atLeast least: UInt32, _ order: ByteOrder, _ bytes: Span<UInt8>, _ at: Int
  ) -> WalkStop? {
    guard total >= least && total & 3 == 0 && total <= Self.blockBytesMax else {
      return .damaged(Self.badLength(total))
    }
    guard bytes.count - at >= Int(total) else { return .needs(Int(total)) }
    guard order.load32(bytes, at + Int(total) - 4) == total else { return .damaged(Self.misfit) }
    return nil
  }

  /// Enters the block at `position`, which is no packet and has its first 12 bytes there.
  private mutating func enterBlock(_ bytes: Span<UInt8>, from position: inout Int) -> WalkStop? {
    // A section header's type reads the same in both byte orders.
    let type = order.load32(bytes, position)
    if type == BlockType.section { return enterSection(bytes, from: &position) }
    let total = order.load32(bytes, position + 4)
    guard type == BlockType.interface else {
      guard total >= 12 && total & 3 == 0 else { return .damaged(Self.badLength(total)) }
      skip(8, of: total, &position)
      return nil
    }
    if let stop = bodyStop(total, atLeast: 20, order, bytes, position) { return stop }
    guard interfaces.count < Self.interfacesMax else {
      return .damaged("more than \(Self.interfacesMax) interfaces in one section")
    }
    let body = bytes.extracting(position + 8..<position + Int(total) - 4)
    guard let interface = CaptureInterface(body, order) else {
      return .damaged("an interface whose time resolution cannot be")
    }
    interfaces.append(interface)
    position += Int(total)
    return nil
  }

  private mutating func enterSection(_ bytes: Span<UInt8>, from position: inout Int) -> WalkStop? {
    guard bytes.count - position >= Self.sectionHeaderBytes else {
      return .needs(Self.sectionHeaderBytes)
    }
    guard let order = Self.byteOrder(bytes.bigEndian32(at: position + 8)) else {
      return .damaged("a section without a byte-order mark")
    }
    let total = order.load32(bytes, position + 4)
    guard total >= Self.sectionHeaderBytes && total & 3 == 0 else {
      return .damaged(Self.badLength(total))
    }
    let major = order.load16(bytes, position + 12)
    guard major == 1 else { return .damaged("pcapng version \(major) is not understood") }
    self.order = order
    interfaces.removeAll(keepingCapacity: true)
    skip(Self.sectionHeaderBytes - 4, of: total, &position)
    return nil
  }

  /// Moves behind the first `read` bytes of a block and leaves the rest to `passOver`.
  private mutating func skip(_ read: Int, of total: UInt32, _ position: inout Int) {
    position += read
    bytesToSkip = Int(total) - read - 4
    expectedTrailer = total
  }

  private static let misfit = "a block whose two lengths differ"
  private static let overrun = "a packet that is longer than its block"
  @inline(never) private static func badLength(_ total: UInt32) -> String {
    "a block of \(total) bytes, which cannot be"
  }
  @inline(never) private static func unknownInterface(_ number: Int) -> String {
    "a packet of interface \(number), which its section does not describe"
  }
}

/// The types of the blocks that are read; all others are passed over.
enum BlockType {
  static let section: UInt32 = 0x0a0d_0d0a
  static let interface: UInt32 = 1
  static let packet: UInt32 = 2
  static let simplePacket: UInt32 = 3
  static let enhancedPacket: UInt32 = 6
}
