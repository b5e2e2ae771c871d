import Foundation
import Testing

/// `weir compile`, and what the other commands make of its file.
@Suite struct DatabaseCommandTests {
  private let folder: TemporaryFolder
  private let feeds = ["drop.txt", "blocklist.netset", "domains.txt", "patterns.json"]
    .map { "\(WeirProgram.fixtures)/feeds/\($0)" }

  init() throws { folder = try TemporaryFolder() }

  private func compile(_ name: String = "rules.weir") throws -> WeirProgram.Outcome {
    try WeirProgram.run(["compile"] + feeds + ["--lenient", "-o", folder[name]])
  }

  /// The lines that do not tell a time.
  private func lasting(_ output: Data) -> [Substring] {
    String(decoding: output, as: UTF8.self).split(separator: "\n")
      .filter { !$0.contains("_s\" :") }
  }

  @Test func aReplaySaysTheSameFromTheDatabase() throws {
    let compiled = try compile()
    #expect(compiled.status == 0, "\(compiled.complaints)")
    let captures = [
      "\(WeirProgram.fixtures)/captures/dns-udp.pcap", WeirProgram.capture("few-cut.pcap"),
    ]
    let fromFeeds = try WeirProgram.replay(captures + feeds.flatMap { ["--feed", $0] })
    let fromDatabase = try WeirProgram.replay(captures + ["--db", folder["rules.weir"]])
    #expect(fromDatabase.status == fromFeeds.status)
    #expect(lasting(fromDatabase.output) == lasting(fromFeeds.output))
    #expect(try fromDatabase.summary().packets.read > 0)
    let verified = try WeirProgram.replay(captures + ["--verify", "--db", folder["rules.weir"]])
    #expect(lasting(verified.output) == lasting(fromFeeds.output))
  }

  @Test func whySaysTheSameFromTheDatabase() throws {
    #expect(try compile().status == 0)
    let questions = ["192.0.2.1", "198.51.100.0/28", "www.evil.example", "2001:db8::1"]
    for format in ["human", "json"] {
      let options = ["why", "-o", format] + questions
      let fromFeeds = try WeirProgram.run(options + feeds.flatMap { ["--feed", $0] })
      let fromDatabase = try WeirProgram.run(options + ["--db", folder["rules.weir"]])
      #expect(fromDatabase.text == fromFeeds.text)
      #expect(fromDatabase.status == fromFeeds.status)
      #expect(!fromDatabase.output.isEmpty)
    }
  }

  @Test func compilingTwiceGivesTheSameBytes() throws {
    #expect(try compile("one.weir").status == 0)
    #expect(try compile("two.weir").status == 0)
    #expect(try folder.data("one.weir") == folder.data("two.weir"))
  }

  @Test func whatIsNoDatabaseIsRefusedWithAReason() throws {
    #expect(try compile().status == 0)
    let whole = try folder.data("rules.weir")
    let files = [
      try folder.write("192.0.2.1\n".utf8, to: "feed.weir"),
      try folder.write(whole.prefix(whole.count / 2), to: "half.weir"),
      try folder.write(whole.prefix(20), to: "head.weir"),
      folder["missing.weir"],
    ]
    for file in files {
      let outcome = try WeirProgram.run(["why", "192.0.2.1", "--db", file])
      #expect(outcome.status == 78, "\(file)")
      #expect(outcome.complaints.split(separator: "\n").count == 1, "\(outcome.complaints)")
      #expect(outcome.complaints.hasPrefix("weir: \(file): "), "\(outcome.complaints)")
    }
    var damaged = whole
    damaged[damaged.count - 4000] ^= 1
    let file = try folder.write(damaged, to: "damaged.weir")
    let verified = try WeirProgram.run(["why", "192.0.2.1", "--verify", "--db", file])
    #expect(verified.status == 78)
    #expect(verified.complaints.contains("its content does not fit its hash"))
  }

