import Foundation
import Testing

/// What replay writes besides its summary, and the filters.
@Suite struct OutputTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: ["web-http1.pcap", "udp-content.pcap", "qinq.pcap", "few-mixed-links.pcapng"])
  func writtenPacketsGiveTheSameSightingsAgain(_ capture: String) throws {
    let first = try WeirProgram.replay(
      [WeirProgram.capture(capture), "-w", folder["matched.pcapng"]] + WeirProgram.feeds)
    let again = try WeirProgram.replay([folder["matched.pcapng"]] + WeirProgram.feeds)
    #expect(first.status == 0 && again.status == 0, "\(first.complaints)\(again.complaints)")
    #expect(try first.summary().sightings.total > 0)
    #expect(try again.summary().sightings == first.summary().sightings)
  }

  @Test func tsharkReadsTheCommentsOfWrittenPackets() throws {
    let tshark = "/usr/bin/tshark"
    guard FileManager.default.isExecutableFile(atPath: tshark) else {
      print("skipped: tshark is not installed")
      return
    }
    _ = try WeirProgram.replay(
      [WeirProgram.capture("web-http1.pcap"), "-w", folder["matched.pcapng"]] + WeirProgram.feeds)
    let process = Process()
    process.executableURL = URL(filePath: tshark)
    process.arguments = [
      "-n", "-r", folder["matched.pcapng"], "-T", "fields", "-e", "frame.comment",
    ]
    process.standardOutput = try folder.create("comments")
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let comments = String(decoding: try folder.data("comments"), as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    let written = try WeirProgram.replay([folder["matched.pcapng"]]).summary().packets.read
    #expect(comments.count == written)
    #expect(comments.allSatisfy { $0.hasPrefix("weir block: ") || $0.hasPrefix("weir allowed: ") })
    #expect(comments.contains { $0.contains("domain evil.example (domains, phishing)") })
  }

  @Test func eventsHaveTheFieldsOfTheContract() throws {
    for capture in ["web-http1.pcap", "web-tls.pcap", "dns-udp.pcap", "qinq.pcap"] {
      let run = try WeirProgram.replay(
        [WeirProgram.capture(capture), "--events", folder["events"]] + WeirProgram.feeds)
      let summary = try run.summary()
      let events = try Events(folder["events"]).objects
      #expect(events.count == summary.sightings.total && !events.isEmpty)
      for event in events { check(event, summary) }
    }
  }

  private func check(_ event: [String: Any], _ summary: Summary) {
    for key in ["timestamp", "src_ip", "dest_ip", "proto", "event_type"] {
      #expect(event[key] is String, "\(key)")
    }
    #expect(event["event_type"] as? String == "alert")
    #expect(event["flow_id"] is NSNumber && event["pcap_cnt"] is NSNumber)
    let alert = event["alert"] as? [String: Any] ?? [:]
    #expect(["blocked", "allowed"].contains(alert["action"] as? String))
    #expect(alert["signature"] is String && alert["category"] is String)
    #expect(alert["severity"] is NSNumber)
    let weir = event["weir"] as? [String: Any] ?? [:]
    for key in ["where", "indicator", "kind", "feed", "category", "verdict"] {
      #expect(weir[key] is String, "\(key)")
    }
    #expect(weir["generation"] as? String == summary.database.generation)
    #expect((weir["feeds"] as? [String])?.isEmpty == false && weir["confidence"] is NSNumber)
    let names = [
      "dns.query": ["dns", "rrname"], "tls.sni": ["tls", "sni"], "http.host": ["http", "hostname"],
    ]
    if let path = names[weir["where"] as? String ?? ""] {
      #expect((event[path[0]] as? [String: Any])?[path[1]] is String, "\(path)")
    }
    if summary.inputs[0].path.hasSuffix("qinq.pcap") { #expect(event["vlan"] is [NSNumber]) }
  }

  @Test func eventsOnStandardOutputLeaveNothingElseThere() throws {
    let arguments = ["replay", WeirProgram.capture("dns-udp.pcap")] + WeirProgram.feeds
    let run = try WeirProgram.run(arguments + ["--events", "-"])
    _ = try WeirProgram.run(arguments + ["--events", folder["events"]])
    #expect(try run.output == folder.data("events"))
    #expect(!run.output.isEmpty)
  }

  @Test func nothingIsWrittenOverWhatIsRead() throws {
    let folder = try TemporaryFolder()
    let bytes = try Data(contentsOf: URL(filePath: WeirProgram.capture("icmp.pcap")))
    let capture = try folder.write(bytes, to: "icmp.pcap")
    let feed = try folder.write("192.0.2.1\n".utf8, to: "feed.txt")
    for arguments in [
      ["-w", capture], ["--events", "\(folder.url.path)/./icmp.pcap"],
      ["--feed", "\(feed),name=x", "--tally", feed],
    ] {
      let run = try WeirProgram.replay([capture] + arguments)
      #expect(run.status == 2)
      #expect(run.complaints.contains("is read"))
    }
    #expect(try folder.data("icmp.pcap") == bytes)
    #expect(try folder.data("feed.txt") == Data("192.0.2.1\n".utf8))
  }

  @Test func auditCallsMonitoredWhatEnforceCallsBlocked() throws {
    let arguments = [WeirProgram.capture("web-http1.pcap")] + WeirProgram.feeds
    let enforced = try WeirProgram.replay(arguments).summary()
    let audited = try WeirProgram.replay(arguments + ["--mode", "audit"]).summary()
    #expect(audited.blocked.packets == 0)
    #expect(audited.monitored.packets > 0 && enforced.blocked.packets > 0)
    #expect(audited.sightings == enforced.sightings)
  }

  @Test func filtersInWordsBehindReadAndInAFileAreTheSame() throws {
    let capture = WeirProgram.capture("icmp.pcap")
    let all = try WeirProgram.replay([capture]).summary().packets.read
    let file = try folder.write("udp port 53\n".utf8, to: "filter")
    let filtered = try [
      [capture, "udp", "port", "53"], [capture, "udp port 53"],
      ["-r", capture, "udp", "port", "53"], [capture, "--bpf-file", file],
      ["-r", capture, "--bpf-file", file],
    ].map { try WeirProgram.replay($0).summary() }
    for summary in filtered {
      #expect(summary.counts == filtered[0].counts)
      #expect(summary.observables["dns.query"] == 1)
    }
    let rest = try WeirProgram.replay(["-r", capture, "not", "(", "udp", "port", "53", ")"])
      .summary()
    #expect(filtered[0].packets.read > 0 && rest.packets.read > 0)
    #expect(filtered[0].packets.read + rest.packets.read == all)
    let both = try WeirProgram.run(["replay", capture, "udp", "--bpf-file", file])
    #expect(both.status == 2)
  }
}
