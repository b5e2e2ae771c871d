import Testing
import WeirGate
import WeirModel

/// What only pcapng has.
struct PcapngTests {
  private let scratch: ScratchDirectory
  private let packets = Packet.samples(6)

  init() throws { scratch = try ScratchDirectory() }

  /// By file and by pipe, which must agree.
  private func deliver(_ builder: PcapngBuilder) throws -> Delivery {
    let byFile = try Way.file.deliver(builder.bytes, in: scratch)
    let byPipe = try Way.pipe.deliver(builder.bytes, in: scratch)
    #expect(byFile.packets == byPipe.packets)
    #expect(byFile.reports.map(\.faults) == byPipe.reports.map(\.faults))
    return byFile
  }

  @Test func eachSectionHasItsByteOrderAndItsInterfaces() throws {
    var builder = PcapngBuilder()
    var expected: [Packet] = []
    for (number, isBig) in [false, true, false].enumerated() {
      builder.section(isBig: isBig)
      for link in [LinkType.raw, .linuxSLL].prefix(number + 1) { builder.interface(link) }
      var packet = packets[number + 1]
      packet.interface = UInt16(min(number, 1))
      packet.link = number == 0 ? .raw : .linuxSLL
      builder.packet(packet, units: UInt64(packet.nanoseconds / 1000))
      expected.append(packet)
    }
    let delivery = try deliver(builder)
    #expect(delivery.packets == expected)
    #expect(delivery.reports.first?.complete == true)
  }

  @Test func anInterfaceOfTheSectionBeforeIsUnknown() throws {
    var builder = PcapngBuilder.file([packets[1]], isBig: false)
    builder.section()
    builder.packet(packets[2], units: 0)
    let delivery = try deliver(builder)
    #expect(delivery.packets == [packets[1]])
    #expect(delivery.reports.first?.error?.kind == .damaged)
    #expect(delivery.reports.first?.error?.offset == builder.ends[3])
  }

  @Test(
    arguments: [
      (nil, 1_700_000_000_123_456, 1_700_000_000_123_456_000),
      (6, 1_700_000_000_123_456, 1_700_000_000_123_456_000),
      (9, 1_700_000_000_123_456_789, 1_700_000_000_123_456_789),
      (0, 1_700_000_000, 1_700_000_000_000_000_000),
      (3, 1_700_000_000_123, 1_700_000_000_123_000_000),
      (12, 1_700_000_000_123_456_789, 1_700_000_000_123_456),
      (19, UInt64.max, 1_844_674_407),
      (0, UInt64.max, Int64.max),
      (9, UInt64.max, Int64.max),
      (0x80, 1_700_000_000, 1_700_000_000_000_000_000),
      (0x80 + 10, 1_700_000_000 << 10 | 512, 1_700_000_000_500_000_000),
      (0x80 + 32, 1_700_000_000 << 32 | 1 << 31, 1_700_000_000_500_000_000),
      (0x80 + 63, UInt64.max, 1_999_999_999),
    ] as [(UInt8?, UInt64, Int64)])
  func timesAreScaledByTheResolution(resolution: UInt8?, units: UInt64, expected: Int64) throws {
    var builder = PcapngBuilder(isBig: true)
    builder.section()
    builder.interface(resolution: resolution)
    builder.packet(packets[1], units: units)
    #expect(try deliver(builder).packets.map(\.nanoseconds) == [expected])
  }

  @Test(arguments: [20, 127, 0x80 + 64, 0xff] as [UInt8])
  func aResolutionBeyond64BitsIsDamage(resolution: UInt8) throws {
    var builder = PcapngBuilder()
    builder.section()
    builder.interface(resolution: resolution)
    builder.packet(packets[1], units: 1)
    let delivery = try deliver(builder)
    #expect(delivery.packets.isEmpty)
    #expect(delivery.reports.first?.error?.kind == .damaged)
  }

  @Test(
    arguments: [
      (3600, 3_600_000_001_000), (-1, -999_999_000), (Int64.max, Int64.max), (Int64.min, nil),
    ] as [(Int64, Int64?)])
  func timesAreMovedByTheOffset(offset: Int64, expected: Int64?) throws {
    var builder = PcapngBuilder()
    builder.section()
    builder.interface(offsetSeconds: offset)
    builder.packet(packets[1], units: 1)
    let time = try #require(try deliver(builder).packets.first?.nanoseconds)
    #expect(time == expected ?? Int64.min + 1000)
  }

  @Test func simplePacketsAreOfTheFirstInterfaceAndCutAtItsLength() throws {
    var builder = PcapngBuilder()
    builder.section()
    builder.interface(.raw, snapshotLength: 10)
    builder.interface(.ethernet)
    builder.simplePacket(Array(0..<10), wireLength: 99)
    builder.simplePacket(Array(0..<7), wireLength: 7)
    let delivery = try deliver(builder)
    #expect(delivery.packets.map(\.bytes) == [Array(0..<10), Array(0..<7)])
    #expect(delivery.packets.map(\.wireLength) == [99, 7])
    #expect(delivery.packets.map(\.link) == [.raw, .raw])
    #expect(delivery.packets.map(\.nanoseconds) == [0, 0])
  }

  @Test func aSimplePacketWithoutInterfaceIsDamage() throws {
    var builder = PcapngBuilder()
    builder.section()
    builder.simplePacket([1, 2, 3], wireLength: 3)
    #expect(try deliver(builder).reports.first?.error?.kind == .damaged)
  }

  @Test func obsoletePacketBlocksAreRead() throws {
    var builder = PcapngBuilder(isBig: true)
    builder.section()
    builder.interface()
    for packet in packets { builder.oldPacket(packet, units: UInt64(packet.nanoseconds / 1000)) }
    #expect(try deliver(builder).packets == packets)
  }

  @Test func blocksOfOtherTypesArePassedOverHoweverLong() throws {
    var builder = PcapngBuilder(isBig: true)
    builder.section(options: Array(repeating: 0, count: 70_000))
    builder.interface()
    for (packet, size) in zip(packets, [0, 3, 65_536, 1_000_000, 5_000_000, 1]) {
      builder.block(0x0bad) { $0.putPadded(Array(repeating: 0xee, count: size)) }
      builder.packet(
        packet, units: UInt64(packet.nanoseconds / 1000), options: Array(repeating: 1, count: 600))
    }
    let delivery = try deliver(builder)
    #expect(delivery.packets == packets)
    #expect(delivery.reports.first?.complete == true)
  }

  @Test func packetsBehindLongBlocksFitSmallBuffers() throws {
    let large = Packet(
      bytes: (0..<Limits.packetBytesMax).map { UInt8(truncatingIfNeeded: $0 / 3) },
      wireLength: UInt32(Limits.packetBytesMax), nanoseconds: 5000)
    let file = PcapngBuilder.file([large, packets[3], large], isBig: false)
    #expect(try deliver(file).packets == [large, packets[3], large])
  }

  @Test func moreInterfacesThanASlotCanNameAreDamage() throws {
    var builder = PcapngBuilder()
    builder.section()
    for _ in 0...65_536 { builder.interface() }
    let delivery = try deliver(builder)
    #expect(delivery.reports.first?.error?.kind == .damaged)
    #expect(delivery.reports.first?.error?.reason.contains("65536 interfaces") == true)
  }
}
