import Foundation
import Testing

/// Counts do not depend on threads, on how the input is split, or on how it comes.
@Suite struct SplitTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Everything a run of all captures writes; the summary without the time.
  private func products(threads: Int) throws -> [Data] {
    let names = ["events", "observables", "tally", "packets"].map { "\($0)-\(threads)" }
    let run = try WeirProgram.replay(
      ["\(WeirProgram.fixtures)/captures", "-j", "\(threads)", "-q"] + WeirProgram.feeds + [
        "--events", folder[names[0]], "--observables", folder[names[1]],
        "--tally", folder[names[2]], "-w", folder[names[3]],
      ])
    #expect(run.status == 0, "\(run.complaints)")
    var summary = try JSONSerialization.jsonObject(with: run.output) as? [String: Any] ?? [:]
    #expect(summary.removeValue(forKey: "elapsed") != nil)
    let rest = try JSONSerialization.data(withJSONObject: summary, options: .sortedKeys)
    return try [rest] + names.map { try folder.data($0) }
  }

  @Test func anyNumberOfThreadsWritesTheSameBytes() throws {
    let alone = try products(threads: 1)
    #expect(alone.allSatisfy { $0.count > 1_000 })
    for threads in [2, 3, 7] {
      let these = try products(threads: threads)
      for (index, name) in ["summary", "events", "observables", "tally", "packets"].enumerated() {
        #expect(these[index] == alone[index], "\(name) with \(threads) threads")
      }
    }
  }

  @Test(arguments: ["web-http1.pcap", "dns-udp.pcap", "udp-content.pcap", "dns-tcp.pcap"])
  func aCaptureInTwoFilesGivesTheCountsOfTheWhole(_ capture: String) throws {
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: WeirProgram.capture(capture))))
    let whole = try WeirProgram.replay([WeirProgram.capture(capture)] + WeirProgram.feeds).summary()
    let starts = PcapBytes.recordStarts(bytes)
    #expect(starts.count == whole.packets.read + 1)
    // Every boundary of a small capture, and every seventh of a larger one.
    for start in starts.enumerated().filter({ starts.count < 20 || $0.offset % 7 == 0 }) {
      let first = try folder.write(bytes[..<start.element], to: "first.pcap")
      let second = try folder.write(
        bytes[..<PcapBytes.headerLength] + bytes[start.element...], to: "second.pcap")
      let split = try WeirProgram.replay([first, second] + WeirProgram.feeds).summary()
      #expect(split.counts == whole.counts, "split before packet \(start.offset + 1)")
    }
  }

  @Test func standardInputADirectoryAndPackedFilesGiveWhatThePlainFileGives() throws {
    let plain = WeirProgram.capture("dns-udp.pcap")
    let counts = try WeirProgram.replay([plain] + WeirProgram.feeds).summary().counts
    for ending in ["gz", "zst", "lz4"] {
      let packed = try WeirProgram.replay(["\(plain).\(ending)"] + WeirProgram.feeds)
      #expect(packed.status == 0)
      #expect(try packed.summary().counts == counts, "\(ending)")
      let streamed = try WeirProgram.run(
        ["replay", "-", "-o", "json"] + WeirProgram.feeds, input: "\(plain).\(ending)")
      #expect(try streamed.summary().counts == counts, "\(ending) on standard input")
    }
    let streamed = try WeirProgram.run(
      ["replay", "-", "-o", "json"] + WeirProgram.feeds, input: plain)
    #expect(try streamed.summary().counts == counts)
    _ = try folder.write(try Data(contentsOf: URL(filePath: plain)), to: "only.pcap")
    let directory = try WeirProgram.replay([folder.url.path] + WeirProgram.feeds)
    #expect(directory.status == 0)
    #expect(try directory.summary().counts == counts)
  }

  @Test func mergedTalliesAreTheSumOfTheirRuns() throws {
    let captures = ["web-http1.pcap", "dns-udp.pcap", "udp-content.pcap"]
    var runs: [Summary] = []
    for capture in captures {
      runs.append(
        try WeirProgram.replay(
          [WeirProgram.capture(capture), "--tally", folder[capture]] + WeirProgram.feeds
        ).summary())
    }
    let merged = try WeirProgram.run(["merge", "-o", "json"] + captures.map { folder[$0] })
    #expect(merged.status == 0, "\(merged.complaints)")
    let sum = try merged.summary()
    #expect(sum.command == "merge")
    #expect(sum.packets.read == runs.map(\.packets.read).reduce(0, +))
    #expect(sum.blocked.packets == runs.map(\.blocked.packets).reduce(0, +))
    #expect(sum.blocked.bytes == runs.map(\.blocked.bytes).reduce(0, +))
    #expect(sum.blocked.threats == runs.map(\.blocked.threats).reduce(0, +))
    #expect(sum.sightings.total == runs.map(\.sightings.total).reduce(0, +))
    for place in ["ip.src", "dns.query", "http.host", "payload"] {
      let parts = runs.map { $0.observables[place, default: 0] }.reduce(0, +)
      #expect(sum.observables[place, default: 0] == parts)
    }
    let together = try WeirProgram.replay(
      captures.map(WeirProgram.capture) + WeirProgram.feeds
    ).summary()
    #expect(sum.counts == together.counts)
  }

  @Test func aTallyMergedAloneStaysWhatItIs() throws {
    let run = try WeirProgram.replay(
      [WeirProgram.capture("web-http1.pcap"), "--tally", folder["one"]] + WeirProgram.feeds)
    let merged = try WeirProgram.run(["merge", folder["one"], "--tally", folder["same"]])
    #expect(run.status == 0 && merged.status == 0)
    var tallies = try ["one", "same"].map {
      try JSONSerialization.jsonObject(with: folder.data($0)) as? [String: Any] ?? [:]
    }
    // The tally says which command wrote it; nothing else may differ.
    #expect(tallies.map { $0["command"] as? String } == ["replay", "merge"])
    for index in tallies.indices { tallies[index]["command"] = nil }
    let texts = try tallies.map {
      try JSONSerialization.data(withJSONObject: $0, options: .sortedKeys)
    }
    #expect(texts[0] == texts[1])
    #expect(texts[0].count > 500)
  }

  @Test func aTallyCutAnywhereIsDamaged() throws {
    _ = try WeirProgram.replay([WeirProgram.capture("icmp.pcap"), "--tally", folder["whole"]])
    let bytes = [UInt8](try folder.data("whole"))
    for step in 0..<20 {
      let cut = try folder.write(bytes[..<(bytes.count * step / 20)], to: "cut")
      let run = try WeirProgram.run(["merge", cut])
      #expect(run.status == 65, "cut at \(bytes.count * step / 20): \(run.complaints)")
      #expect(run.complaints.contains(cut))
    }
  }
}

/// Just enough of a little-endian pcap file to cut it between packets.
enum PcapBytes {
  static let headerLength = 24

  /// Where each record begins, and last where the file ends.
  static func recordStarts(_ bytes: [UInt8]) -> [Int] {
    var starts: [Int] = []
    var at = headerLength
    while at + 16 <= bytes.count {
      starts.append(at)
      let length = (0..<4).reduce(0) { $0 | Int(bytes[at + 8 + $1]) << (8 * $1) }
      at += 16 + length
    }
    return starts + [at]
  }
}
