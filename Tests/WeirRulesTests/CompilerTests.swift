import Testing
import WeirMatch
import WeirModel
import WeirRules

struct CompilerTests {
  static let values = [
    "192.0.2.1", "2001:db8::1", "192.0.2.0/24", "2001:db8::/32", "198.51.100.1-198.51.100.9",
    "203.0.113.1:80", "evil.example", "a.evil.example", "|marker", "|shell",
  ]

  @Test func everyValueIsFoundAgain() throws {
    let rules = try compile([TestFeed("all", Self.values)]).rules
    let texts = (0..<UInt32(rules.indicatorCount)).map { rules.value(of: $0).text }
    #expect(texts.sorted() == Self.values.sorted())
    #expect(
      rules.counts == [.ip: 2, .cidr: 3, .endpoint: 1, .domain: 2, .pattern: 2])
    #expect(rules.judge(address: "2001:db8::1").hits == ["2001:db8::/32", "2001:db8::1"])
  }

  @Test func urlsAndDigestsAreFoundByTheirText() throws {
    let md5 = "00112233445566778899aabbccddeeff"
    let texts = [
      "http://b.example/x", "https://a.example/", "ja3:" + md5, "cert:" + md5, md5,
      "t13d1516h2_8daaf6152771_b186095e22b6", "AS64496", "AS64511",
    ]
    let (rules, yields) = try compile([
      TestFeed("sets", Self.values), TestFeed("texts", texts + [md5]),
      TestFeed("own", action: .allow, ["AS64511"]),
    ])
    #expect(yields[1].byKind == [.url: 2, .ja3: 1, .cert: 1, .hash: 1, .ja4: 1, .asn: 2])
    #expect(yields[1].duplicates == 1)
    #expect(rules.counts.filter { ValueSet.kinds.contains($0.key) } == yields[1].byKind)
    #expect(rules.indicatorCount == Self.values.count + texts.count)
    for text in texts {
      let listed = try #require(value(text))
      let listings = rules.listings(of: listed)
      #expect(listings.map(\.feed).first == 1, "\(text)")
      #expect(listings.map { rules.value(of: $0.indicator).text }.first == listed.description)
      #expect(listings.map { rules.value(of: $0.indicator).kind }.first == listed.kind)
    }
    for (text, count) in [("http://b.example/", 0), ("http://b.example/xx", 0)] {
      let url = try #require(WebURL(text))
      #expect(rules.listings(covering: url).count == count)
    }
    let below = try #require(WebURL("http://b.example/x/y"))
    #expect(
      rules.listings(covering: below).map { rules.value(of: $0.indicator).text } == [texts[0]])
    #expect(rules.judge(address: "192.0.2.1").hits == ["192.0.2.0/24", "192.0.2.1"])
  }

  @Test func loadedAndDuplicatesAreCountedByFeed() throws {
    let (rules, yields) = try compile([
      TestFeed("one", ["192.0.2.1", "192.0.2.1", "evil.example", "192.0.2.1/32"]),
      TestFeed("two", ["192.0.2.1", "192.0.2.0/24", "192.0.2.0-192.0.2.255"]),
      TestFeed("mine", action: .allow, ["good.example", "evil.example"]),
    ])
    #expect(yields.map(\.loaded) == [2, 2, 2])
    #expect(yields.map(\.duplicates) == [2, 1, 0])
    #expect(yields[0].byKind == [.ip: 1, .domain: 1])
    #expect(yields[1].byKind == [.ip: 1, .cidr: 1])
    // What stands on allow lists only is no indicator of a threat.
    #expect(rules.counts == [.ip: 1, .cidr: 1, .domain: 1])
    #expect(rules.indicatorCount == 4)
  }

  @Test func noFeedsAreARuleSetThatHitsNothing() throws {
    let rules = try compile([]).rules
    #expect(rules.indicatorCount == 0)
    #expect(rules.judge(address: "192.0.2.1").hits == [])
    #expect(rules.judge(name: "evil.example").hits == [])
    #expect(rules.feedSetCount == 1)
  }

  @Test func theSameFeedsGiveTheSameGeneration() throws {
    let feeds = [TestFeed("a", Self.values), TestFeed("b", action: .monitor, Self.values)]
    let one = try compile(feeds).rules
    #expect(one.generation == (try compile(feeds).rules.generation))
    let digits = one.generation.dropFirst("sha256:".count)
    #expect(one.generation.hasPrefix("sha256:") && digits.count == 64)
    #expect(digits.allSatisfy { "0123456789abcdef".contains($0) })
  }

  @Test func whateverChangesAReportChangesTheGeneration() throws {
    let base = TestFeed("a", confidence: 80, ["192.0.2.1", "evil.example"])
    var variants = [[base]]
    variants.append([TestFeed("b", confidence: 80, ["192.0.2.1", "evil.example"])])
    variants.append([TestFeed("a", confidence: 81, ["192.0.2.1", "evil.example"])])
    variants.append([
      TestFeed("a", action: .monitor, confidence: 80, ["192.0.2.1", "evil.example"])
    ])
    variants.append([TestFeed("a", confidence: 80, scope: .exact, ["192.0.2.1", "evil.example"])])
    variants.append([
      TestFeed("a", direction: .inbound, confidence: 80, ["192.0.2.1", "evil.example"])
    ])
    variants.append([TestFeed("a", confidence: 80, ["192.0.2.2", "evil.example"])])
    variants.append([TestFeed("a", confidence: 80, ["192.0.2.1"])])
    // The same policy for each indicator, but a second feed that is named with them, or with one of them.
    variants.append([base, TestFeed("b", confidence: 80, [])])
    variants.append([base, TestFeed("b", confidence: 80, ["192.0.2.1", "evil.example"])])
    variants.append([base, TestFeed("b", confidence: 80, ["192.0.2.1"])])
    let generations = try variants.map { try compile($0).rules.generation }
    #expect(Set(generations).count == variants.count)
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func theOrderOfLinesChangesNothingButFirstLines(_ seed: UInt64) throws {
    var random = Seeded(seed)
    var one = TestFeed("one", Self.values)
    let two = TestFeed(
      "two", action: .monitor, scope: .exact, Self.values.filter { _ in random.next() & 1 == 0 })
    // One feed may list a value in several ways.
    for index in one.entries.indices where random.next() & 1 == 0 {
      var again = one.entries[index]
      again.confidence = UInt8(random.next() % 100)
      again.scope = .exact
      one.entries.append(again)
    }
    let expected = try compile([one, two])
    for _ in 0..<10 {
      one.entries.shuffle(using: &random)
      let shuffled = try compile([one, two])
      #expect(shuffled.rules.listing == expected.rules.listing, "seed \(seed)")
      #expect(shuffled.yields == expected.yields, "seed \(seed)")
      #expect(shuffled.rules.generation == expected.rules.generation, "seed \(seed)")
    }
  }

  @Test func moreFeedsThanCanBeNumberedAreRefused() throws {
    var builder = RuleSetBuilder()
    let settings = FeedSettings(name: "x")
    for _ in 0..<Limits.feedsMax { _ = try builder.addFeed(settings) }
    #expect(
      throws: BuildError.tooManyFeeds(limit: Limits.feedsMax, asked: Limits.feedsMax + 1)
    ) { _ = try builder.addFeed(settings) }
  }
}

/// A seeded generator (SplitMix64).
struct Seeded: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }
}
