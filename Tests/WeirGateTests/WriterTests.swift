import Foundation
import Testing
import WeirGate
import WeirModel

/// What `CaptureWriter` writes, read again by the gate and by libpcap.
struct WriterTests {
  private let scratch: ScratchDirectory

  init() throws { scratch = try ScratchDirectory() }

  private func slot(_ packet: Packet) -> Slot {
    Slot(
      offset: 0, capturedLength: Int32(packet.bytes.count), wireLength: packet.wireLength,
      timestamp: Timestamp(nanoseconds: packet.nanoseconds), link: packet.link, interface: 0)
  }

  private func write(_ packets: [Packet], comments: [[UInt8]], to path: String) throws {
    var writer = try CaptureWriter(path: path)
    for (packet, comment) in zip(packets, comments) {
      try writer.write(packet.bytes.span, slot: slot(packet), comment: comment)
    }
    try writer.finish()
  }

  @Test func whatIsWrittenIsReadAgain() throws {
    var packets = Packet.samples(500)
    for index in packets.indices {
      packets[index].nanoseconds += Int64(index % 7)
      if index % 3 == 1 {
        packets[index].link = .raw
        packets[index].interface = 1
      }
    }
    let comments = packets.indices.map { Array("evil.example \($0)".utf8.prefix($0 % 20)) }
    let path = scratch.path + "/out.pcapng"
    try write(packets, comments: comments, to: path)
    let delivery = try Delivery([path])
    #expect(delivery.packets == packets)
    #expect(delivery.reports.first?.kind == "pcapng")
    #expect(delivery.reports.first?.complete == true)
  }

  @Test func libpcapReadsWhatIsWritten() throws {
    let packets = Packet.samples(50)
    let path = scratch.path + "/out.pcapng"
    try write(packets, comments: packets.map { _ in Array("note".utf8) }, to: path)
    let reading = LibpcapReading(path)
    #expect(reading.fault == nil)
    #expect(reading.packets == packets)
  }

  @Test func theCommentStandsInTheFile() throws {
    let path = scratch.path + "/out.pcapng"
    let long = Array(repeating: UInt8(ascii: "x"), count: 70_000)
    let packets = Packet.samples(2)
    try write(packets, comments: [Array("203.0.113.9".utf8), long], to: path)
    let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
    #expect(bytes.firstRange(of: [1, 0, 11, 0] + Array("203.0.113.9".utf8)) != nil)
    #expect(bytes.count(where: { $0 == UInt8(ascii: "x") }) == 65_535)
    #expect(try Delivery([path]).packets == packets)
  }

  @Test func aFileWithoutPacketsIsACapture() throws {
    let path = scratch.path + "/out.pcapng"
    try CaptureWriter(path: path).finish()
    let report = try #require(try Delivery([path]).reports.first)
    #expect(report.complete && report.packets == 0 && report.kind == "pcapng")
  }

  @Test func errorsNameTheCall() throws {
    #expect(throws: GateError(call: "open", code: 2)) {
      _ = try CaptureWriter(path: scratch.path + "/none/out").finish()
    }
    #expect(throws: GateError(call: "write", code: 28)) {
      try write(Packet.samples(3), comments: [[], [], []], to: "/dev/full")
    }
    let long = Packet(
      bytes: Array(repeating: 0, count: Limits.packetBytesMax + 1), wireLength: 0, nanoseconds: 0)
    #expect(throws: GateError(call: "write", code: 90)) {
      try write([long], comments: [[]], to: scratch.path + "/long")
    }
  }

  @Test func momentsBefore1970AreWrittenAs1970() throws {
    let early = Packet(bytes: [1], wireLength: 1, nanoseconds: -5)
    let path = scratch.path + "/early"
    try write([early], comments: [[]], to: path)
    #expect(try Delivery([path]).packets.map(\.nanoseconds) == [0])
  }
}
