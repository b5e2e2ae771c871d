import BenchCapture
import BenchKit
import Testing

@testable import BenchReplay

@Suite struct SummaryTests {
  private static let text = """
    {"schema": "weir.summary.v1", "weir": "0.1.0", "command": "replay",
     "packets": {"read": 10, "ipv4": 9, "ipv6": 1, "other": 0, "undecided": {"truncated": 0}},
     "blocked": {"packets": 6, "bytes": 600, "threats": 4},
     "sightings": {"total": 8, "by_where": {"ip.dst": 3}, "by_feed": {}, "by_category": {}},
     "indicators": [
      {"value": "203.0.113.0/24", "kind": "cidr", "feeds": ["x"], "category": "c", "packets": 3,
       "bytes": 1, "sightings": {"ip.dst": 3}, "first_seen": "-", "last_seen": "-"},
      {"value": "evil.example", "kind": "domain", "sightings": {"dns.query": 1, "tls.sni": 2}},
      {"value": "6576696c", "kind": "pattern", "sightings": {"payload": 2}}],
     "elapsed": {"load_s": 1.5, "run_s": 0.25, "packets_per_s": 40.0, "bytes_per_s": 1.0}}
    """

  private var truth: Truth {
    var truth = Truth()
    truth.packets = 10
    truth.ip["203.0.113.0/24"] = Truth.AddressCounts(packets: 3, src: 0, dst: 3)
    truth.domain["evil.example"] = Truth.DomainCounts(dnsQuery: 1, tlsSNI: 2, httpHost: 0)
    truth.pattern["p"] = Truth.PatternCounts(packets: 1, occurrences: 1, streamOnly: 1)
    return truth
  }

  private let patterns = [
    BytePattern(identifier: "p", bytes: Array("evil".utf8), ignoresCase: false)
  ]

  @Test func aSummaryIsRead() throws {
    let summary = try ReplaySummary(json: Array(Self.text.utf8))
    #expect(summary.packets.read == 10 && summary.blocked.threats == 4)
    #expect(summary.elapsed.runSeconds == 0.25 && summary.elapsed.loadSeconds == 1.5)
    #expect(summary.indicators.count == 3)
  }

  @Test func anotherVersionOrNoSummaryIsRefused() {
    let other = Self.text.replacing("summary.v1", with: "summary.v9")
    #expect(throws: ReplayError.schema("weir.summary.v9")) {
      try ReplaySummary(json: Array(other.utf8))
    }
    #expect(throws: (any Error).self) { try ReplaySummary(json: Array("{}".utf8)) }
    let bytes = Array(Self.text.utf8)
    for length in stride(from: 0, to: bytes.count, by: 7) {
      #expect(throws: (any Error).self) { try ReplaySummary(json: Array(bytes[..<length])) }
    }
  }

  @Test func theSameSightingsAreARightAnswer() throws {
    let summary = try ReplaySummary(json: Array(Self.text.utf8))
    let answer = SightingCounts(truth).answer(found: SightingCounts(summary, patterns: patterns))
    #expect(answer == Answer(expected: 8, found: 8))
    #expect(answer.isRight)
  }

  @Test func equalTotalsDoNotHideADifference() throws {
    let swapped = Self.text.replacing(
      #""dns.query": 1, "tls.sni": 2"#, with: #""dns.query": 2, "tls.sni": 1"#)
    let summary = try ReplaySummary(json: Array(swapped.utf8))
    let answer = SightingCounts(truth).answer(found: SightingCounts(summary, patterns: patterns))
    #expect(answer.expected == answer.found && !answer.isRight)
    #expect(
      answer.differences == [
        "evil.example at dns.query 2 instead of 1", "evil.example at tls.sni 1 instead of 2",
      ])
  }

  @Test func missingAndUnexpectedSightingsAreNamed() throws {
    let summary = try ReplaySummary(json: Array(Self.text.utf8))
    let nothing = SightingCounts(Truth())
    #expect(nothing.answer(found: SightingCounts(summary)).differences.count == 4)
    #expect(SightingCounts(truth).answer(found: nothing).differences.count == 4)
  }

  @Test func threatsAreComparedWithThePacketsThatHoldOne() throws {
    let summary = try ReplaySummary(json: Array(Self.text.utf8))
    var truth = Truth()
    truth.union.any = 4
    #expect(ReplayPlan.threatAnswer(summary, truth).differences.count == 1)
    truth.union.any = 6
    #expect(!ReplayPlan.threatAnswer(summary, truth).isRight)
  }

  @Test func theWorldNoteIsArithmetic() {
    let note = ReplayPlan.worldNote(threatsPerSecond: 19.7e9 / 86_400 * 10)
    #expect(note.hasPrefix("one core does 10.0 times") && note.hasSuffix("2.4 hours"))
  }
}

@Suite struct SuricataTests {
  @Test func theReputationListHasALineForEachEntry() {
    #expect(SuricataProgram.reputation("1.2.3.4\n5.6.7.8\n") == "1.2.3.4,1,100\n5.6.7.8,1,100\n")
  }

  @Test func alertsAreReadFromTheLastStatistics() {
    let text = """
      decoder.pkts                                  | Total                     | 100
      detect.alert                                  | Total                     | 3
      detect.alert_queue_overflow                   | Total                     | 9
      detect.alert                                  | Total                     | 41
      """
    #expect(SuricataProgram.alerts(inStatistics: text) == 41)
    #expect(SuricataProgram.alerts(inStatistics: "") == nil)
  }

  @Test func theConfigurationNamesItsFiles() {
    let text = SuricataProgram.configuration("/d")
    #expect(text.contains("reputation-categories-file: /d/categories.txt\n"))
    #expect(text.contains("    quic: {enabled: no}\n") && text.hasPrefix("%YAML 1.1\n---\n"))
  }
}
