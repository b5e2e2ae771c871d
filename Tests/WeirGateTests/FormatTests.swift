import Testing
import WeirGate
import WeirModel

/// Every format, byte order, compression and way in.
struct FormatTests {
  private let scratch: ScratchDirectory
  private let packets = Packet.samples(40)

  init() throws { scratch = try ScratchDirectory() }

  @Test(arguments: PcapVariant.allCases, Packing.allCases)
  func everyPcapVariantGivesTheSamePackets(variant: PcapVariant, packing: Packing) throws {
    for isBig in [false, true] {
      let plain = variant.file(packets, isBig: isBig).bytes
      try expectWhole(packing.pack(plain), kind: "pcap" + packing.rawValue)
    }
  }

  @Test(arguments: Packing.allCases)
  func pcapngOfBothByteOrdersGivesTheSamePackets(packing: Packing) throws {
    for isBig in [false, true] {
      let plain = PcapngBuilder.file(packets, isBig: isBig).bytes
      try expectWhole(packing.pack(plain), kind: "pcapng" + packing.rawValue)
    }
  }

  private func expectWhole(_ bytes: [UInt8], kind: String) throws {
    for way in Way.allCases {
      let delivery = try way.deliver(bytes, in: scratch)
      #expect(delivery.packets == packets, "\(kind) by \(way)")
      let report = try #require(delivery.reports.first)
      #expect(delivery.reports.count == 1)
      #expect(report.kind == kind)
      #expect(report.packets == packets.count)
      #expect(report.bytes == bytes.count)
      #expect(report.complete)
      #expect(report.error == nil)
    }
  }

  @Test func theSizeOfTheBatchDoesNotChangeThePackets() throws {
    let many = Packet.samples(700)
    let bytes = PcapngBuilder.file(many, isBig: false).bytes
    for way in Way.allCases {
      for batch in [1, 7, 256, 65_536, 0, -3] {
        let delivery = try way.deliver(bytes, batch: batch, in: scratch)
        #expect(delivery.packets == many)
        #expect(delivery.largestBatch <= max(batch, 1))
        #expect(delivery.turns >= many.count / max(batch, 1))
      }
    }
  }

  @Test(arguments: [Packing.gzip, .zstd, .lz4])
  func membersAndFramesAreReadOneAfterAnother(packing: Packing) throws {
    let plain = PcapVariant.microseconds.file(packets, isBig: false).bytes
    let cuts = [0, 3, 24, 100, plain.count]
    var packed: [UInt8] = []
    for (start, end) in zip(cuts, cuts.dropFirst()) {
      packed += packing.pack(Array(plain[start..<end]))
    }
    try expectWhole(packed, kind: "pcap" + packing.rawValue)
  }

  @Test(arguments: [Packing.gzip, .zstd, .lz4])
  func longCompressedCapturesKeepEveryByte(packing: Packing) throws {
    var random = Seeded(7)
    let long = (0..<300).map { number in
      let size = Int.random(in: 0...12_000, using: &random)
      let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* number >> 3) }
      return Packet(bytes: bytes, wireLength: UInt32(size), nanoseconds: Int64(number) * 1000)
    }
    let plain = PcapVariant.microseconds.file(long, isBig: false).bytes
    for way in Way.allCases {
      let delivery = try way.deliver(packing.pack(plain), batch: 64, in: scratch)
      #expect(delivery.packets == long)
      #expect(delivery.reports.first?.complete == true)
    }
  }

  @Test func onlyOneLevelOfCompressionIsUndone() throws {
    let plain = PcapVariant.microseconds.file(packets, isBig: false).bytes
    let nested = Packing.gzip.pack(Packing.zstd.pack(plain))
    let delivery = try Way.file.deliver(nested, in: scratch)
    #expect(delivery.packets.isEmpty)
    #expect(delivery.reports.first?.error?.kind == .notACapture)
    #expect(delivery.reports.first?.complete == false)
  }

  @Test func theUpperHalfOfTheLinkFieldIsNotTheLinkType() throws {
    let few = Array(packets.prefix(2))
    let bytes = PcapVariant.microseconds.file(few, isBig: false, linkField: 0x5000_0065).bytes
    let delivery = try Way.file.deliver(bytes, in: scratch)
    #expect(delivery.packets.map(\.link) == [.raw, .raw])
  }

  @Test func aPacketLongerThanItsLengthOnTheWireIsTaken() throws {
    var packet = packets[5]
    packet.wireLength = 1
    let delivery = try Way.file.deliver(
      PcapVariant.nanoseconds.file([packet], isBig: true).bytes, in: scratch)
    #expect(delivery.packets.first?.bytes == packet.bytes)
    #expect(delivery.packets.first?.wireLength == UInt32(packet.bytes.count))
  }

  @Test func filesOfBefore1998HaveTheLengthsTheOtherWayRound() throws {
    for isBig in [false, true] {
      // Writing each length in the other's place makes such a file.
      let swapped = packets.map { packet in
        var packet = packet
        packet.wireLength = UInt32(packet.bytes.count)
        return packet
      }
      var bytes = PcapVariant.microseconds.file(swapped, isBig: isBig).bytes
      bytes[isBig ? 7 : 6] = 2
      bytes[24 + (isBig ? 11 : 8)] = 77
      let delivery = try Way.pipe.deliver(bytes, in: scratch)
      #expect(delivery.packets.first?.wireLength == 77)
      #expect(delivery.packets.dropFirst() == swapped.dropFirst())
    }
  }

  @Test func theLastMomentThatPcapCanSayIsRight() throws {
    let last = Packet(
      bytes: [1], wireLength: 1, nanoseconds: Int64(UInt32.max) * 1_000_000_000 + 999_999_000)
    let bytes = PcapVariant.microseconds.file([last], isBig: false).bytes
    #expect(try Way.file.deliver(bytes, in: scratch).packets == [last])
  }
}
