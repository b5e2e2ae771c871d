public import WeirModel

/// Packets of live interfaces, lent where the kernel puts them.
///
/// What the kernel had no room for is counted. The loopback interface shows each packet twice; it is lent once.
public struct RingGate: ~Copyable, Gate {
  /// The name of each interface, in the order of `Slot.interface`.
  public let interfaces: [String]
  /// How many packets of each interface were lent.
  public private(set) var packets: [UInt64]
  /// How many bytes of each interface there were on the wire.
  public private(set) var bytes: [UInt64]

  /// Whether no packet came in the last turn.
  public private(set) var isIdle = false

  private let ports: [Port]
  private var slots: [Slot]
  private var verdicts: [Verdict]
  private var drops: [UInt64]
  private var next = 0

  /// A ring and how far it was read; a class because arrays hold no values without copies.
  private final class Port {
    let ring: PacketRing
    let isLoopback: Bool
    var block = 0
    /// The place of the next packet in the block; nil when the block is not begun.
    var position: Int?
    var packetsLeft = 0

    init(_ ring: consuming PacketRing, isLoopback: Bool) {
      self.ring = ring
      self.isLoopback = isLoopback
    }
  }

  /// How long a turn waits for packets.
  private static let patienceMilliseconds: Int32 = 100

  /// Opens interfaces; needs CAP_NET_RAW, which may be dropped afterwards.
  ///
  /// - Parameters:
  ///   - ringByteCount: of the memory that each interface's packets are kept in until they are judged.
  ///   - batch: how many packets are lent at once, at most.
  /// - Throws: `GateError`.
  public init(
    interfaces: [String], ringByteCount: Int = 1 << 24, isPromiscuous: Bool = false,
    filter: PacketFilter? = nil, batch: Int
  ) throws(GateError) {
    var ports: [Port] = []
    for name in interfaces {
      let ring = try PacketRing(
        interface: name, byteCount: ringByteCount, isPromiscuous: isPromiscuous, filter: filter)
      ports.append(Port(ring, isLoopback: name == "lo"))
    }
    self.ports = ports
    self.interfaces = interfaces
    packets = Array(repeating: 0, count: ports.count)
    bytes = Array(repeating: 0, count: ports.count)
    drops = Array(repeating: 0, count: ports.count)
    let empty = Slot(
      offset: 0, capturedLength: 0, wireLength: 0, timestamp: Timestamp(nanoseconds: 0),
      link: .ethernet, interface: 0)
    slots = Array(repeating: empty, count: max(1, batch))
    verdicts = []
    verdicts.reserveCapacity(max(1, batch))
  }

  /// How many packets of each interface the kernel had no room for.
  public mutating func kernelDrops() -> [UInt64] {
    for index in ports.indices { drops[index] += UInt64(ports[index].ring.takeDrops()) }
    return drops
  }

  /// Lends the next packets, or nothing when none come within a tenth of a second.
  ///
  /// See `Gate`. There is no end.
  public mutating func turn(
    _ judge: (_ arena: Span<UInt8>, _ slots: Span<Slot>, _ verdicts: inout MutableSpan<Verdict>)
      -> Void
  ) throws(GateError) -> Bool {
    let ready = readyPort()
    isIdle = ready == nil
    guard let index = ready else {
      PacketRing.wait(
        ports.map { $0.ring.descriptor }, milliseconds: RingGate.patienceMilliseconds)
      for port in ports { _ = port.ring.takeError() }
      return true
    }
    let count = fill(index)
    if count > 0 {
      // Taken out of the gate while they are lent, and without copies.
      var verdicts: [Verdict] = []
      swap(&verdicts, &self.verdicts)
      verdicts.removeAll(keepingCapacity: true)
      for _ in 0..<count { verdicts.append(.pass) }
      let slots = slots
      ports[index].ring.withBytes { arena in
        var lent = verdicts.mutableSpan
        judge(arena, slots.span.extracting(0..<count), &lent)
      }
      swap(&verdicts, &self.verdicts)
      packets[index] += UInt64(count)
    }
    let port = ports[index]
    if port.packetsLeft == 0 {
      port.ring.release(port.block)
      port.block = (port.block + 1) % port.ring.blockCount
      port.position = nil
    }
    return true
  }