  @Test func aFeedLineThatIsNotUnderstoodIsAnErrorUnlessLenient() throws {
    let feed = try folder.write(
      "192.0.2.1\nnot an address\n192.0.2.2\n192.0.2.3\n".utf8, to: "a.netset")
    let strict = try WeirProgram.run(["compile", feed, "-o", folder["a.weir"]])
    #expect(strict.status == 78)
    #expect(!FileManager.default.fileExists(atPath: folder["a.weir"]))
    let lenient = try WeirProgram.run(["compile", feed, "--lenient", "-o", folder["a.weir"]])
    #expect(lenient.status == 0, "\(lenient.complaints)")
    #expect(FileManager.default.fileExists(atPath: folder["a.weir"]))
    let both = try WeirProgram.run(["replay", "x.pcap", "--db", "a.weir", "--feed", feed])
    #expect(both.status == 2)
  }

  @Test func aCompilationThatIsKilledLeavesTheOldFile() throws {
    #expect(try compile().status == 0)
    let old = try folder.data("rules.weir")
    let lines = (0..<20_000).map { "10.\($0 >> 16).\($0 >> 8 & 255).\($0 & 255)" }
    let feed = try folder.write(lines.joined(separator: "\n").utf8, to: "large.netset")
    var unchanged = 0
    for milliseconds in stride(from: 1, through: 400, by: 19) {
      let process = Process()
      process.executableURL = URL(filePath: WeirProgram.path)
      process.arguments = ["compile", "-q", feed, "-o", folder["rules.weir"]]
      try process.run()
      usleep(UInt32(milliseconds * 1000))
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      let outcome = try WeirProgram.run(
        ["why", "203.0.113.255", "--verify", "--db", folder["rules.weir"]])
      #expect(outcome.status <= 1, "after \(milliseconds) ms: \(outcome.complaints)")
      if try folder.data("rules.weir") == old { unchanged += 1 }
    }
    #expect(unchanged > 0, "at least one was killed before its end")
  }

  private struct Estimate: Decodable {
    var entries: Int
    var database_bytes: Int
    var matching_bytes: Int
  }

  /// Within a third of the real figure, for addresses and names of some number.
  @Test(arguments: ["address", "name"]) func anEstimateIsNearTheRealSize(_ kind: String) throws {
    let lines = (0..<70_000).map { number in
      let mixed = number &* 2_654_435_761
      return kind == "address"
        ? "45.\(number >> 16).\(number >> 8 & 255).\(number & 255)"
        : "host\(number).bad\(mixed % 977).example"
    }
    let feed = try folder.write(lines.joined(separator: "\n").utf8, to: "feed.txt")
    let outcome = try WeirProgram.run(["feed", "estimate", "-o", "json", feed])
    #expect(outcome.status == 0, "\(outcome.complaints)")
    let estimate = try JSONDecoder().decode(Estimate.self, from: outcome.output)
    #expect(estimate.entries == 70_000)
    #expect(estimate.matching_bytes < estimate.database_bytes)
    #expect(try WeirProgram.run(["compile", feed, "-o", folder["real.weir"]]).status == 0)
    let ratio = Double(estimate.database_bytes) / Double(try folder.data("real.weir").count)
    #expect((0.67...1.5).contains(ratio), "estimated \(ratio) times the real size")
  }

  @Test func aCompilationThatNeedsMoreThanTheLimitIsRefusedBeforeItStarts() throws {
    let refused = try WeirProgram.run(
      ["compile", feeds[0], "--lenient", "--memory-limit", "1M", "-o", folder["a.weir"]])
    #expect(refused.status == 69)
    #expect(refused.complaints.contains("--memory-limit 1M"))
    #expect(!FileManager.default.fileExists(atPath: folder["a.weir"]))
    let made = try WeirProgram.run(
      ["compile", feeds[0], "--lenient", "--memory-limit", "256M", "-o", folder["a.weir"]])
    #expect(made.status == 0, "\(made.complaints)")
    let misspelled = try WeirProgram.run(
      ["compile", feeds[0], "--memory-limit", "much", "-o", folder["a.weir"]])
    #expect(misspelled.status == 2)
  }
}
