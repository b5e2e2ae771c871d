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
    let feed = try folder.write("evil.example\n".utf8, to: "feed\u{1b}[2J\u{9b}.txt")
    let run = try WeirProgram.run([
      "replay", WeirProgram.capture("web-http1.pcap"), "--feed", "\(feed),format=domains",
      "--events", folder["events"],
    ])
    #expect(!run.wasSignaled && run.status == 0, "\(run.complaints)")
    #expect(HumanSummaryTests.controls(run.text).isEmpty, "\(run.text.debugDescription)")
    let hostile = try folder.write(
      "evil.example\nbad\u{1b}]0;t\u{7}.example\n".utf8, to: "a\u{1b}[m.txt")
    for (option, status) in [(hostile, Int32(78)), ("\(feed),name=red\u{1b}[31m\u{9b}31m", 2)] {
      let refused = try WeirProgram.run(
        ["replay", WeirProgram.capture("icmp.pcap"), "--feed", option])
      #expect(refused.status == status, "\(refused.complaints)")
      #expect(!refused.complaints.isEmpty)
      #expect(HumanSummaryTests.controls(refused.complaints).isEmpty)
    }
    let events = String(decoding: try folder.data("events"), as: UTF8.self)
    #expect(!events.isEmpty && !events.contains("\u{1b}"))
  }
}
