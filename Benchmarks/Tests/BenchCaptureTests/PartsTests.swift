import Testing

@testable import BenchCapture

@Suite struct PartsTests {
  @Test func splitMixGivesThePublishedNumbers() {
    var generator = SplitMix64(state: 1_234_567)
    let numbers = (0..<3).map { _ in generator.next() }
    #expect(
      numbers == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
  }

  @Test func drawsStayBelowTheBoundAndReachAll() {
    var random = SeededGenerator(seed: 5)
    var seen = [Int](repeating: 0, count: 7)
    for _ in 0..<7_000 { seen[random.below(7)] += 1 }
    #expect(seen.allSatisfy { (850...1_150).contains($0) })
    let never = Share(0)
    let always = Share(1)
    let draws = (0..<1_000).map { _ in (random.chance(never), random.chance(always)) }
    #expect(draws.allSatisfy { !$0.0 && $0.1 })
  }

  @Test func weightsDecideHowOften() {
    var random = SeededGenerator(seed: 6)
    let choice = WeightedChoice(weights: [0, 1, 0, 3])
    var seen = [0, 0, 0, 0]
    for _ in 0..<4_000 { seen[choice.draw(&random)] += 1 }
    #expect(seen[0] == 0 && seen[2] == 0)
    #expect((850...1_150).contains(seen[1]))
  }

  @Test(arguments: [
    "1.2.3.4", "0.0.0.0/0", "203.0.113.0/24", "2001:db8::/32", "::", "::1", "fe80::1:0:0:1",
    "1:2:3:4:5:6:7:8", "2001:0:0:1::", "::ffff:0:0/96",
  ])
  func addressesComeBackAsTheyWere(text: String) {
    #expect(AddressText.prefix(Array(text.utf8)[...])?.description == text)
  }

  @Test(arguments: [
    "", "1.2.3", "1.2.3.256", "1.2.3.4/33", "1.2.3.4/", "1.2.3.4.5", "a.b.c.d", ":", ":::",
    "1::2::3",
    ":1:2:3:4:5:6:7", "1:2:3:4:5:6:7:", "1:2:3:4:5:6:7:8:9", "12345::", "::1/129", "g::",
  ])
  func whatIsNoAddressIsNone(text: String) {
    #expect(AddressText.prefix(Array(text.utf8)[...]) == nil)
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func coverageIsWhatEachEntrySays(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    // A small world, so that entries overlap and touch.
    let entries = (0..<60).map { _ in
      AddressPrefix(
        family: .ipv4, address: 0x0102_0000 | UInt128(random.below(4_096)),
        length: 20 + random.below(13))
    }
    let index = CoverageIndex(entries)
    #expect(Set(index.entries) == Set(entries))
    for address in (0x0102_0000 - 64..<0x0102_1000 + 64).map({ UInt128($0) }) {
      let expected = Set(entries.filter { $0.first <= address && address <= $0.last })
      let found = index.covering(.ipv4, address).map { index.entries[$0] }
      #expect(Set(found) == expected && found.count == expected.count, "seed \(seed)")
      #expect(index.covers(.ipv4, address) == !expected.isEmpty, "seed \(seed)")
    }
    #expect(!index.covers(.ipv6, 0x0102_0000))
  }

  @Test(arguments: 1...50 as ClosedRange<UInt64>)
  func theSearcherFindsWhatBruteForceFinds(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let letters = Array("abAB".utf8)
    let patterns = (0..<12).map { index in
      BytePattern(
        identifier: "\(index)",
        bytes: (0..<(4 + random.below(5))).map { _ in random.pick(letters) },
        ignoresCase: index % 2 == 0)
    }
    let bytes = (0..<300).map { _ in random.pick(letters) }
    let found = PatternSearcher(patterns).search(bytes)
    for (index, pattern) in patterns.enumerated() {
      let count = found.filter { $0.pattern == index }.count
      #expect(count == SlowRecount.occurrences(of: pattern, in: bytes), "seed \(seed)")
    }
  }

  @Test func listsAreReadAsTheyAreWritten() throws {
    let lists = SmallLists.make()
    let json = try IndicatorLists.json(of: lists.patterns)
    let patterns = try IndicatorLists.patterns(in: json, path: "p")
    #expect(patterns == lists.patterns)
    let addresses = "# c\n1.2.3.4 # x\n\n10.0.0.0/8,9\r\n2001:db8::/32\nword\n; 5.6.7.8\n"
    #expect(
      IndicatorLists.prefixes(in: Array(addresses.utf8)).map(\.description)
        == ["1.2.3.4", "10.0.0.0/8", "2001:db8::/32"])
    let names = "! c\nEvil.example.\n0.0.0.0 bad.test\n*.w.test # x\nword\na..b\n1.2.3.4\n-\n"
    #expect(
      IndicatorLists.domains(in: Array(names.utf8)) == ["evil.example", "bad.test", "w.test"])
  }

  @Test func shortPatternsAreRefused() {
    let text = Array(#"[{"id": "s", "hex": "616263"}]"#.utf8)
    #expect(throws: CaptureError.self) { try IndicatorLists.patterns(in: text, path: "p") }
  }

  @Test func argumentsAreUnderstoodOrRefused() throws {
    let options = try CaptureOptions(arguments: [
      "--out", "a.pcap", "--packets", "7", "--mix", "dns", "--ips", "x", "--ips", "y", "--nanos",
      "--ipv6", "0.5",
    ])
    #expect(options.packets == 7 && options.mix == .dns && options.addressFiles == ["x", "y"])
    #expect(options.nanoseconds && options.ipv6 == 0.5 && options.generatedAddresses == 0)
    let plain = try CaptureOptions(arguments: ["--out", "a"])
    #expect(plain.generatedDomains == 200_000)
    for wrong in [
      [], ["--out"], ["--out", "a", "--mix", "tea"], ["--out", "a", "--ipv6", "2"],
      ["--out", "a", "--clients", "0"], ["--out", "a", "--bogus", "1"],
    ] {
      #expect(throws: CaptureError.self) { try CaptureOptions(arguments: wrong) }
    }
  }
}
