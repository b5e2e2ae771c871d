import Foundation
import Testing
import WeirMatch
import WeirModel
import WeirRules

/// The file form of a rule set: the same answers, the same bytes, and a reason whenever it is refused.
@Suite struct DatabaseTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "weir-db-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private static let feeds = [
    TestFeed(
      "first", direction: .inbound, confidence: 90,
      [
        "192.0.2.0/24", "192.0.2.7", "192.0.2.7", "evil.example", "2001:db8::/32", "|abc",
        "http://evil.example/a", "AS64496",
      ]),
    TestFeed(
      "second", action: .monitor, scope: .exact,
      ["192.0.2.7", "evil.example", "192.0.2.9:443", "198.51.100.1-198.51.100.9", "|abcd"]),
    TestFeed("own", action: .allow, ["192.0.2.8", "good.evil.example", "2001:db8::1"]),
  ]

  private static func builder(
    _ feeds: [TestFeed], scratch: Scratch = .memory,
    bufferByteCount: Int = RuleSetBuilder.bufferByteCountDefault
  ) throws -> RuleSetBuilder {
    var builder = RuleSetBuilder(scratch: scratch, bufferByteCount: bufferByteCount)
    for feed in feeds {
      var record = FeedRecord(feed.settings)
      record.path = "feeds/\(feed.settings.name).txt"
      record.format = "domains"
      record.lines = feed.entries.count
      record.rejected = [FeedRecord.Rejection(reason: "not-text", count: 3)]
      let number = try builder.addFeed(record)
      for entry in feed.entries { builder.add(entry, feed: number) }
    }
    return builder
  }

  private func write(_ feeds: [TestFeed], _ name: String = "a.weir") throws -> String {
    let path = folder.appending(path: name).path
    _ = try DatabaseTests.builder(feeds).compile().write(to: path)
    return path
  }

  /// Two feeds of the same 40,000 values in different orders, so that they lie in many sorted runs.
  private static let large: [TestFeed] = {
    let values = (0..<40_000).map { number in
      number % 2 == 0
        ? "10.\(number % 7).\(number >> 8).\(number & 255)" : "host\(number).example.org"
    }
    return [TestFeed("up", values), TestFeed("down", confidence: 20, values.reversed())]
  }()

  @Test func theBytesDoNotDependOnTheMemory() throws {
    let whole = try bytes(write(DatabaseTests.large))
    for bufferByteCount in [1 << 10, 1 << 16, 1 << 20] {
      for scratch in [Scratch.memory, Scratch(folder: folder.path)] {
        let path = folder.appending(path: "b.weir").path
        _ = try DatabaseTests.builder(
          DatabaseTests.large, scratch: scratch, bufferByteCount: bufferByteCount
        ).compile().write(to: path)
        #expect(try bytes(path) == whole, "a buffer of \(bufferByteCount) bytes")
      }
    }
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(Set(left) == ["a.weir", "b.weir"])
  }

  @Test func aFolderThatIsNotThereIsToldWhenEntriesArePutAway() throws {
    #expect(throws: BuildError.self) {
      try DatabaseTests.builder(
        DatabaseTests.large, scratch: Scratch(folder: folder.path + "/none"),
        bufferByteCount: 1 << 10
      ).compile()
    }
  }

  @Test func aLimitSetsTheBufferOrRefuses() {
    var estimate = CompileEstimate()
    for feed in DatabaseTests.large { feed.entries.forEach { estimate.add($0) } }
    #expect(estimate.bufferByteCount(within: 1 << 20) == nil)
    #expect(estimate.bufferByteCount(within: 1 << 32) == RuleSetBuilder.bufferByteCountDefault)
    var last = 0
    for limit in stride(from: 25 << 20, through: 64 << 20, by: 1 << 20) {
      guard let buffer = estimate.bufferByteCount(within: limit) else { continue }
      #expect(buffer >= max(last, 1 << 20))
      last = buffer
    }
    #expect(last > 1 << 20)
  }

  private func bytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: path)))
  }

  /// Opens bytes as a database, from a file as a user does.
  private func open(_ bytes: [UInt8], verifying: Bool = false) throws -> RuleSet {
    let path = folder.appending(path: "tried.weir").path
    try Data(bytes).write(to: URL(filePath: path))
    return try Database.open(path, verifying: verifying)
  }

  private func refusal(_ bytes: [UInt8], verifying: Bool = false) -> DatabaseError? {
    do {
      _ = try open(bytes, verifying: verifying)
      return nil
    } catch {
      return error as? DatabaseError
    }
  }

  @Test func aDatabaseSaysWhatTheRulesInMemorySay() throws {
    let (inMemory, yields) = try DatabaseTests.builder(DatabaseTests.feeds).build()
    let opened = try Database.open(write(DatabaseTests.feeds), verifying: true)
    #expect(opened.listing == inMemory.listing)
    #expect(opened.counts == inMemory.counts)
    #expect(opened.generation == inMemory.generation)
    #expect(opened.records == inMemory.records)
    #expect(opened.records.map(\.yield) == yields)
    #expect(opened.records[1].path == "feeds/second.txt")
    for text in ["192.0.2.7", "192.0.2.8", "198.51.100.4", "2001:db8::1", "203.0.113.1"] {
      #expect(opened.judge(address: text) == inMemory.judge(address: text), "\(text)")
    }
    for text in ["evil.example", "a.evil.example", "x.good.evil.example", "example"] {
      #expect(opened.judge(name: text) == inMemory.judge(name: text), "\(text)")
    }
  }

  @Test func everyListingIsKnownByFeedAndLine() throws {
    let rules = try Database.open(write(DatabaseTests.feeds))
    func lines(_ listings: [Listing]) -> [String] {
      listings.map { "\(rules.records[$0.feed].settings.name):\($0.line) \($0.action)" }
    }
    func asked(_ text: String) throws -> IPRange {
      let address = try #require(IPAddress(text))
      return try #require(IPRange(address, address))
    }
    #expect(
      lines(rules.listings(covering: try asked("192.0.2.7")))
        == ["first:1 block", "first:2 block", "first:3 block", "second:1 monitor"])
    #expect(
      lines(rules.listings(covering: try asked("192.0.2.9")))
        == ["first:1 block", "second:3 monitor"])
    #expect(lines(rules.listings(covering: try asked("203.0.113.1"))).isEmpty)
    let url = try #require(WebURL("http://evil.example/a"))
    #expect(lines(rules.listings(covering: url)) == ["first:7 block"])
    #expect(lines(rules.listings(of: .autonomousSystem(64_496))) == ["first:8 block"])
    #expect(rules.listings(of: .autonomousSystem(64_497)).isEmpty)
    #expect(rules.listings(of: .address(IPAddress(v4: 0))).isEmpty)
    let name = try #require(DomainName("evil.example"))
    #expect(lines(rules.listings(covering: name)) == ["first:4 block", "second:2 monitor"])
    let below = try #require(DomainName("good.evil.example"))
    #expect(lines(rules.listings(covering: below)) == ["first:4 block", "own:2 allow"])
  }

  @Test func theSameFeedsGiveTheSameBytesWhateverTheirPathsTheSameGeneration() throws {
    let one = try bytes(write(DatabaseTests.feeds, "one.weir"))
    #expect(try bytes(write(DatabaseTests.feeds, "two.weir")) == one)
    let plain = try compile(DatabaseTests.feeds).rules
    var builder = RuleSetBuilder()
    for feed in DatabaseTests.feeds {
      var record = FeedRecord(feed.settings)
      record.path = "/elsewhere"
      let number = try builder.addFeed(record)
      for entry in feed.entries { builder.add(entry, feed: number) }
    }
    #expect(try builder.build().0.generation == plain.generation)
    let other = try bytes(write(DatabaseTests.feeds.reversed(), "three.weir"))
    #expect(other != one)
  }

  @Test func anEmptyDatabaseListsNothing() throws {
    let rules = try Database.open(write([]), verifying: true)
    #expect(rules.indicatorCount == 0)
    #expect(rules.judge(address: "192.0.2.1").hits.isEmpty)
    #expect(rules.feeds.isEmpty)
  }

  @Test func aFileCutAnywhereIsRefused() throws {
    let whole = try bytes(write(DatabaseTests.feeds))
    for length in stride(from: 0, to: whole.count, by: 173) {
      let refusal = refusal(Array(whole[..<length]))
      #expect(refusal != nil, "cut to \(length)")
      if length >= 128 {
        #expect(refusal == .truncated(expected: whole.count, found: length))
      }
    }
  }

  @Test func foreignNewerAndLongerFilesAreRefusedWithAReason() throws {
    let whole = try bytes(write(DatabaseTests.feeds))
    #expect(refusal(Array("192.0.2.1\n".utf8)) == .foreign)
    #expect(refusal([]) == .foreign)
    var newer = whole
    newer[8] = 4
    #expect(refusal(newer) == .newer(version: 4))
    #expect(refusal(newer)?.description == "has format 4; this Weir reads format 3")
    var older = whole
    older[8] = 1
    #expect(refusal(older) == .older(version: 1))
    #expect(refusal(whole + [0]) == .damaged("it is 1 bytes too long"))
    let missing = folder.appending(path: "missing.weir").path
    #expect(throws: DatabaseError.self) { try Database.open(missing) }
    #expect(throws: DatabaseError.self) { try Database.open(folder.path) }
  }

  @Test func everyFlippedByteOfTheHeadAndThePathsIsSeen() throws {
    let whole = try bytes(write(DatabaseTests.feeds))
    let paths = DatabaseTests.feeds.reduce(0) { $0 + "feeds/\($1.settings.name).txt".count + 4 }
    for index in Array(0..<128) + Array(whole.count - paths..<whole.count) {
      var damaged = whole
      damaged[index] ^= 0x10
      #expect(refusal(damaged) != nil, "byte \(index)")
    }
  }

  @Test func everyFlippedByteIsSeenWhenVerifying() throws {
    let whole = try bytes(write(DatabaseTests.feeds))
    for index in stride(from: 0, to: whole.count, by: 331) {
      var damaged = whole
      damaged[index] ^= 0x01
      #expect(refusal(damaged, verifying: true) != nil, "byte \(index)")
    }
  }

  /// A hostile image behind a head that fits: it may be refused, or answer wrongly, but never more than that.
  @Test(arguments: 0..<4) func noDamageOfTheImageCrashesAReader(_ part: Int) throws {
    let whole = try bytes(write(DatabaseTests.feeds))
    var random = SystemRandomNumberGenerator()
    let seed = UInt64.random(in: .min ... .max, using: &random)
    var state = seed
    func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 33
    }
    let image = Array(whole[128..<whole.count])
    var opened = 0
    // Most of it are zeros of sparse tables, and one of those is like another.
    let places = image.indices.filter { image[$0] != 0 || $0 % 64 == 0 }
    for place in stride(from: part, to: places.count, by: max(4, places.count / 500)) {
      let index = places[place]
      var damaged = image
      damaged[index] ^= [0xff, 0x80, 0x01, UInt8(truncatingIfNeeded: next()) | 1][Int(next() % 4)]
      if next() % 4 == 0 { damaged[places[Int(next()) % places.count]] = 0xff }
      // The head and its check are made to fit, as an attacker would.
      let head = Array(whole[..<128])
      guard let rules = try? open(head + damaged) else { continue }
      opened += 1
      exercise(rules)
    }
    #expect(opened > 100, "seed \(seed)")
  }

  private func exercise(_ rules: RuleSet) {
    for text in ["192.0.2.7", "192.0.2.9", "198.51.100.4", "2001:db8::1", "0.0.0.0"] {
      _ = rules.judge(address: text)
      if let address = IPAddress(text), let range = IPRange(address, address) {
        _ = rules.listings(covering: range)
        _ = rules.endpoints.entry(address, port: 443)
      }
    }
    for text in ["evil.example", "x.good.evil.example"] {
      _ = rules.judge(name: text)
      if let name = DomainName(text) { _ = rules.listings(covering: name) }
    }
    rules.patterns.scan(Array("xxabcdabcxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx".utf8).span) { number, _ in
      for indicator in rules.policy.indicators(ofPattern: number).prefix(8) {
        _ = rules.value(of: indicator)
        _ = rules.policy.length(ofPattern: number)
      }
    }
    for indicator in 0..<UInt32(min(rules.indicatorCount, 64)) {
      _ = rules.value(of: indicator)
      _ = rules.listings(of: indicator)
    }
    for feedSet in 0..<UInt32(min(rules.feedSetCount, 64)) {
      for number in rules.feedNumbers(of: feedSet) { _ = rules.feeds[Int(number)] }
    }
  }
}