  /// An interface with packets, each in its turn.
  private mutating func readyPort() -> Int? {
    for step in 0..<ports.count {
      let index = (next + step) % ports.count
      if ports[index].position != nil || ports[index].ring.isReady(ports[index].block) {
        next = (index + 1) % ports.count
        return index
      }
    }
    return nil
  }

  /// Fills slots from the block of an interface; how many.
  private mutating func fill(_ index: Int) -> Int {
    let port = ports[index]
    let start = port.block * port.ring.blockByteCount
    let end = start + port.ring.blockByteCount
    var count = 0
    var tags: [(tag: [UInt8], slot: Int)] = []
    port.ring.withBytes { arena in
      if port.position == nil {
        // `struct tpacket_hdr_v1`: how many packets, and where the first one is.
        port.packetsLeft = Int(RingGate.number(arena, start + 12))
        port.position = start + Int(RingGate.number(arena, start + 16))
      }
      while port.packetsLeft > 0, count < slots.count, let position = port.position {
        guard let packet = RingPacket(arena, position, end) else {
          port.packetsLeft = 0
          break
        }
        port.packetsLeft -= 1
        port.position = position + packet.stride
        if port.isLoopback, packet.isOutgoing { continue }
        slots[count] = Slot(
          offset: packet.offset, capturedLength: Int32(packet.capturedLength),
          wireLength: packet.wireLength, timestamp: packet.timestamp, link: port.ring.link,
          interface: UInt16(index))
        if let tag = packet.tag, port.ring.link == .ethernet, packet.capturedLength >= 12 {
          tags.append((tag, count))
          slots[count].offset -= 4
          slots[count].capturedLength += 4
          slots[count].wireLength += 4
        }
        bytes[index] += UInt64(slots[count].wireLength)
        count += 1
      }
    }
    for (tag, slot) in tags { port.ring.restoreTag(tag, ofFrameAt: slots[slot].offset + 4) }
    return count
  }

  fileprivate static func number(_ bytes: Span<UInt8>, _ offset: Int) -> UInt32 {
    UInt32(bytes[offset]) | UInt32(bytes[offset + 1]) << 8 | UInt32(bytes[offset + 2]) << 16
      | UInt32(bytes[offset + 3]) << 24
  }
}

/// The kernel's head of a packet in a ring: `struct tpacket3_hdr` and, behind it, `struct sockaddr_ll`.
struct RingPacket {
  /// Where the frame begins.
  var offset: Int
  var capturedLength: Int
  var wireLength: UInt32
  var timestamp: Timestamp
  /// Whether the machine sent it.
  var isOutgoing: Bool
  /// The VLAN tag that the kernel took out of the frame, in network order.
  var tag: [UInt8]?
  /// How far it is to the next packet.
  var stride: Int

  private static let headByteCount = 68
  private static let hasTag: UInt32 = 0x10
  private static let hasTagProtocol: UInt32 = 0x40

  /// Reads a head; nil when it or its frame does not lie before `end`.
  init?(_ arena: Span<UInt8>, _ position: Int, _ end: Int) {
    guard position >= 0, position + RingPacket.headByteCount <= end, end <= arena.count else {
      return nil
    }
    func number(_ offset: Int) -> UInt32 { RingGate.number(arena, position + offset) }
    capturedLength = Int(number(12))
    wireLength = number(16)
    let status = number(20)
    offset = position + Int(number(24) & 0xffff)
    guard offset >= position + RingPacket.headByteCount, offset + capturedLength <= end,
      capturedLength <= Int(Int32.max) - 4
    else { return nil }
    timestamp = Timestamp(seconds: Int64(number(4)), nanoseconds: Int64(number(8)))
    isOutgoing = arena[position + 58] == 4
    if status & RingPacket.hasTag != 0 {
      let control = number(32)
      let kind = status & RingPacket.hasTagProtocol != 0 ? number(36) & 0xffff : 0x8100
      tag = [
        UInt8(truncatingIfNeeded: kind >> 8), UInt8(truncatingIfNeeded: kind),
        UInt8(truncatingIfNeeded: control >> 8), UInt8(truncatingIfNeeded: control),
      ]
    }
    stride = Int(number(0))
  }
}
