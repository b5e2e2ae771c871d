import Testing
import WeirGate
import WeirModel

/// libpcap's filters.
struct FilterTests {
  private let scratch: ScratchDirectory

  init() throws { scratch = try ScratchDirectory() }

  /// An IPv4 UDP packet without payload.
  private static func datagram(port: UInt8, link: LinkType) -> Packet {
    let ethernet: [UInt8] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0]
    let network: [UInt8] = [
      0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 198, 51, 100, 1,
      0x30, 0x39, 0, port, 0, 8, 0, 0,
    ]
    let bytes = link == .ethernet ? ethernet + network : network
    return Packet(bytes: bytes, wireLength: UInt32(bytes.count), nanoseconds: 0, link: link)
  }

  @Test func onlyPacketsThatPassAreLent() throws {
    let filter = try PacketFilter(expression: "udp port 53")
    for link in [LinkType.ethernet, .raw] {
      let all = [53, 80, 53, 81, 82].map { Self.datagram(port: $0, link: link) }
      let bytes = PcapVariant.microseconds.file(
        all, isBig: false, linkField: UInt32(link.rawValue)
      ).bytes
      for way in Way.allCases {
        for batch in [1, 2, 256] {
          let delivery = try way.deliver(bytes, batch: batch, filter: filter, in: scratch)
          #expect(delivery.packets == [all[0], all[2]])
          #expect(delivery.reports.first?.packets == 2)
          #expect(delivery.reports.first?.filteredPackets == 3)
          #expect(delivery.reports.first?.complete == true)
        }
      }
    }
  }

  @Test func whenNothingPassesTheInputIsStillRead() throws {
    let filter = try PacketFilter(expression: "tcp")
    let all = (0..<600).map { _ in Self.datagram(port: 1, link: .ethernet) }
    let delivery = try Way.file.deliver(
      PcapVariant.microseconds.file(all, isBig: false).bytes, filter: filter, in: scratch)
    #expect(delivery.packets.isEmpty)
    #expect(delivery.reports.first?.filteredPackets == 600)
    #expect(delivery.reports.first?.complete == true)
  }

  @Test(arguments: ["udp porto 53", "host", "tcp and and", "port 99999"])
  func aBadExpressionIsRefusedWithAMessage(expression: String) {
    #expect {
      _ = try PacketFilter(expression: expression)
    } throws: { error in
      (error as? PacketFilterError)?.message.isEmpty == false
    }
  }

  @Test func packetsThatTheFilterDoesNotFitAreReported() throws {
    let filter = try PacketFilter(expression: "ether host 02:00:00:00:00:01")
    var builder = PcapngBuilder()
    builder.section()
    builder.interface(.raw)
    builder.interface(.ethernet)
    var ethernet = Self.datagram(port: 1, link: .ethernet)
    ethernet.interface = 1
    for packet in [Self.datagram(port: 1, link: .raw), ethernet, ethernet] {
      builder.packet(packet, units: 0)
      if packet.link == .raw { builder.packet(packet, units: 0) }
    }
    let delivery = try Way.file.deliver(builder.bytes, filter: filter, in: scratch)
    let report = try #require(delivery.reports.first)
    #expect(delivery.packets == [ethernet, ethernet])
    #expect(report.faults.map(\.kind) == [.unfilterable])
    #expect(report.filteredPackets == 2)
    #expect(!report.complete)
  }

  @Test func emptyFramesCanBeFiltered() throws {
    let empty = Packet(bytes: [], wireLength: 60, nanoseconds: 0)
    let bytes = PcapVariant.microseconds.file([empty, empty], isBig: false).bytes
    let all = try Way.file.deliver(
      bytes, filter: try PacketFilter(expression: ""), in: scratch)
    #expect(all.packets == [empty, empty])
    let none = try Way.file.deliver(
      bytes, filter: try PacketFilter(expression: "ip"), in: scratch)
    #expect(none.packets.isEmpty)
  }
}
