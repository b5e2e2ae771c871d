import Foundation
import Testing

/// `weir scan`, run as a user runs it.
@Suite struct ScanTests {
  private static let log = """
    192.0.2.1 - - [23/Nov/2026:20:06:13 +0000] "GET / HTTP/1.1" 200 3 "-" "curl/8.1"
    198.51.100.7 - - [23/Nov/2026:20:06:14 +0000] "GET /evil.example HTTP/1.1" 200 3 "-" "x"
    198.51.100.8 - - [23/Nov/2026:20:06:15 +0000] "GET / HTTP/1.1" 200 3 "http://www.evil.example/" "x"
    198.51.100.9 - - [23/Nov/2026:20:06:16 +0000] "GET / HTTP/1.1" 200 3 "http://notevil.example/" "x"
    2001:db8::5 - - [23/Nov/2026:20:06:17 +0000] "GET / HTTP/1.1" 200 3 "-" "x"
    """

  private let folder: TemporaryFolder
  private let rules: [String]

  init() throws {
    folder = try TemporaryFolder()
    rules = [
      "--feed", try folder.write("192.0.2.0/24\n2001:db8::5\n".utf8, to: "ips.txt"),
      "--feed", try folder.write("evil.example\n".utf8, to: "names.txt"),
    ]
  }

  private func scan(_ arguments: [String], log: String = ScanTests.log) throws
    -> WeirProgram.Outcome
  {
    let path = try folder.write(log.utf8, to: "access.log")
    return try WeirProgram.run(["scan", path] + rules + arguments)
  }

  private func numbers(_ text: String) -> [Int] {
    text.split(separator: "\n").compactMap { Int($0.prefix { $0 != ":" }) }
  }

  @Test func matchingLinesArePrintedAsTheyAre() throws {
    let lines = ScanTests.log.split(separator: "\n")
    let outcome = try scan([])
    #expect(outcome.status == 0)
    #expect(outcome.text.split(separator: "\n") == [lines[0], lines[1], lines[2], lines[4]])
    #expect(numbers(try scan(["-n"]).text) == [1, 2, 3, 5])
  }

  @Test func otherLinesArePrintedInverted() throws {
    let outcome = try scan(["--invert"])
    #expect(outcome.status == 0)
    #expect(outcome.text == "\(ScanTests.log.split(separator: "\n")[3])\n")
    #expect(try scan(["--invert", "--count"]).text == "1\n")
  }

