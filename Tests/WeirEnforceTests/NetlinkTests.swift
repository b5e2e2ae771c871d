import Testing
import WeirModel

@testable import WeirEnforce

@Suite("Messages to and from the kernel")
struct NetlinkTests {
  private static func message(_ rule: NftRule, generation: Int) -> [UInt8] {
    var writer = NetlinkWriter()
    writer.add(NftABI.Rule.table, "weir")
    writer.add(NftABI.Rule.chain, rule.chain)
    writer.nest(NftABI.Rule.expressions) { rule.write(to: &$0, generation: generation) }
    return writer.bytes
  }

  @Test func everyRuleIsReadAsItWasWritten() {
    let rules = NftRule.all(sets: NftSet.all, drops: true)
    #expect(rules.count == 4 + 4 * (2 + 2 + 2 + 1 + 1) + 2)
    for rule in rules {
      let bytes = Self.message(rule, generation: 41)
      let read = NftRule.read(bytes.span, 0..<bytes.count)
      #expect(read.rule == rule)
      let looksUp = rule.steps.contains {
        if case .isIn(let stem, _) = $0 { !stem.hasPrefix("flows") } else { false }
      }
      #expect(read.generation == (looksUp ? 41 : nil))
    }
  }

  @Test func auditRulesDropNothing() {
    let rules = NftRule.all(sets: NftSet.all, drops: false)
    #expect(!rules.contains { $0.steps.contains(.drops) })
    #expect(rules.filter { $0.steps.contains(.accepts) }.count == 16)
  }

  @Test(arguments: [true, false]) func elementsAreReadAsTheyWereWritten(isInterval: Bool) {
    let list: [(first: UInt128, last: UInt128)] =
      isInterval
      ? [(0, 7), (8, 9), (20, 1 << 100), ((.max) - 5, .max)] : [(0, 0), (9, 9), (.max, .max)]
    let ranges = AddressRanges(list)
    var writer = NetlinkWriter()
    NftElements.write(ranges, 0..<ranges.count, isInterval: isInterval, to: &writer)
    var reading = NftElements.Reading<UInt128>()
    reading.take(writer.bytes.span, 0..<writer.bytes.count)
    #expect(reading.ranges(isInterval: isInterval) == ranges)
  }

  @Test func aFullMessageOfElementsFitsItsAttribute() {
    let list = (0..<NftElements.rangesPerMessage).map {
      (first: UInt128($0) * 4, last: UInt128($0) * 4 + 1)
    }
    var writer = NetlinkWriter()
    NftElements.write(AddressRanges(list), 0..<list.count, isInterval: true, to: &writer)
    #expect(writer.bytes.count < 65_536)
  }

  @Test func noTruncationOrFlippedBitTraps() {
    let rule = NftRule.all(sets: NftSet.all, drops: true)[4]
    var writer = NetlinkWriter()
    writer.message(type: 0xa06, flags: 0, sequence: 3, family: 1) { writer in
      writer.add(NftABI.Rule.chain, rule.chain)
      writer.nest(NftABI.Rule.expressions) { rule.write(to: &$0, generation: 1) }
      NftElements.write(AddressRanges<UInt32>([(1, 5)]), 0..<1, isInterval: true, to: &writer)
    }
    let whole = writer.bytes
    var seen = 0
    func read(_ bytes: [UInt8]) {
      NetlinkReader.forEachMessage(bytes.span) { message in
        seen += 1
        _ = NftRule.read(bytes.span, message.body)
        _ = NetlinkReader.errorCode(bytes.span, message)
        var reading = NftElements.Reading<UInt32>()
        reading.take(bytes.span, message.body)
        _ = reading.ranges(isInterval: true)
      }
    }
    for length in 0...whole.count { read(Array(whole.prefix(length))) }
    #expect(seen == 1)
    for bit in 0..<whole.count * 8 {
      var damaged = whole
      damaged[bit / 8] ^= 1 << (bit % 8)
      read(damaged)
    }
    #expect(seen > whole.count)
  }

  @Test func aFlowIsAKeyOfWholeWords() throws {
    let client = try #require(IPAddress("192.0.2.1"))
    let server = try #require(IPAddress("198.51.100.2"))
    let other = try #require(IPAddress("::1"))
    let flow = try #require(
      BlockedFlow(
        source: client, destination: server, transport: 6, sourcePort: 0x1234,
        destinationPort: 443))
    let ports: [UInt8] = [0x12, 0x34, 0, 0, 1, 187, 0, 0]
    #expect(flow.key == [192, 0, 2, 1, 198, 51, 100, 2, 6, 0, 0, 0] + ports)
    #expect(flow.reversed.reversed == flow && flow.reversed.key.prefix(4) == [198, 51, 100, 2])
    #expect(
      BlockedFlow(
        source: client, destination: other, transport: 6,
        sourcePort: 1, destinationPort: 2) == nil)
  }

  @Test func namesOfSetsCarryTheirGeneration() {
    for set in NftSet.all {
      #expect(NftSet.generation(ofName: set.name(generation: 12)) == 12)
    }
    for name in ["", "both4_hosts", "both4_hosts_", "mine_3", "both4_hosts_x"] {
      #expect(NftSet.generation(ofName: name) == nil)
    }
  }
}
