import Testing
import WeirDecode
import WeirModel

/// Links up to IP, each around the same packet.
struct LinkTests {
  /// UDP from 192.0.2.1 to 198.51.100.2 without data.
  static let packet: [UInt8] =
    [0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 198, 51, 100, 2]
    + [0x9c, 0x40, 0, 9, 0, 8, 0, 0]
  /// The same over IPv6, from 2001:db8::1 to 2001:db8::2.
  static let packet6: [UInt8] =
    [0x60, 0, 0, 0, 0, 8, 17, 64] + address6(1) + address6(2) + packet.suffix(8)
  static let hosts = [UInt8](repeating: 2, count: 12)
  static let ethernet4: [UInt8] = hosts + [0x08, 0x00] + packet
  static let snap: [UInt8] = [0xaa, 0xaa, 3, 0, 0, 0, 8, 0] + packet
  static let wireless: [UInt8] = [UInt8](repeating: 0, count: 22)

  private static func address6(_ last: UInt8) -> [UInt8] {
    [0x20, 0x01, 0x0d, 0xb8] + [UInt8](repeating: 0, count: 11) + [last]
  }

  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var link: LinkType
    var head: [UInt8]
    var rest: [UInt8] = LinkTests.packet

    init(_ name: String, _ link: LinkType, _ head: [UInt8], _ rest: [UInt8] = LinkTests.packet) {
      (testDescription, self.link, self.head, self.rest) = (name, link, head, rest)
    }

