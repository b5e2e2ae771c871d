import Foundation
import Testing

/// Section 3 of the contract: what a script reads from the exit status, and a person from the message.
@Suite struct ExitStatusTests {
  /// A command, its status, and words of its message.
  struct Row: CustomTestStringConvertible, Sendable {
    var arguments: [String]
    var status: Int32
    var words: [String]
    var testDescription: String { "\(status): \(arguments.joined(separator: " "))" }
  }

  private static let capture = WeirProgram.capture("icmp.pcap")
  private static let feeds = "\(WeirProgram.fixtures)/feeds"

  private static let rows: [Row] = [
    Row(arguments: ["--version"], status: 0, words: []),
    Row(arguments: ["help", "replay"], status: 0, words: []),
    Row(arguments: ["replay", capture, "--feed", feeds], status: 0, words: []),
    Row(arguments: ["replay", capture, "--feed", feeds, "--fail-on-match"], status: 1, words: []),
    Row(
      arguments: ["replay", capture, "--feed", "\(feeds)/patterns.txt", "--fail-on-match"],
      status: 0, words: []),
    Row(arguments: ["replay"], status: 2, words: ["Usage"]),
    Row(arguments: ["nonsense"], status: 2, words: ["nonsense"]),
    Row(arguments: ["replay", capture, "--nonsense"], status: 2, words: ["--nonsense"]),
    Row(arguments: ["replay", capture, "-j", "0"], status: 2, words: ["-j"]),
    Row(arguments: ["replay", capture, "--strict", "--lenient"], status: 2, words: ["--strict"]),
    Row(
      arguments: ["replay", "-r", capture, "tcp", "prot", "99"], status: 2, words: ["tcp prot 99"]),
    Row(
      arguments: ["replay", capture, "--feed", "\(feeds)/domains.txt,nonsense=3"], status: 2,
      words: ["nonsense", "domains.txt"]),
    Row(
      arguments: ["replay", capture, "-w", "-", "--events", "-"], status: 2,
      words: ["standard output"]),
    Row(
      arguments: ["replay", "\(WeirProgram.fixtures)/reject/cut-in-record.pcap"], status: 65,
      words: ["cut-in-record.pcap"]),
    Row(arguments: ["merge", capture], status: 65, words: ["icmp.pcap", "tally"]),
    Row(arguments: ["replay", "/nonexistent/a.pcap"], status: 66, words: ["/nonexistent/a.pcap"]),
    Row(
      arguments: ["replay", capture, "/nonexistent/a.pcap"], status: 66,
      words: ["/nonexistent/a.pcap"]),
    Row(
      arguments: ["replay", capture, "--bpf-file", "/nonexistent/f"], status: 66,
      words: ["/nonexistent/f"]),
    Row(arguments: ["merge", "/nonexistent/t"], status: 66, words: ["/nonexistent/t"]),
    Row(
      arguments: ["replay", capture, "--feed", "/nonexistent/feed"], status: 78,
      words: ["/nonexistent/feed"]),
    Row(
      arguments: ["replay", capture, "--feed", "\(feeds)/bad/page.html"], status: 78,
      words: ["page.html", "HTML"]),
    Row(
      arguments: ["replay", capture, "--feed", "\(feeds)/bad/garbage.txt"], status: 78,
      words: ["garbage.txt"]),
    Row(
      arguments: ["replay", capture, "--allow", "\(feeds)/bad/page.html"], status: 78,
      words: ["page.html"]),
    Row(
      arguments: ["replay", capture, "--feed", "\(feeds)/bad/page.html", "--lenient"], status: 78,
      words: ["page.html"]),
    Row(
      arguments: ["replay", capture, "--feed", "\(feeds)/bad/latin1.txt"], status: 0,
      words: ["latin1.txt:2"]),
    Row(
      arguments: ["replay", capture, "--feed", "\(feeds)/bad/latin1.txt", "--strict"], status: 78,
      words: ["latin1.txt:2"]),
  ]

  private static let outputs: [Row] = ["-w", "--events", "--tally", "--observables"].map {
    Row(
      arguments: ["replay", capture, $0, "/nonexistent/out"], status: 73,
      words: ["/nonexistent/out"])
  }

  @Test(arguments: rows + outputs) func theStatusIsThatOfTheContract(_ row: Row) throws {
    let run = try WeirProgram.run(row.arguments)
    #expect(!run.wasSignaled)
    #expect(run.status == row.status, "\(run.complaints)")
    for word in row.words { #expect(run.complaints.contains(word), "\(run.complaints)") }
  }

  @Test func aMissingCaptureDoesNotKeepTheOthersFromBeingRead() throws {
    let run = try WeirProgram.replay(["/nonexistent/a.pcap", ExitStatusTests.capture])
    let summary = try run.summary()
    #expect(run.status == 66)
    #expect(summary.packets.read > 0)
    #expect(summary.inputs.map(\.complete) == [false, true])
  }
}
