import Testing
import WeirDecode
import WeirModel

/// Tunnels of every kind around the same packet.
struct TunnelTests {
  static let packet = LinkTests.packet
  static let packet6 = LinkTests.packet6
  static let ethernet4 = LinkTests.ethernet4

  /// IPv4 from 10.0.0.1 to 10.0.0.2 with a protocol and what it carries.
  static func ip(_ number: UInt8, _ payload: [UInt8]) -> [UInt8] {
    [0x45, 0] + big16(20 + payload.count) + [
      0, 0, 0, 0, 64, number, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2,
    ]
      + payload
  }

  static func udp(_ port: Int, _ payload: [UInt8], from source: Int = 50_000) -> [UInt8] {
    ip(17, big16(source) + big16(port) + big16(8 + payload.count) + [0, 0] + payload)
  }

  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var frame: [UInt8]
    var isWide: Bool
    var depth = 1

    init(_ name: String, _ frame: [UInt8], isWide: Bool = false, depth: Int = 1) {
      (testDescription, self.frame, self.isWide, self.depth) = (name, frame, isWide, depth)
    }
  }

  static let gre: [UInt8] = [0, 0, 8, 0]
  static let vxlan: [UInt8] = [8, 0, 0, 0, 0, 0, 7, 0]
  static let gtp: [UInt8] = [0x30, 0xff, 0, 28, 0, 0, 0, 1]

  static let cases = [
    Case("IPIP", ip(4, packet)),
    Case("6in4", ip(41, packet6), isWide: true),
    Case("GRE", ip(47, gre + packet)),
    Case(
      "GRE key, sequence, checksum",
      ip(47, [0xb0, 0, 0x86, 0xdd] + [UInt8](repeating: 1, count: 12) + packet6), isWide: true),
    Case("NVGRE", ip(47, [0x20, 0, 0x65, 0x58, 0, 0, 1, 0] + ethernet4)),
    Case("GRE MPLS", ip(47, [0, 0, 0x88, 0x47, 0, 1, 1, 64] + packet)),
    Case(
      "PPTP",
      ip(
        47,
        [0x30, 0x81, 0x88, 0x0b] + [UInt8](repeating: 1, count: 12) + [0xff, 3, 0, 0x21] + packet)),
    Case("ERSPAN I", ip(47, [0, 0, 0x88, 0xbe] + ethernet4)),
    Case(
      "ERSPAN II",
      ip(47, [0x10, 0, 0x88, 0xbe, 0, 0, 0, 1] + [UInt8](repeating: 1, count: 8) + ethernet4)),
    Case(
      "ERSPAN III",
      ip(47, [0x10, 0, 0x22, 0xeb, 0, 0, 0, 1] + [UInt8](repeating: 0, count: 12) + ethernet4)),
    Case(
      "ERSPAN III with a subheader",
      ip(47, [0x10, 0, 0x22, 0xeb, 0, 0, 0, 1] + [UInt8](repeating: 1, count: 20) + ethernet4)),
    Case("WCCP", ip(47, [0, 0, 0x88, 0x3e] + [0, 0, 0, 0] + packet)),
    Case("EtherIP", ip(97, [0x30, 0] + ethernet4)),
    Case("MPLS in IP", ip(137, [0, 1, 1, 64] + packet)),
    Case("VXLAN", udp(4789, vxlan + ethernet4)),
    Case("VXLAN of Linux", udp(8472, vxlan + ethernet4)),
    Case("VXLAN-GPE", udp(4790, [0x0c, 0, 0, 2, 0, 0, 7, 0] + packet6), isWide: true),
    Case("GENEVE", udp(6081, [0, 0, 0x65, 0x58, 0, 0, 7, 0] + ethernet4)),
    Case(
      "GENEVE with options",
      udp(6081, [2, 0, 8, 0, 0, 0, 7, 0] + [UInt8](repeating: 9, count: 8) + packet)),
    Case("GTP-U", udp(2152, gtp + packet)),
    Case(
      "GTP-U with extensions",
      udp(
        2152,
        [0x34, 0xff, 0, 40, 0, 0, 0, 1, 0, 0, 0, 0x85] + [1, 0, 9, 0x40] + [1, 0, 0, 0] + packet)),
    Case(
      "GTP-U with a sequence", udp(2152, [0x32, 0xff, 0, 32, 0, 0, 0, 1, 0, 1, 0, 0] + packet6),
      isWide: true),
    Case("L2TP", udp(1701, [0, 2, 0, 1, 0, 1, 0xff, 3, 0, 0x21] + packet)),
    Case(
      "L2TP with all fields",
      udp(1701, [0x4a, 2, 0, 50, 0, 1, 0, 1, 0, 0, 0, 0, 0, 2, 9, 9, 0, 0x57] + packet6),
      isWide: true),
    Case("Teredo", udp(3544, packet6), isWide: true),
    Case(
      "Teredo from its server", udp(40_000, [0, 0, 1, 2, 3, 4, 5, 6] + packet6, from: 3544),
      isWide: true),
    Case(
      "Teredo with authentication",
      udp(3544, [0, 1, 0, 0] + [UInt8](repeating: 1, count: 9) + packet6), isWide: true),
    Case("MPLS in UDP", udp(6635, [0, 1, 1, 64] + packet)),
    Case("two", ip(4, ip(47, gre + packet)), depth: 2),
    Case(
      "four", ip(4, udp(4789, vxlan + LinkTests.hosts + [8, 0] + ip(47, gre + ip(4, packet)))),
      depth: 4),
  ]

  private func decode(_ frame: [UInt8]) -> Observation {
    var observation = FrameDecoder.decode(frame.span, wireLength: frame.count, link: .raw)
    TunnelDecoder.enterAll(frame.span, wireLength: frame.count, &observation)
    return observation
  }

  @Test(arguments: cases) func theInnermostPacketIsTheOneObserved(_ tunnel: Case) {
    let observation = decode(tunnel.frame)
    #expect(observation.source.description == (tunnel.isWide ? "2001:db8::1" : "192.0.2.1"))
    #expect(Int(observation.depth) == tunnel.depth)
    #expect(observation.destinationPort == 9 && observation.error == nil)
    #expect(Int(observation.payloadStart) == tunnel.frame.count)
  }

  @Test(arguments: cases) func everyCutLeavesTheOuterAddresses(_ tunnel: Case) {
    for length in 20..<tunnel.frame.count {
      let observation = decode(Array(tunnel.frame.prefix(length)))
      #expect(observation.hasAddresses, "cut to \(length)")
      #expect(observation.error != nil, "cut to \(length)")
      #expect(Int(observation.depth) <= tunnel.depth)
    }
  }

  @Test(arguments: cases) func flippedBitsNeverTrap(_ tunnel: Case) {
    var entered = 0
    for bit in 20 * 8..<tunnel.frame.count * 8 {
      var frame = tunnel.frame
      frame[bit / 8] ^= 1 << UInt8(bit % 8)
      let observation = decode(frame)
      #expect(observation.hasAddresses)
      entered += observation.depth > 0 ? 1 : 0
    }
    #expect(entered > 0)
  }

  @Test(
    arguments: [
      ("five", ip(4, ip(4, ip(4, ip(4, ip(4, packet))))), 4, Unjudged.tunnelDepth),
      ("ESP", ip(50, [UInt8](repeating: 9, count: 40)), 0, .encrypted),
      ("GRE with ARP", ip(47, [0, 0, 8, 6, 0, 1]), 0, .tunnelForeign),
      ("GRE of version 2", ip(47, [0, 2, 8, 0] + packet), 0, .protocolUnknown),
      ("GRE with routes", ip(47, [0x40, 0, 8, 0] + packet), 0, .protocolUnknown),
      ("IPIP with nothing", ip(4, []), 0, .tunnelForeign),
      ("L2TP control", udp(1701, [0xc8, 2, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0]), 0, nil),
      ("DNS on the port of VXLAN", udp(4789, [UInt8](repeating: 0x5a, count: 40)), 0, nil),
      ("GTP control", udp(2152, [0x32, 1, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0]), 0, nil),
      ("not Teredo", udp(3544, Array(packet6.dropLast())), 0, nil),
    ] as [(String, [UInt8], Int, Unjudged?)])
  func whatIsNoTunnelIsLeftAsItIs(name: String, frame: [UInt8], depth: Int, reason: Unjudged?) {
    let observation = decode(frame)
    #expect(observation.source.description == "10.0.0.1")
    #expect(Int(observation.depth) == depth)
    #expect(observation.error?.reason == reason)
  }
}
