import Testing
import WeirMatch
import WeirModel
import WeirRules

struct OverlapTests {
  @Test func everyCoveringEntryIsHitAndTheMostSpecificDecides() throws {
    let rules = try compile([
      TestFeed("wide", ["192.0.2.0/24", "192.0.0.0/16"]),
      TestFeed("narrow", ["192.0.2.7", "192.0.2.4-192.0.2.9", "198.51.100.1"]),
    ]).rules
    let judged = rules.judge(address: "192.0.2.7")
    #expect(judged.hits == ["192.0.0.0/16", "192.0.2.0/24", "192.0.2.4-192.0.2.9", "192.0.2.7"])
    #expect(rules.cause(judged.ruling) == "192.0.2.7")
    #expect(rules.cause(rules.judge(address: "192.0.2.200").ruling) == "192.0.2.0/24")
    #expect(rules.judge(address: "192.1.0.1").hits == [])
    #expect(rules.judge(address: "192.1.0.1").ruling.verdict == .pass)
  }

  @Test func theLongestNameDecides() throws {
    let rules = try compile([TestFeed("names", ["example.com", "a.example.com", "b.example.com"])])
      .rules
    let judged = rules.judge(name: "x.a.example.com")
    #expect(judged.hits == ["a.example.com", "example.com"])
    #expect(rules.cause(judged.ruling) == "a.example.com")
    #expect(rules.judge(name: "notexample.com").hits == [])
  }

  @Test func ofEquallySpecificOnesTheSurestDecidesThenTheFirstListed() throws {
    // Two ranges of one size over one address: neither sort nor size tells them apart.
    func cause(_ first: UInt8, _ second: UInt8) throws -> String {
      let rules = try compile([
        TestFeed("one", confidence: first, ["192.0.2.2-192.0.2.9"]),
        TestFeed("two", confidence: second, ["192.0.2.1-192.0.2.8"]),
      ]).rules
      return rules.cause(rules.judge(address: "192.0.2.5").ruling)
    }
    #expect(try cause(50, 90) == "192.0.2.1-192.0.2.8")
    #expect(try cause(90, 50) == "192.0.2.2-192.0.2.9")
    #expect(try cause(70, 70) == "192.0.2.2-192.0.2.9")
  }

  @Test func withinAFeedTheFirstLineDecides() throws {
    for order in [
      ["192.0.2.2-192.0.2.9", "192.0.2.1-192.0.2.8"],
      ["192.0.2.1-192.0.2.8", "192.0.2.2-192.0.2.9"],
    ] {
      let rules = try compile([TestFeed("one", order)]).rules
      #expect(rules.cause(rules.judge(address: "192.0.2.5").ruling) == order[0])
    }
  }

  @Test func theFirstLineIsThatOfTheFirstFeed() throws {
    var first = TestFeed("first", ["198.51.100.1", "192.0.2.1", "192.0.2.1"])
    // The same value again with more confidence: the earlier line is still the first.
    first.entries[2].confidence = 100
    let rules = try compile([first, TestFeed("second", ["192.0.2.1"])]).rules
    #expect(rules.value(of: 0).text == "192.0.2.1")
    #expect(rules.policy.firstLine(of: 0) == 2)
  }

  @Test func aBlockOutranksAMoreSpecificMonitor() throws {
    let rules = try compile([
      TestFeed("wide", ["192.0.2.0/24"]), TestFeed("narrow", action: .monitor, ["192.0.2.7"]),
    ]).rules
    let ruling = rules.judge(address: "192.0.2.7").ruling
    #expect(ruling.verdict == .block)
    #expect(rules.cause(ruling) == "192.0.2.0/24")
  }
}

struct SharedIndicatorTests {
  @Test func theStrictestActionOfItsFeedsCounts() throws {
    let monitor = TestFeed("watch", action: .monitor, confidence: 95, ["192.0.2.1", "192.0.2.2"])
    let block = TestFeed("drop", confidence: 60, ["192.0.2.1"])
    for feeds in [[monitor, block], [block, monitor]] {
      let rules = try compile(feeds).rules
      #expect(rules.judge(address: "192.0.2.1").ruling.verdict == .block)
      #expect(rules.judge(address: "192.0.2.2").ruling.verdict == .monitor)
      let feedSet = rules.policy.feedSet(of: 0)
      #expect(rules.feedNumbers(of: feedSet) == [0, 1])
      #expect(rules.policy[feedSet].confidence == 95)
      #expect(rules.feeds[Int(rules.policy[feedSet].feed)].name == "watch")
    }
  }

