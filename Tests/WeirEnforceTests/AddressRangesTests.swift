import Testing
import WeirModel

@testable import WeirEnforce

@Suite("What is blocked, as ranges")
struct AddressRangesTests {
  /// A world of 256 addresses in which every answer can be counted out.
  @Test func rangesHoldWhatTheirListHolds() {
    var random = Generator(seed: 7)
    for round in 0..<2000 {
      let list: [(first: UInt32, last: UInt32)] = (0..<Int(random.next() % 12)).map { _ in
        let first = UInt32(random.next() % 256)
        return (first, min(255, first + UInt32(random.next() % 20)))
      }
      let ranges = AddressRanges(list)
      for address in UInt32(0)..<256 {
        let isListed = list.contains { $0.first <= address && address <= $0.last }
        #expect(ranges.contains(address) == isListed, "round \(round), \(address) of \(list)")
      }
      for index in 1..<max(1, ranges.count) {
        #expect(ranges.lasts[index - 1] < ranges.firsts[index])
      }
      let hosts = ranges.ranges(ofHosts: true)
      let wide = ranges.ranges(ofHosts: false)
      #expect(hosts.count + wide.count == ranges.count)
      #expect(zip(hosts.firsts, hosts.lasts).allSatisfy { $0 == $1 })
      #expect(zip(wide.firsts, wide.lasts).allSatisfy { $0 < $1 })
      #expect(ranges.subtracting(hosts) == wide)
      var union = hosts
      union.formUnion(wide)
      #expect(union == ranges)
    }
  }

  @Test func neighborsStayApartAndTheEndsOfTheWorldAreReached() {
    let ranges = AddressRanges<UInt32>([(10, 10), (11, 11), (0, 0), (.max, .max), (5, 3)])
    #expect(ranges.firsts == [0, 10, 11, .max])
    #expect(AddressRanges<UInt128>([(0, .max), (4, 5)]).lasts == [.max])
  }

  @Test func aPlanHoldsEachAddressOnItsSide() throws {
    var builder = BlockPlan.Builder()
    let network = try #require(IPAddress("192.0.2.0"))
    builder.block(
      try #require(IPRange(network, IPPrefix(network, length: 24).last)), on: .both)
    let host = try #require(IPAddress("2001:db8::1"))
    builder.block(try #require(IPRange(host, host)), on: .source)
    builder.allow(try #require(IPRange(host, host)))
    builder.protect(network)
    let plan = builder.plan()
    #expect(plan.v4.both.contains(0xc000_02ff) && !plan.v4.both.contains(0xc000_0300))
    #expect(plan.v4.own.firsts == [0xc000_0200])
    #expect(plan.v6.source.firsts == [0x2001_0db8 << 96 | 1] && plan.v6.destination.isEmpty)
    #expect(plan.v6.allowed == plan.v6.source)
    #expect(plan.blockCount == 2)
  }
}

/// SplitMix64: the same numbers on every machine.
struct Generator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }
}
