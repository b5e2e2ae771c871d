import Foundation
import Testing

/// Captures of real traffic against what tshark said of them.
@Suite struct FixtureTests {
  /// Places at which a capture differs, because a connection that is seen again behind its end is taken for a new one.
  private static let differences: [String: (places: Set<String>, reason: String)] = [
    "few-three-sections.pcapng": (
      ["tls.sni", "http.host", "payload"], "a section holds the same connection again"
    ),
    "few-two-interfaces.pcapng": (
      ["tls.sni", "http.host", "payload"], "an interface sees the same connection again"
    ),
  ]

  private static let places: Set<String> = [
    "packets", "ip.src", "ip.dst", "dns.query", "dns.answer", "tls.sni", "http.host",
  ]

  static let captures: [String] = {
    let rows = (try? Table.rows("\(WeirProgram.fixtures)/captures/TRUTH.tsv")) ?? []
    return Set(rows.compactMap(\.first)).subtracting(["capture"]).sorted()
  }()

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func thereAreCapturesToCompare() { #expect(FixtureTests.captures.count >= 30) }

  @Test(arguments: captures) func observablesAndSightingsAreThoseOfTheTruth(
    _ capture: String
  ) throws {
    let run = try WeirProgram.replay(
      [WeirProgram.capture(capture)] + WeirProgram.feeds
        + ["--observables", folder["observables"], "--events", folder["events"]])
    #expect(run.status == 0, "\(run.complaints)")
    let summary = try run.summary()
    var found = try Table.observables(folder["observables"])
      .filter { FixtureTests.places.contains($0.key.place) }
    found[Sight(place: "packets", value: "-")] = summary.packets.read
    var totals: [String: Int] = [:]
    for (sight, count) in found { totals[sight.place, default: 0] += count }
    for place in ["ip.src", "ip.dst", "dns.query", "dns.answer", "tls.sni", "http.host"] {
      #expect(summary.observables[place, default: 0] == totals[place, default: 0], "\(place)")
    }
    let events = try Events(folder["events"])
    #expect(events.objects.count == summary.sightings.total)
    try compare(found.merging(events.counts(summary)) { $0 + $1 }, capture)
  }

  private func compare(_ found: [Sight: Int], _ capture: String) throws {
    var expected: [Sight: Int] = [:]
    for row in try Table.rows("\(WeirProgram.fixtures)/captures/TRUTH.tsv")
    where row[0] == capture { expected[Sight(place: row[1], value: row[2])] = Int(row[3]) }
    for row in try Table.rows("\(WeirProgram.fixtures)/captures/HITS.tsv")
    where row[0] == capture {
      expected[Sight(place: row[1], feed: row[2], value: row[3])] = Int(row[4])
    }
    let difference = FixtureTests.differences[capture]
    var differing: Set<String> = []
    for sight in Set(found.keys).union(expected.keys) where found[sight] != expected[sight] {
      differing.insert(sight.place)
      let isKnown = difference?.places.contains(sight.place) ?? false
      #expect(isKnown, "\(sight): \(found[sight] ?? 0) for \(expected[sight] ?? 0)")
    }
    #expect(
      differing == difference?.places ?? [],
      "the table is out of date: \(difference?.reason ?? "no row")")
  }

  private static let damaged: [[String]] =
    ((try? Table.rows("\(WeirProgram.fixtures)/reject/EXPECT.tsv")) ?? [])
    .filter { $0[0] != "file" }

  @Test(arguments: damaged) func damagedCapturesAreReadAsFarAsTheyGo(_ row: [String]) throws {
    let run = try WeirProgram.replay(["\(WeirProgram.fixtures)/reject/\(row[0])"])
    let summary = try run.summary()
    let input = try #require(summary.inputs.first)
    #expect(!run.wasSignaled)
    if let packets = Int(row[1]) { #expect(summary.packets.read == packets) }
    #expect(input.packets == summary.packets.read)
    #expect(run.status == (input.complete ? 0 : 65))
    #expect((input.error != nil) == !input.complete)
    #expect(input.complete || run.complaints.contains(row[0]), "standard error names the file")
    if row[2] != "either" { #expect(input.complete == (row[2] == "no")) }
  }

  private static let feeds: [[String]] =
    ((try? Table.rows("\(WeirProgram.fixtures)/FEEDS.tsv")) ?? []).filter { $0[0] != "file" }

  /// The format is given: too many lines of these feeds are bad for it to be found out.
  @Test(arguments: feeds) func feedsLoadWhatTheTableSays(_ row: [String]) throws {
    let format = row[1] == "-" ? "" : ",format=\(row[1] == "addresses" ? "ip" : row[1])"
    let run = try WeirProgram.replay([
      WeirProgram.capture("icmp.pcap"),
      "--feed", "\(WeirProgram.fixtures)/feeds/\(row[0])\(format)", "--lenient",
    ])
    #expect(!run.wasSignaled)
    let feed = try #require(try run.summary().database.feeds.first)
    #expect((run.status == 78) == (feed.loaded == 0))
    try FixtureTests.check(feed, row)
  }

  private static func check(_ feed: Summary.Feed, _ row: [String]) throws {
    let load = try #require(Int(row[2]))
    // The exception of an AdBlock list is an entry too.
    let either = (Int(row[4]) ?? 0) + (row[0] == "ads.adblock.txt" ? 1 : 0)
    #expect((load...load + either).contains(feed.loaded), "\(feed)")
    guard feed.loaded > 0, let reject = Int(row[3]) else { return }
    #expect((reject...reject + either).contains(feed.rejectedTotal), "\(feed)")
  }
}