    var frame: [UInt8] { head + rest }
  }

  private static func ether(_ type: Int, _ more: [UInt8]) -> [UInt8] {
    hosts + [UInt8(type >> 8), UInt8(type & 255)] + more
  }

  static let cases = [
    Case("MPLS", .ethernet, ether(0x8847, [0, 1, 0x01, 64])),
    Case(
      "three labels", .ethernet, ether(0x8848, [0, 1, 0, 64, 0, 2, 0, 64, 0, 3, 1, 64]), packet6),
    Case("MPLS control word", .ethernet, ether(0x8847, [0, 1, 1, 64, 0, 0, 0, 0]), ethernet4),
    Case("tag before MPLS", .ethernet, ether(0x8100, [0, 5, 0x88, 0x47, 0, 1, 1, 64])),
    Case("PPPoE", .ethernet, ether(0x8864, [0x11, 0, 0, 1, 0, 30, 0x00, 0x21])),
    Case("PPPoE IPv6", .ethernet, ether(0x8864, [0x11, 0, 0, 1, 0, 50, 0x57]), packet6),
    Case(
      "PPPoE QinQ", .ethernet,
      ether(0x88a8, [0, 1, 0x81, 0, 0, 2, 0x88, 0x64, 0x11, 0, 0, 1, 0, 30, 0x21])),
    Case("SNAP", .ethernet, hosts + [0, 36], snap),
    Case("LLC IP", .ethernet, hosts + [0, 31, 6, 6, 3]),
    Case("FabricPath", .ethernet, ether(0x8903, [0, 0x41]), ethernet4),
    Case("PBB", .ethernet, ether(0x88a8, [0, 1, 0x88, 0xe7, 0, 0, 0, 9]), ethernet4),
    Case("VN-tag", .ethernet, ether(0x8926, [0, 1, 0, 2, 8, 0])),
    Case("metadata", .ethernet, ether(0x8909, [1, 1, 0, 1, 0, 9, 8, 0])),
    Case("service header", .ethernet, ether(0x894f, [0, 2, 1, 1, 0, 0, 1, 255])),
    Case(
      "time stamp 64", .ethernet,
      ether(0xd28b, [0, 1, 0, 0x10] + [UInt8](repeating: 9, count: 8) + [8, 0])),
    Case(
      "time stamp 48", .ethernet,
      ether(0xd28b, [0, 1, 0, 0x20] + [UInt8](repeating: 9, count: 6) + [8, 0])),
    Case("bridging", .ethernet, ether(0x6558, []), ethernet4),
    Case("PPP", .ppp, [0xff, 3, 0, 0x21]),
    Case("PPP short", .ppp, [0x21]),
    Case("PPP MPLS", .ppp, [0x02, 0x81, 0, 1, 1, 64]),
    Case("serial PPP", .pppSerial, [0xff, 3, 0, 0x57], packet6),
    Case("serial HDLC", .pppSerial, [0x0f, 0, 8, 0]),
    Case("PPP over Ethernet", .pppEthernet, [0x11, 0, 0, 1, 0, 30, 0, 0x21]),
    Case("HDLC", .ciscoHDLC, [0x8f, 0, 0x86, 0xdd], packet6),
    Case("cooked LLC", .linuxSLL, [UInt8](repeating: 0, count: 14) + [0, 4], snap),
    Case("null EtherType", .null, [0, 0x08, 0, 0]),
    Case("802.11", .wireless, [0x08, 0x01] + wireless, snap),
    Case("802.11 QoS", .wireless, [0x88, 0x02] + wireless + [0, 0], snap),
    Case("802.11 four addresses", .wireless, [0x08, 0x03] + wireless + [1, 2, 3, 4, 5, 6], snap),
    Case(
      "802.11 aggregate", .wireless, [0x88, 0x02] + wireless + [0x80, 0] + hosts + [0, 36], snap),
    Case("radiotap", .radiotap, [0, 0, 8, 0, 0, 0, 0, 0, 0x08, 0x01] + wireless, snap),
    Case(
      "radiotap padded", .radiotap,
      [0, 0, 17, 0, 3, 0, 0, 0] + [UInt8](repeating: 1, count: 8) + [0x20, 0x88, 0x01] + wireless
        + [0, 0, 0, 0], snap),
    Case("PPI", .perPacketInformation, [0, 0, 12, 0, 1, 0, 0, 0, 9, 9, 9, 9], ethernet4),
    Case("NFLOG", .netfilterLog, [2, 0, 0, 0, 5, 0, 10, 0, 0, 0, 0, 0, 32, 0, 9, 0]),
    Case("NFLOG network order", .netfilterLog, [2, 0, 0, 0, 0, 8, 0, 1, 0, 0, 0, 0, 0, 32, 0, 9]),
  ]

  private func decode(_ frame: [UInt8], _ link: LinkType) -> Observation {
    FrameDecoder.decode(frame.span, wireLength: frame.count, link: link)
  }

  @Test(arguments: cases) func theAddressesAreThoseBehindTheLink(_ link: Case) {
    let observation = decode(link.frame, link.link)
    let isWide = link.rest == Self.packet6
    #expect(observation.source.description == (isWide ? "2001:db8::1" : "192.0.2.1"))
    #expect(observation.destination.description == (isWide ? "2001:db8::2" : "198.51.100.2"))
    #expect(observation.destinationPort == 9 && observation.error == nil)
  }

  @Test(arguments: cases) func everyCutBeforeTheAddressesHasAReason(_ link: Case) {
    let whole = link.frame.count
    let addresses = whole - (link.rest == Self.packet6 ? 8 : 8)
    for length in 0..<addresses {
      let observation = decode(Array(link.frame.prefix(length)), link.link)
      #expect(!observation.hasAddresses, "cut to \(length)")
      #expect(observation.error?.reason.hasAddresses == false, "cut to \(length)")
    }
    #expect(decode(Array(link.frame.prefix(addresses)), link.link).hasAddresses)
  }

  @Test(arguments: cases) func flippedBitsNeverTrap(_ link: Case) {
    var read = 0
    for bit in 0..<link.head.count * 8 {
      var frame = link.frame
      frame[bit / 8] ^= 1 << UInt8(bit % 8)
      let observation = decode(frame, link.link)
      #expect(observation.hasAddresses || observation.error != nil)
      read += observation.hasAddresses ? 1 : 0
    }
    #expect(read < link.head.count * 8 || link.head.allSatisfy { $0 == 2 })
  }

  @Test(
    arguments: [
      ("unknown link type", 147, [1, 2, 3, 4], Unjudged.linkType),
      ("ARP", 1, ether(0x0806, [0, 1, 8, 0]), .notIP),
      ("spanning tree", 1, hosts + [0, 38, 0x42, 0x42, 3, 0, 0], .notIP),
      ("PPPoE discovery", 1, ether(0x8863, [0x11, 9, 0, 0, 0, 0]), .notIP),
      ("PPPoE version", 1, ether(0x8864, [0x12, 0, 0, 1, 0, 30, 0, 0x21]), .malformed),
      ("link control", 9, [0xff, 3, 0xc0, 0x21, 1, 1, 0, 4], .notIP),
      ("encrypted", 105, [0x08, 0x41] + wireless + [1, 2, 3, 4, 5, 6, 7, 8], .encryptedLink),
      ("beacon", 105, [0x80, 0x00] + wireless, .notIP),
      ("no data", 105, [0x48, 0x01] + wireless, .notIP),
      (
        "five tags", 1,
        ether(0x8100, [0, 1, 0x81, 0, 0, 2, 0x81, 0, 0, 3, 0x81, 0, 0, 4, 0x81, 0, 0, 5, 8, 0]),
        .malformed
      ),
      ("labels without end", 1, ether(0x8847, (0..<80).map { _ in 0 }), .malformed),
      ("PPI in PPI", 192, [0, 0, 8, 0, 192, 0, 0, 0, 0, 0, 8, 0, 1, 0, 0, 0], .linkType),
    ] as [(String, UInt16, [UInt8], Unjudged)])
  func whatIsNoIPHasItsReason(name: String, link: UInt16, frame: [UInt8], reason: Unjudged) {
    let observation = decode(frame, LinkType(rawValue: link))
    #expect(!observation.hasAddresses)
    #expect(observation.error?.reason == reason)
  }

  @Test func framesInFramesComeToAnEnd() {
    var frame: [UInt8] = []
    for _ in 0..<2000 { frame += Self.hosts + [0x89, 0x03, 0, 0x41] }
    #expect(decode(frame + Self.ethernet4, .ethernet).error?.reason == .malformed)
  }
}