  @Test func theDirectionIsThatOfTheFeedThatAsks() throws {
    let rules = try compile([
      TestFeed("in", direction: .inbound, ["192.0.2.1", "192.0.2.2"]),
      TestFeed("out", action: .monitor, direction: .outbound, ["192.0.2.1"]),
    ]).rules
    #expect(rules.judge(address: "192.0.2.1", asSource: true).ruling.verdict == .block)
    #expect(rules.judge(address: "192.0.2.1").ruling.verdict == .monitor)
    #expect(rules.judge(address: "192.0.2.2").ruling.verdict == .pass)
    #expect(rules.judge(address: "192.0.2.2").hits == ["192.0.2.2"])
  }

  @Test func anAllowEntryWinsWhateverIsMoreSpecific() throws {
    let rules = try compile([
      TestFeed("drop", confidence: 100, ["192.0.2.7", "198.51.100.7"]),
      TestFeed("mine", action: .allow, confidence: 1, ["192.0.2.0/24"]),
    ]).rules
    let ruling = rules.judge(address: "192.0.2.7").ruling
    #expect(ruling.verdict == .pass && ruling.isSuppressed)
    #expect(rules.cause(ruling) == "192.0.2.7")
    #expect(rules.judge(address: "198.51.100.7").ruling.verdict == .block)
    let alone = rules.judge(address: "192.0.2.9").ruling
    #expect(alone == Ruling())
  }

  @Test func scopeIsThatOfEachFeed() throws {
    let exact = TestFeed("hosts", scope: .exact, ["evil.example", "only.example"])
    let below = TestFeed("list", action: .monitor, ["evil.example"])
    let rules = try compile([exact, below]).rules
    #expect(rules.judge(name: "evil.example").ruling.verdict == .block)
    #expect(rules.judge(name: "a.evil.example").ruling.verdict == .monitor)
    #expect(rules.judge(name: "only.example").ruling.verdict == .block)
    #expect(rules.judge(name: "a.only.example").hits == [])
    let indicator = rules.policy.domainBase
    #expect(rules.feedNumbers(of: rules.policy.feedSet(of: indicator)) == [0, 1])
    #expect(rules.feedNumbers(of: rules.policy.subdomainFeedSet(of: indicator)) == [1])
  }

  @Test func anExactAllowEntryDoesNotReachBelow() throws {
    let rules = try compile([
      TestFeed("list", ["evil.example"]),
      TestFeed("mine", action: .allow, scope: .exact, ["evil.example"]),
    ]).rules
    #expect(rules.judge(name: "evil.example").ruling.isSuppressed)
    #expect(rules.judge(name: "a.evil.example").ruling.verdict == .block)
  }

  @Test func theSameBytesUnderTwoNamesAreTwoIndicators() throws {
    let bytes = Array("abc".utf8)
    let pattern = try #require(BytePattern(bytes, ignoresCase: false))
    let folded = try #require(BytePattern(bytes, ignoresCase: true))
    var feed = TestFeed("patterns", [])
    for (line, (bytes, id)) in [(pattern, "two"), (folded, "fold"), (pattern, "one")].enumerated() {
      feed.entries.append(FeedEntry(.pattern(bytes, id: id), line: line + 1))
    }
    let rules = try compile([feed]).rules
    #expect(rules.counts[.pattern] == 3)
    var hits: [String] = []
    let payload = Array("xabcABC".utf8)
    rules.patterns.scan(payload.span) { number, _ in
      #expect(rules.policy.length(ofPattern: number) == 3)
      hits += rules.policy.indicators(ofPattern: number).map { rules.value(of: $0).text }
    }
    #expect(hits.sorted() == ["fold", "fold", "one", "two"])
  }

  @Test func auditModeMonitorsWhatWouldBeBlocked() throws {
    let rules = try compile([TestFeed("drop", ["192.0.2.7"])]).rules
    #expect(rules.judge(address: "192.0.2.7", mode: .audit).ruling.verdict == .monitor)
  }
}
