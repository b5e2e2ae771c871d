import Testing
import WeirDecode
import WeirModel

@testable import WeirFlow

/// A stream table that expectations can look at, and what it delivered of one direction.
final class TestStream {
  private var table: StreamTable
  /// What was delivered in order; gaps are left out.
  var bytes: [UInt8] = []
  /// What was delivered alone.
  var alone: [[UInt8]] = []
  var gaps: [UInt32] = []
  var partition = 3
  var place = 200

  struct NoMemory: Error {}

  init(arenaBytes: Int = 1 << 24) throws {
    guard let table = StreamTable(places: 512, arenaBytes: arenaBytes) else { throw NoMemory() }
    self.table = table
  }

  var losses: StreamLosses { table.losses }
  var heldBytes: UInt64 { table.heldBytes }
  var isWaiting: Bool { table.isWaiting }

  func segment(_ sequence: UInt32, isSYN: Bool = false, isRST: Bool = false, isCut: Bool = false)
    -> StreamSegment
  {
    StreamSegment(
      place: place, partition: partition, isFromLow: true, sequence: sequence, isSYN: isSYN,
      isRST: isRST, isCut: isCut)
  }

  func send(
    _ sequence: UInt32, _ payload: [UInt8] = [], isSYN: Bool = false, isRST: Bool = false,
    isCut: Bool = false
  ) {
    let segment = segment(sequence, isSYN: isSYN, isRST: isRST, isCut: isCut)
    table.receive(segment, payload.span) { piece, continuity, side in
      var text: [UInt8] = []
      for index in 0..<piece.count { text.append(piece[index]) }
      switch continuity {
      case .inOrder: bytes += text
      case .afterGap(let gap):
        gaps.append(gap)
        bytes += text
        if side.memo != 0 { gaps.append(.max) }
      case .isolated: alone.append(text)
      }
    }
  }

  func acknowledge(_ number: UInt32) {
    var other = segment(0)
    other.isFromLow = false
    table.acknowledge(other, number)
  }

  func begin() { table.begin(segment(0)) { _, _ in } }
}

/// A seeded generator (SplitMix64).
struct StreamRandom: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }
}

