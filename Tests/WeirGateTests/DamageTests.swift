import Foundation
import Testing
import WeirGate
import WeirModel

/// Captures that end early or are not what they say.
struct DamageTests {
  private let scratch: ScratchDirectory
  private let packets = Packet.samples(5)

  init() throws { scratch = try ScratchDirectory() }

  @Test(arguments: PcapVariant.allCases)
  func everyCutOfPcapIsReportedUnlessItFallsBetweenRecords(variant: PcapVariant) throws {
    let (bytes, ends) = variant.file(packets, isBig: variant == .nanoseconds)
    try expectCuts(of: bytes) { length in
      (ends.filter { $0 <= length }.count - 1, ends.contains(length))
    }
  }

  @Test func everyCutOfPcapngIsReportedUnlessItFallsBetweenBlocks() throws {
    var builder = PcapngBuilder.file(packets, isBig: true)
    builder.block(0x0bad) { $0.putPadded(Array(repeating: 7, count: 21)) }
    try expectCuts(of: builder.bytes) { length in
      let whole = builder.ends.filter { $0 <= length }.count
      return (min(whole - 2, packets.count), builder.ends.contains(length))
    }
  }

  /// `expected` says how many packets a file of a length has, and whether it may end there.
  private func expectCuts(
    of bytes: [UInt8], expected: (Int) -> (packets: Int, isWhole: Bool)
  ) throws {
    for length in 0...bytes.count {
      let (count, isWhole) = expected(length)
      let cut = Array(bytes[..<length])
      for way in Way.allCases {
        let delivery = try way.deliver(cut, batch: 2, in: scratch)
        let report = try #require(delivery.reports.first)
        #expect(delivery.packets == Array(packets.prefix(max(count, 0))), "\(way), \(length) bytes")
        #expect(report.complete == isWhole, "\(way), \(length) bytes: \(report)")
        #expect((report.error == nil) == isWhole)
        #expect(isWhole || report.bytes <= length)
        if length == 0 { #expect(report.error?.kind == .empty) }
      }
    }
  }

  @Test(arguments: [Packing.gzip, .zstd, .lz4])
  func everyCutOfACompressedCaptureIsReported(packing: Packing) throws {
    let bytes = packing.pack(PcapVariant.microseconds.file(packets, isBig: false).bytes)
    for length in 0..<bytes.count {
      for way in Way.allCases {
        let delivery = try way.deliver(Array(bytes[..<length]), in: scratch)
        let report = try #require(delivery.reports.first)
        let prefix = Array(packets.prefix(delivery.packets.count))
        #expect(delivery.packets == prefix, "\(way), \(length) bytes")
        #expect(!report.complete && report.error != nil, "\(way), \(length) bytes: \(report)")
      }
    }
  }

  @Test(arguments: Packing.allCases)
  func noFlippedBitTrapsOrInventsBytes(packing: Packing) throws {
    let plain = [
      PcapVariant.microseconds.file(packets, isBig: false).bytes,
      PcapVariant.modified.file(packets, isBig: true).bytes,
      PcapngBuilder.file(packets, isBig: false).bytes,
    ]
    for bytes in plain {
      let packed = packing.pack(bytes)
      for bit in 0..<packed.count * 8 {
        var flipped = packed
        flipped[bit / 8] ^= 1 << UInt8(bit % 8)
        let way: Way = bit % 16 == 0 ? .pipe : .file
        let delivery = try way.deliver(flipped, batch: 3, in: scratch)
        let report = try #require(delivery.reports.first)
        #expect(report.complete == (report.error == nil), "bit \(bit) of \(packing)")
        #expect(report.packets == delivery.packets.count)
        #expect(report.bytes <= packed.count)
        let delivered = delivery.packets.reduce(0) { $0 + $1.bytes.count }
        #expect(delivered <= bytes.count, "bit \(bit) of \(packing)")
      }
    }
  }

  @Test func theReportSaysWhereThePacketThatIsTooLongBegins() throws {
    var (bytes, ends) = PcapVariant.microseconds.file(packets, isBig: false)
    bytes[ends[2] + 10] = 4
    bytes[ends[2] + 8] = 1
    let fault = try #require(try Way.file.deliver(bytes, in: scratch).reports.first?.error)
    #expect(fault.kind == .damaged)
    #expect(fault.offset == ends[2])
    #expect(fault.reason.contains("262144"))
    #expect("\(fault)".hasPrefix("damaged at byte \(ends[2]): "))
  }

  @Test(arguments: [Packing.gzip, .zstd, .lz4])
  func bytesBehindACompressedStreamAreReported(packing: Packing) throws {
    let bytes = packing.pack(PcapVariant.microseconds.file(packets, isBig: false).bytes)
    let delivery = try Way.file.deliver(bytes + Array("trailer!".utf8), in: scratch)
    #expect(delivery.packets == packets)
    #expect(delivery.reports.first?.complete == false)
    #expect(delivery.reports.first?.error?.kind == .damaged)
  }

  @Test func dataBeforeADamagedBlockIsDelivered() throws {
    var random = Seeded(11)
    let many = (0..<4000).map { number in
      let bytes = (0..<400).map { _ in UInt8.random(in: 0...15, using: &random) }
      return Packet(bytes: bytes, wireLength: 400, nanoseconds: Int64(number) * 1000)
    }
    let plain = PcapVariant.microseconds.file(many, isBig: false).bytes
    for packing in [Packing.gzip, .zstd, .lz4] {
      var packed = packing.pack(plain)
      // A byte of the check sum at the end: all content came before it.
      packed[packed.count - (packing == .gzip ? 6 : 2)] ^= 0xff
      let delivery = try Way.file.deliver(packed, in: scratch)
      #expect(delivery.packets == many, "\(packing)")
      #expect(delivery.reports.first?.error?.kind == .damaged, "\(packing)")
    }
  }

  /// The files that the project made to be refused, and what can be read of each.
  @Test func theRejectFixturesAreReadAsFarAsTheyGo() throws {
    let folder = repository + "/Fixtures/reject/"
    let table = try String(contentsOfFile: folder + "EXPECT.tsv", encoding: .utf8)
    var count = 0
    for line in table.split(separator: "\n").dropFirst() {
      let columns = line.split(separator: "\t").map(String.init)
      try #require(columns.count == 4)
      let delivery = try Delivery([folder + columns[0]])
      let report = try #require(delivery.reports.first)
      if columns[1] != "?" { #expect(Int(columns[1]) == report.packets, "\(line): \(report)") }
      if columns[2] == "yes" { #expect(!report.complete, "\(line): \(report)") }
      if columns[2] == "no" { #expect(report.complete, "\(line): \(report)") }
      count += 1
    }
    #expect(count > 40)
  }

  @Test func aFileThatGetsShorterIsReported() throws {
    let bytes = Array(repeating: UInt8(3), count: 1000)
    let many = (0..<6000).map { Packet(bytes: bytes, wireLength: 1000, nanoseconds: Int64($0)) }
    let path = try scratch.write("shrinks", PcapVariant.nanoseconds.file(many, isBig: false).bytes)
    var gate = CaptureGate(inputs: [path], filter: nil)
    var delivery = try Delivery([])
    let goesOn = try delivery.take(&gate)
    #expect(goesOn)
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.truncate(atOffset: 3_000_000)
    while try delivery.take(&gate) {}
    #expect(delivery.packets == Array(many.prefix(delivery.packets.count)))
    #expect(delivery.packets.count == (3_000_000 - 24) / 1016)
    let reports = gate.reports
    let report = try #require(reports.first)
    #expect(report.error?.reason == "got shorter while it was read")
    #expect(!report.complete)
  }
}
