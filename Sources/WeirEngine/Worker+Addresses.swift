import WeirDecode
import WeirFlow
import WeirGate
import WeirMatch
import WeirModel
import WeirRules
import WeirTally

/// One turn when only addresses are matched: no flow is looked for, no content read, and nothing kept between packets.
extension Worker {
  /// How many packets are in hand at once: about as many misses as a core has in flight.
  private static var stride: Int { 16 }

  /// Stations 2 to 7 for a share of a batch.
  ///
  /// Nearly every packet is done after two loads from the frame and two from the presence bitmap, which were asked for a
  /// group of packets earlier. The rest waits in a queue until there are enough to ask for their memory together.
  ///
  /// - Parameter first: the number of the batch's first packet.
  mutating func judgeAddresses(_ batch: SharedBatch, _ share: Range<Int>, first: UInt64) {
    desk.outbox.clear()
    var queue = AddressQueue()
    batch.withArena { arena in
      var pairs = InlineArray<32, AddressPair>(repeating: .unread)
      var start = share.lowerBound - Worker.stride
      while start < share.upperBound {
        skim(arena, batch, group(start + Worker.stride, share), &pairs)
        for index in group(start, share) {
          let pair = pairs[index & 31]
          guard pair.isUnread || mayContain(pair) else { continue }
          if queue.append(index, pair) { judge(&queue, arena, batch, first: first) }
        }
        start += Worker.stride
      }
      judge(&queue, arena, batch, first: first)
    }
    desk.tally.packets += UInt64(share.count)
  }

  private func group(_ start: Int, _ share: Range<Int>) -> Range<Int> {
    min(
      max(start, share.lowerBound), share.upperBound)..<min(
        max(start + Worker.stride, share.lowerBound), share.upperBound)
  }

  /// Reads the addresses of plain IPv4 over Ethernet, and asks for the bits that say whether they may be listed.
  @inline(__always)
  private mutating func skim(
    _ arena: Span<UInt8>, _ batch: SharedBatch, _ group: Range<Int>,
    _ pairs: inout InlineArray<32, AddressPair>
  ) {
    var (bytes, plain) = (UInt64(0), UInt64(0))
    for index in group {
      let slot = batch[slot: index]
      bytes += UInt64(slot.wireLength)
      let pair = AddressPair(arena, slot)
      pairs[index & 31] = pair
      guard !pair.isUnread else { continue }
      plain += 1
      matchers.presence.prefetch(pair.source)
      matchers.presence.prefetch(pair.destination)
    }
    desk.tally.bytes += bytes
    countPlain(plain)
  }

  private mutating func countPlain(_ packets: UInt64) {
    desk.tally.ipv4 += packets
    desk.tally.observables[Int(Place.ipSource.rawValue)] += packets
    desk.tally.observables[Int(Place.ipDestination.rawValue)] += packets
  }

  @inline(__always)
  private func mayContain(_ pair: AddressPair) -> Bool {
    matchers.presence.mayContain(pair.source) || matchers.presence.mayContain(pair.destination)
      || settings.keepsValues
  }

  /// Looks up what may be listed, and judges it in the order of the packets.
  @inline(never)
  private mutating func judge(
    _ queue: inout AddressQueue, _ arena: Span<UInt8>, _ batch: SharedBatch, first: UInt64
  ) {
    prefetch(&queue)
    for place in 0..<queue.count where queue[place].isListed || settings.keepsValues {
      let index = queue[place].index
      let verdict = judgeAddresses(
        arena, batch[slot: index], at: index, queue[place].pair, number: first + UInt64(index))
      if verdict != .pass { batch.settle(verdict, at: index) }
    }
    queue.removeAll()
  }

  /// Asks for all that judging the queue will read: each loop for what the one before it found.
  private mutating func prefetch(_ queue: inout AddressQueue) {
    for place in 0..<queue.count {
      queue[place].pair.forEach { address in
        if matchers.presence.mayContain(address) {
          matchers.addresses.prefetchEntries(near: address)
        }
      }
    }
    for place in 0..<queue.count {
      queue[place].pair.forEach { address in
        guard matchers.presence.mayContain(address) else { return }
        matchers.addresses.forEachEntry(covering: address) { entry in
          matchers.policy.prefetch(entry)
          queue[place].isListed = true
          queue[place].record = desk.tally.indicators.recordNumber(of: entry)
        }
      }
    }
    var touched: UInt64 = 0
    for place in 0..<queue.count {
      touched &+= desk.tally.indicators.touch(record: queue[place].record)
    }
    queue.touched = touched
  }