  @Test func valuesAloneArePrinted() throws {
    #expect(
      try scan(["--only"]).text
        == "192.0.2.1\nevil.example\nwww.evil.example\n2001:db8::5\n")
    #expect(try scan(["--count"]).text == "4\n")
  }

  @Test func urlsAndDigestsAreFoundInAnyText() throws {
    let md5 = "00112233445566778899aabbccddeeff"
    let fingerprint = "t13d1516h2_8daaf6152771_b186095e22b6"
    let urls = "http://url.example/bad\nhttp://deep.example/a/*\n"
    let digests = "indicator,type\n\(md5),md5\n\(fingerprint),ja4\n"
    let feeds = [
      "--feed", try folder.write(urls.utf8, to: "bad.urls"),
      "--feed", try folder.write(digests.utf8, to: "digests.csv"),
    ]
    let log = """
      fetched http://url.example/bad.
      fetched http://url.example/bad.exe
      say (hxxp://url[.]example/b%61d), please
      HTTPS://deep.example/a/b is another scheme
      http://deep.example/a/b/../c?d
      http://deep.example/b http://deep.example/x/../a/
      file=\(md5.uppercased()); size=3
      file=\(md5)0
      ja4 \(fingerprint)
      """
    let path = try folder.write(log.utf8, to: "notes.log")
    let outcome = try WeirProgram.run(["scan", path, "-n"] + feeds)
    #expect(numbers(outcome.text) == [1, 3, 5, 6, 7, 9])
    let only = try WeirProgram.run(["scan", path, "--only"] + feeds)
    #expect(
      only.text.split(separator: "\n").map(String.init) == [
        "http://url.example/bad", "hxxp://url[.]example/b%61d", "http://deep.example/a/b/../c?d",
        "http://deep.example/x/../a/", md5.uppercased(), fingerprint,
      ])
  }

  @Test func nothingFoundIsAnsweredAsGrepDoes() throws {
    let outcome = try scan([], log: "198.51.100.7 notevil.example 1.2\n")
    #expect(outcome.status == 1)
    #expect(outcome.text.isEmpty)
    #expect(try scan(["--invert"], log: "192.0.2.1\n").status == 1)
    #expect(try scan(["-q"]).status == 0)
    #expect(try scan(["-q"]).text.isEmpty)
    #expect(try WeirProgram.run(["scan", folder["none"]] + rules).status == 66)
    #expect(try scan(["--only", "--invert"]).status == 2)
    #expect(try scan(["--only", "-o", "json"]).status == 2)
  }

  @Test func allowEntriesWin() throws {
    let allow = try folder.write("www.evil.example\n192.0.2.1\n".utf8, to: "allow.txt")
    #expect(numbers(try scan(["-n", "--allow", allow]).text) == [2, 5])
    let summary = try scan(["-o", "json", "--allow", allow]).summary()
    #expect(summary.allowed["suppressed"] == 2)
    #expect(summary.blocked.threats == 2)
  }

  @Test func theSummaryCountsLinesAndPlaces() throws {
    let outcome = try scan(["-o", "json"])
    let summary = try outcome.summary()
    #expect(outcome.status == 0)
    #expect(summary.inputs[0].lines == 5)
    #expect(summary.inputs[0].kind == "access")
    #expect(summary.sightings.by_where == ["ip.src": 2, "http.url": 1, "log": 1])
    #expect(summary.blocked.packets == 4)
    let text = try scan(["-o", "json", "--format", "text"]).summary()
    #expect(text.sightings.by_where == ["log": 4])
  }

  @Test func eventsNameTheLineAndThePeer() throws {
    let events = try scan(["--events", "-"]).text.split(separator: "\n")
    #expect(events.count == 4)
    let object = try JSONSerialization.jsonObject(with: Data(events[2].utf8)) as? [String: Any]
    #expect(object?["src_ip"] as? String == "198.51.100.8")
    #expect(object?["timestamp"] as? String == "2026-11-23T20:06:15.000000+0000")
    #expect((object?["log"] as? [String: Any])?["line"] as? Int == 3)
    #expect((object?["weir"] as? [String: Any])?["indicator"] as? String == "evil.example")
    #expect((object?["weir"] as? [String: Any])?["verdict"] as? String == "block")
  }

  @Test func threadsAndCutsChangeNothing() throws {
    var text = ""
    for number in 0..<60_000 {
      text +=
        number % 97 == 0
        ? ScanTests.log + "\n" : "198.51.100.\(number % 250) a.example x/1.2 \(number)\n"
    }
    let path = try folder.write(text.utf8, to: "large.log")
    var results: Set<Data> = []
    var tallies: Set<Data> = []
    for (threads, input) in [("1", nil), ("2", nil), ("5", nil), ("2", path)] as [(String, String?)]
    {
      let arguments = ["scan", input == nil ? path : "-", "-j", threads, "-n"] + rules
      let tally = folder["tally-\(threads)-\(input == nil)"]
      results.insert(
        try WeirProgram.run(arguments + ["--tally", tally], input: input).output)
      guard input == nil else { continue }
      tallies.insert(try Data(contentsOf: URL(filePath: tally)))
    }
    #expect(results.count == 1)
    #expect(tallies.count == 1)
    #expect(results.first.map { $0.count { $0 == UInt8(ascii: "\n") } } == 4 * 619)
  }

  @Test func longLinesAreCutAndNothingIsLost() throws {
    let words = String(repeating: "word and ", count: 300_000)
    let outcome = try scan(
      ["-o", "json"], log: "a\n\(words)192.0.2.1 \(words)192.0.2.2\nb 192.0.2.3")
    let summary = try outcome.summary()
    #expect(summary.inputs[0].lines == 3)
    #expect(summary.indicators.map(\.value) == ["192.0.2.0/24"])
    // Both addresses stand in one line, though not in one piece of it.
    #expect(summary.indicators.map(\.packets) == [2])
    #expect(summary.sightings.total == 3)
    #expect(outcome.complaints.contains("longer than 1 MiB"))
  }
}