struct StreamTests {
  static func text(_ count: Int, _ random: inout StreamRandom) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
  }

  /// The model: whatever the order, the duplicates and the overlaps, what comes out is what was sent.
  @Test(arguments: 1...60 as ClosedRange<UInt64>)
  func theStreamThatComesOutIsTheOneThatWasSent(_ seed: UInt64) throws {
    var random = StreamRandom(state: seed)
    let sent = Self.text(Int(random.next() % 30_000) + 1, &random)
    // Every third stream passes the end of the sequence numbers.
    let start =
      seed % 3 == 0
      ? UInt32.max - UInt32(random.next() % UInt64(sent.count))
      : UInt32(truncatingIfNeeded: random.next())
    let longest = [1, 40, 1460, 9000].randomElement(using: &random) ?? 1
    var segments: [Range<Int>] = []
    var position = 0
    while position < sent.count {
      let end = min(sent.count, position + 1 + Int(random.next() % UInt64(longest)))
      segments.append(position..<end)
      // What is sent again begins and ends anywhere.
      if random.next() % 4 == 0 {
        let from = Int(random.next() % UInt64(end))
        segments.append(from..<min(sent.count, from + 1 + Int(random.next() % UInt64(longest))))
      }
      position = end
    }
    // Each segment is delayed by up to so many others, so that no more than the budget waits.
    let delay = longest == 1 ? 100 : 12
    let order = segments.enumerated()
      .map { (key: $0.offset + Int(random.next() % UInt64(delay)), range: $0.element) }
      .sorted { $0.key < $1.key }
    let stream = try TestStream()
    stream.send(start, isSYN: true)
    for (_, range) in order {
      stream.send(start &+ 1 &+ UInt32(range.lowerBound), Array(sent[range]))
    }
    #expect(stream.bytes == sent, "seed \(seed)")
    #expect(stream.gaps.isEmpty && stream.alone.isEmpty, "seed \(seed)")
    #expect(stream.losses == StreamLosses() && stream.heldBytes == 0, "seed \(seed)")
    #expect(!stream.isWaiting, "seed \(seed)")
  }

  /// Whatever is lost: every byte that came is delivered once, dropped and counted, or still held.
  @Test(arguments: 1...60 as ClosedRange<UInt64>)
  func everyByteThatComesIsDeliveredOnceOrCounted(_ seed: UInt64) throws {
    var random = StreamRandom(state: seed)
    let start = UInt32(truncatingIfNeeded: random.next())
    let stream = try TestStream(arenaBytes: seed % 2 == 0 ? 1 << 20 : 1 << 24)
    if seed % 3 != 0 { stream.send(start &- 1, isSYN: true) }
    var came: UInt64 = 0
    var offsets = Array(0..<900)
    offsets.shuffle(using: &random)
    for (index, offset) in offsets.enumerated() where random.next() % 5 != 0 {
      stream.send(start &+ UInt32(offset * 1000), Self.text(1000, &random))
      came += 1000
      if index % 50 == 49 { stream.acknowledge(start &+ 900_000) }
    }
    let delivered = stream.bytes.count + stream.alone.reduce(0) { $0 + $1.count }
    let kept = UInt64(delivered) + stream.losses.droppedBytes + stream.heldBytes
    // Of all holes the last one is remembered, so that bytes for older ones are taken for old.
    #expect(kept <= came, "seed \(seed)")
    #expect(stream.losses.gapBytes > 0 && stream.losses.conflicts == 0, "seed \(seed)")
    #expect(delivered > 0, "seed \(seed)")
  }

  @Test func whatCameFirstCountsAndContradictionsAreCounted() throws {
    let stream = try TestStream()
    stream.send(99, isSYN: true)
    stream.send(104, Array("efgh".utf8))
    stream.send(102, Array("cdXXXXij".utf8))
    stream.send(100, Array("abYY".utf8))
    #expect(String(decoding: stream.bytes, as: UTF8.self) == "abcdefghij")
    #expect(stream.losses.conflicts == 2)
  }

  @Test func probesAndRepeatsOfBytesThatWereDeliveredAreDropped() throws {
    let stream = try TestStream()
    stream.send(99, isSYN: true)
    stream.send(100, Array("ab".utf8))
    stream.send(101, [0])  // keep-alive: the byte before the next
    stream.send(102, Array("c".utf8))  // window probe
    stream.send(102, Array("cd".utf8))  // the same byte again, with more
    stream.send(99, isSYN: true)
    #expect(String(decoding: stream.bytes, as: UTF8.self) == "abcd")
    #expect(stream.alone.isEmpty && stream.losses == StreamLosses())
  }

  @Test func aConnectionIsPickedUpInTheMiddleAndWhatLiesBeforeIsJudgedAlone() throws {
    let stream = try TestStream()
    stream.send(5000, Array("middle".utf8))
    stream.send(4990, Array("before1234".utf8))
    stream.send(4990, Array("before1234".utf8))
    stream.send(5006, Array(" end".utf8))
    #expect(String(decoding: stream.bytes, as: UTF8.self) == "middle end")
    #expect(stream.alone == [Array("before1234".utf8)])
  }

  @Test func aGapIsGivenUpWhenTheReceiverHasWhatIsMissing() throws {
    let stream = try TestStream()
    stream.send(99, isSYN: true)
    stream.send(110, Array("later".utf8))
    stream.acknowledge(100)
    stream.send(115, Array("!".utf8))
    #expect(stream.bytes.isEmpty && stream.heldBytes == 6)
    stream.acknowledge(116)
    stream.send(116)
    #expect(String(decoding: stream.bytes, as: UTF8.self) == "later!")
    #expect(stream.gaps == [10] && stream.losses.gapBytes == 10)
    stream.send(105, Array("abcdefgh".utf8))
    #expect(stream.alone == [Array("abcde".utf8)])
  }

  @Test func aResetDeliversWhatIsHeld() throws {
    let stream = try TestStream()
    stream.send(99, isSYN: true)
    stream.send(110, Array("one".utf8))
    stream.send(120, Array("two".utf8))
    stream.send(100, isRST: true)
    #expect(String(decoding: stream.bytes, as: UTF8.self) == "onetwo")
    #expect(stream.gaps == [10, 7] && !stream.isWaiting)
  }

  @Test func inACaptureThatCutsSegmentsNothingWaits() throws {
    let stream = try TestStream()
    stream.send(99, isSYN: true)
    stream.send(100, Array("begin".utf8), isCut: true)
    stream.send(1560, Array("again".utf8), isCut: true)
    #expect(String(decoding: stream.bytes, as: UTF8.self) == "beginagain")
    #expect(stream.gaps == [1455] && stream.heldBytes == 0)
  }

  @Test func aFloodOfSingleBytesIsBounded() throws {
    let stream = try TestStream(arenaBytes: 1 << 20)
    stream.send(0, isSYN: true)
    for index in 1...20_000 {
      stream.send(UInt32(index * 2), [UInt8(truncatingIfNeeded: index)])
      #expect(stream.heldBytes <= UInt64(StreamTable.pendingMax))
    }
    #expect(stream.bytes.count + Int(stream.heldBytes) == 20_000)
    #expect(stream.losses.droppedBytes == 0)
  }

  @Test func aDirectionThatFindsNoRoomTakesItFromThoseThatHeldItForLongest() throws {
    let stream = try TestStream(arenaBytes: FlowTable.partitions * 2048 * 4)
    let payload = [UInt8](repeating: 7, count: 2048)
    for place in 0..<6 {
      stream.place = place
      stream.send(0, isSYN: true)
      stream.send(100, payload)
    }
    #expect(stream.losses.droppedBytes == 2 * 2048 && stream.heldBytes == 4 * 2048)
    stream.place = 0
    stream.send(1, [UInt8](repeating: 1, count: 99))
    #expect(stream.bytes.count == 99)
    stream.place = 5
    stream.send(1, [UInt8](repeating: 1, count: 99))
    #expect(stream.bytes.count == 2 * 99 + 2048)
  }

  @Test func anotherPartitionKeepsWhatItHas() throws {
    let stream = try TestStream(arenaBytes: FlowTable.partitions * 2048)
    stream.send(0, isSYN: true)
    stream.send(10, [1])
    stream.partition = 4
    stream.place = 300
    stream.send(0, isSYN: true)
    stream.send(10, [2])
    #expect(stream.heldBytes == 2 && stream.losses.droppedBytes == 0)
    stream.begin()
    #expect(stream.heldBytes == 1 && stream.losses.droppedBytes == 1)
  }

  @Test func arbitrarySegmentsNeitherTrapNorHang() throws {
    var random = StreamRandom(state: 77)
    let stream = try TestStream(arenaBytes: 1 << 20)
    let near: [UInt32] = [0, 1, 100, 1 << 30, 1 << 31, UInt32.max - 5]
    for _ in 0..<20_000 {
      let bits = random.next()
      stream.place = Int(bits >> 8 & 7)
      let base = near[Int(bits >> 16 & 0xff) % near.count]
      stream.send(
        base &+ UInt32(bits >> 32 & 0xfff), Self.text(Int(bits & 0x3f), &random),
        isSYN: bits >> 60 == 0, isRST: bits >> 56 & 31 == 0, isCut: bits >> 50 & 255 == 0)
      if bits & 7 == 0 { stream.acknowledge(base &+ UInt32(bits >> 40 & 0xfff)) }
      if bits & 1023 == 0 { stream.begin() }
    }
    for place in 0..<8 {
      stream.place = place
      stream.begin()
    }
    #expect(stream.heldBytes == 0 && !stream.isWaiting)
    #expect(!stream.bytes.isEmpty)
  }
}
