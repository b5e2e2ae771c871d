import Testing

@testable import BenchCapture

@Suite struct TruthTests {
  @Test(arguments: TrafficMix.allCases, [1, 2] as [UInt64])
  func theTruthIsWhatBruteForceCounts(mix: TrafficMix, seed: UInt64) throws {
    let lists = SmallLists.make()
    let capture = try TemporaryCapture(TemporaryCapture.options(mix, seed: seed), lists)
    var expected = SlowRecount.truth(SlowParser.packets(capture.bytes), lists)
    // The recount looks at packets one by one, so it cannot say in which a stream's hit ends.
    #expect(capture.truth.union.anyInStreams >= capture.truth.union.any)
    expected.union.anyInStreams = capture.truth.union.anyInStreams
    #expect(capture.truth == expected, "\(mix), seed \(seed)")
    #expect(!capture.truth.ip.isEmpty)
    if mix != .frames100 {
      #expect(!capture.truth.domain.isEmpty && !capture.truth.pattern.isEmpty)
      #expect(capture.truth.totals.vlan > 0 && capture.truth.totals.ipv6 > 0)
    }
  }

  @Test func overlappingEntriesCountEach() throws {
    let lists = SmallLists.make()
    let capture = try TemporaryCapture(TemporaryCapture.options(.imix), lists)
    let inner = lists.prefixes[0]
    let outer = AddressPrefix(family: .ipv4, address: inner.first, length: 22)
    let hits = capture.truth.ip
    // What the inner entry has, the outer has too.
    for (small, large) in [(inner, outer)] where hits["\(small)"] != nil {
      #expect((hits["\(large)"]?.packets ?? 0) >= (hits["\(small)"]?.packets ?? 0))
    }
    let covered = lists.prefixes.prefix(10).filter { hits["\($0)"] != nil }
    #expect(!covered.isEmpty)
  }

  @Test(arguments: TrafficMix.allCases) func withoutThreatsNothingMatches(mix: TrafficMix) throws {
    var options = TemporaryCapture.options(mix)
    options.threatRate = 0
    let capture = try TemporaryCapture(options, SmallLists.make())
    #expect(capture.truth.union == Truth.Union())
    #expect(capture.truth.ip.isEmpty && capture.truth.domain.isEmpty)
    #expect(capture.truth.pattern.isEmpty && capture.truth.packets == 1_200)
  }

  @Test func everyFrameIsAThreatWhenAskedFor() throws {
    var options = TemporaryCapture.options(.frames100)
    options.threatRate = 1
    let capture = try TemporaryCapture(options, SmallLists.make())
    #expect(capture.truth.union.ip == 1_200)
    #expect(SlowParser.packets(capture.bytes).allSatisfy { $0.length == 100 })
  }

  @Test func aPatternOfTheProtocolItselfIsCounted() throws {
    let pattern = BytePattern(
      identifier: "h", bytes: Array("HTTP/1.1\r\n".utf8), ignoresCase: false)
    let lists = IndicatorLists(patterns: [pattern])
    var options = TemporaryCapture.options(.web)
    options.threatRate = 0
    let capture = try TemporaryCapture(options, lists)
    let expected = SlowRecount.truth(SlowParser.packets(capture.bytes), lists)
    #expect(capture.truth.pattern == expected.pattern)
    #expect(capture.truth.pattern["h"]?.packets == capture.truth.totals.httpRequest)
  }

  @Test func patternsAreFoundAcrossSegments() throws {
    var options = TemporaryCapture.options(.large)
    options.threatRate = 1
    options.packets = 8_000
    let capture = try TemporaryCapture(options, SmallLists.make())
    let across = capture.truth.pattern.values.reduce(0) { $0 + $1.streamOnly }
    #expect(across > 0)
    #expect(capture.truth.union.anyInStreams > capture.truth.union.any)
  }
}
