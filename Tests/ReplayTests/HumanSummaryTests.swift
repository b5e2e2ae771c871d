import Foundation
import Testing

/// The summary for people.
@Suite struct HumanSummaryTests {
  private static func controls(_ text: String) -> [Unicode.Scalar] {
    text.unicodeScalars.filter { $0.properties.generalCategory == .control && $0 != "\n" }
  }

  @Test(arguments: FixtureTests.captures)
  func everyLineFitsInEightyColumnsWithoutEscapes(_ capture: String) throws {
    let run = try WeirProgram.run(
      ["replay", WeirProgram.capture(capture), "--feed", "\(WeirProgram.fixtures)/feeds"])
    #expect(run.status == 0)
    #expect(HumanSummaryTests.controls(run.text).isEmpty)
    // What is said of files and feeds is not cut: a path must be there to be copied.
    let table = run.text.split(separator: "\n").prefix { !$0.hasSuffix("Take note") }
    #expect(table.count > 3)
    for line in table { #expect(line.count <= 80, "\(line)") }
  }

  @Test func colorIsForThoseWhoAsk() throws {
    let arguments = ["replay", WeirProgram.capture("web-http1.pcap")] + WeirProgram.feeds
    #expect(try WeirProgram.run(arguments + ["--color", "always"]).text.contains("\u{1b}["))
    #expect(try !WeirProgram.run(arguments + ["--color", "never"]).text.contains("\u{1b}"))
  }

  @Test func controlCharactersInNamesReachNoTerminal() throws {
    let folder = try TemporaryFolder()
    let feed = try folder.write(
      "evil.example\nbad\u{1b}]0;title\u{7}.example\n".utf8, to: "feed\u{1b}[2J.txt")
    let patterns = try folder.write("shell; id=x\u{1b}[31m\n".utf8, to: "p.txt")
    let run = try WeirProgram.run([
      "replay", WeirProgram.capture("web-http1.pcap"), "--feed",
      "\(feed),format=domains", "--feed", "\(patterns),format=patterns",
      "--events", folder["events"], "-w", folder["packets"],
    ])
    #expect(!run.wasSignaled && run.status == 0, "\(run.complaints)")
    #expect(HumanSummaryTests.controls(run.text).isEmpty, "\(run.text.debugDescription)")
    #expect(HumanSummaryTests.controls(run.complaints).isEmpty, "\(run.complaints.debugDescription)")
    let named = try WeirProgram.run([
      "replay", WeirProgram.capture("icmp.pcap"), "--feed", "\(patterns),name=red\u{1b}[31m\u{9b}31m",
    ])
    #expect(named.status == 2 && HumanSummaryTests.controls(named.complaints).isEmpty)
    let events = String(decoding: try folder.data("events"), as: UTF8.self)
    #expect(!events.isEmpty && !events.contains("\u{1b}"))
  }
}