  private mutating func judgeAddresses(
    _ arena: Span<UInt8>, _ slot: Slot, at index: Int, _ pair: AddressPair, number: UInt64
  ) -> Verdict {
    var packet = DecodedPacket()
    if pair.isUnread || settings.keepsSightings {
      Worker.decode(
        arena, slot, seed: settings.seed, entersTunnels: false, into: &packet)
    } else {
      packet.observation.version = 4
      packet.observation.sourceLow = UInt64(pair.source)
      packet.observation.destinationLow = UInt64(pair.destination)
    }
    guard packet.observation.hasAddresses else {
      count(unjudged: packet.observation.error?.reason)
      return .pass
    }
    desk.begin(
      Desk.Packet(
        number: number, slot: index, wireLength: slot.wireLength, time: slot.timestamp,
        flowID: packet.hash & 0x1f_ffff_ffff_ffff))
    if pair.isUnread {
      if packet.observation.version == 4 { desk.tally.ipv4 += 1 } else { desk.tally.ipv6 += 1 }
      desk.observe(.ipSource)
      desk.observe(.ipDestination)
    }
    desk.matchHosts(packet.observation, matchers, .ipSource, .ipDestination)
    guard desk.isTouched else { return .pass }
    let ruling = desk.judgment.ruling(mode: settings.mode)
    if ruling.isSuppressed { desk.tally.suppressed += 1 }
    if ruling.verdict != .pass {
      // Without flows every packet is a thing of its own.
      desk.count(ruling.verdict, wireLength: slot.wireLength, isNewThreat: true)
    }
    if settings.keepsSightings { desk.outbox.settle(ruling) }
    return ruling.verdict
  }
}

/// The addresses of a packet, in one word.
struct AddressPair: BitwiseCopyable {
  private let bits: UInt64
  /// Whether the packet is left to the decoder.
  let isUnread: Bool

  static let unread = AddressPair(bits: 0, isUnread: true)

  private init(bits: UInt64, isUnread: Bool) { (self.bits, self.isUnread) = (bits, isUnread) }

  /// Calls `body` with both addresses, when they were read.
  @inline(__always)
  func forEach(_ body: (UInt32) -> Void) {
    guard !isUnread else { return }
    body(source)
    body(destination)
  }

  var source: UInt32 { UInt32(truncatingIfNeeded: bits >> 32) }
  var destination: UInt32 { UInt32(truncatingIfNeeded: bits) }

  /// Reads Ethernet with an IPv4 header of a length that there is, as `FrameDecoder` does; leaves all else.
  @inline(__always)
  init(_ arena: Span<UInt8>, _ slot: Slot) {
    guard slot.link == .ethernet, slot.capturedLength >= 34 else {
      self = .unread
      return
    }
    // EtherType, version and header length; the header begins with them.
    let head = arena.bigEndian32(at: slot.offset + 12) >> 8
    guard head >> 4 == 0x0_8004, head & 0xf >= 5 else {
      self = .unread
      return
    }
    self.init(bits: arena.bigEndian64(at: slot.offset + 26), isUnread: false)
  }
}

/// Packets that may be listed, in their order.
private struct AddressQueue {
  struct Element: BitwiseCopyable {
    var index: Int
    var pair: AddressPair
    /// Whether an entry covers one of the addresses; for all that is known, when they were not read.
    var isListed: Bool
    /// The record of an indicator that covers one of the addresses, counted from 1.
    var record = 0
  }

  /// Takes what was read ahead, so that the loads are not taken away as useless.
  var touched: UInt64 = 0

  private(set) var count = 0
  private var elements = InlineArray<16, Element>(
    repeating: Element(index: 0, pair: .unread, isListed: false))

  subscript(place: Int) -> Element {
    get { elements[place] }
    set { elements[place] = newValue }
  }

  /// Adds a packet; true when the queue is full.
  @inline(__always)
  mutating func append(_ index: Int, _ pair: AddressPair) -> Bool {
    elements[count] = Element(index: index, pair: pair, isListed: pair.isUnread)
    count += 1
    return count == 16
  }

  mutating func removeAll() { count = 0 }
}
