import Testing
import WeirEngine
import WeirGate
import WeirModel
import WeirRules
import WeirTally

/// Streams that are made to be expensive, or to be misread: what they cost is bounded, and what is lost is counted.
struct StreamFloodTests {
  private let server = "192.0.2.80"
  private let client = "203.0.113.7"
  private let request = Array("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n".utf8)

  private func rules() throws -> RuleSet {
    let name = DomainName("evil.example").map { FeedEntry(.domain($0), line: 1) }
    let pattern = BytePattern(Array("1.1\r\nHost".utf8), ignoresCase: false)
      .map { FeedEntry(.pattern($0, id: "line"), line: 2) }
    return try RuleSet.of((FeedSettings(name: "feed"), [name, pattern].compactMap { $0 }))
  }

  private func run(
    _ frames: [[UInt8]], flowsMax: Int = 1 << 12, streamBytesMax: Int = 1 << 26, threads: Int = 1
  ) throws -> Run {
    var gate = MemoryGate()
    for frame in frames { gate.append(frame, link: .raw) }
    return try Run(
      gate, rules: try rules(), threads: threads,
      settings: WorkerSettings(
        flowsMax: flowsMax, streamBytesMax: streamBytesMax, keepsSightings: true))
  }

  /// The request in segments of one byte each, behind a SYN with number 0.
  private var singleBytes: [[UInt8]] {
    request.indices.map { index in
      Frames.tcp(
        client, server, sequence: 1 + index,
        String(decoding: request[index...index], as: UTF8.self))
    }
  }

  /// Where something was sighted, in order.
  private func places(_ run: Run) -> [Substring] {
    run.sightings.map { $0.split(separator: " ")[1] }
  }

  @Test func aRequestInSegmentsOfOneByteIsReadOnceInAnyOrder() throws {
    let opening = Frames.tcp(client, server, flags: 2)
    var random = Seeded(5)
    for frames in [
      singleBytes, singleBytes.reversed(), singleBytes.shuffled(using: &random),
      singleBytes.flatMap { [$0, $0] },
    ] {
      let run = try run([opening] + frames)
      #expect(places(run).sorted() == ["http.host", "payload"])
      #expect(run.tally.streams.gapBytes == 0 && run.tally.streams.conflicts == 0)
      #expect(run.unjudged.isEmpty)
      #expect(run.verdicts.last == .block && run.tally.blocked.threats == 1)
    }
  }

  @Test func overlapsThatLieAreCountedAndWhatCameFirstIsJudged() throws {
    let text = String(decoding: request, as: UTF8.self)
    let other = text.replacing("evil", with: "good")
    let opening = Frames.tcp(client, server, flags: 2)
    // All but the first byte waits; then comes another story about the same bytes, with the first one.
    let held = Frames.tcp(client, server, sequence: 2, String(text.dropFirst()))
    let lie = Frames.tcp(client, server, sequence: 1, other)
    let lied = try run([opening, held, lie])
    #expect(places(lied).contains("http.host") && lied.tally.streams.conflicts == 1)
    let truth = Frames.tcp(client, server, sequence: 2, String(other.dropFirst()))
    let clean = try run([opening, truth, Frames.tcp(client, server, sequence: 1, text)])
    #expect(!places(clean).contains("http.host") && clean.tally.streams.conflicts == 1)
  }

  @Test(arguments: [1, 3]) func aFloodOfConnectionsIsBoundedAndCounted(_ threads: Int) throws {
    var frames: [[UInt8]] = []
    for number in 0..<20_000 {
      frames.append(
        Frames.tcp(
          "198.18.\(number >> 8).\(number & 255)", server, ports: (1024 + number % 7, 80),
          flags: 2))
    }
    let run = try run(frames, flowsMax: 512, threads: threads)
    #expect(run.tally.packets == 20_000 && run.tally.tcpFlows == 20_000)
    #expect(run.tally.flowsEvicted >= 20_000 - 512)
    #expect(run.unjudged.isEmpty)
  }

  @Test func requestsThatNeverEndTakeOneAnothersBuffersAndAreCounted() throws {
    // One pair of hosts lies in one partition, which has a single buffer when there is no memory.
    let frames = (0..<500).flatMap { number in
      [
        Frames.tcp(client, server, ports: (2000 + number, 80), flags: 2),
        Frames.tcp(client, server, ports: (2000 + number, 80), "GET / HTTP/1.1\r\nHost: evil.ex"),
      ]
    }
    let run = try run(frames, streamBytesMax: 1)
    #expect(run.unjudged == ["handshake-incomplete": 500])
    #expect(!places(run).contains("http.host"))
  }

  @Test func aHelloThatNeverEndsIsGivenUpOnce() throws {
    let head: [UInt8] = [22, 3, 1, 0x7f, 0x7f, 1, 0, 0x7f, 0x7f, 3, 3]
    var frames = [Frames.tcp(client, server, flags: 2)]
    var text = head + [UInt8](repeating: 0, count: 1000 - head.count)
    for number in 0..<200 {
      frames.append(
        Frames.tcp(
          client, server, sequence: 1 + number * 1000, String(decoding: text, as: UTF8.self)))
      text = [UInt8](repeating: 0, count: 1000)
    }
    let run = try run(frames)
    #expect(run.unjudged.values.reduce(0, +) == 1, "\(run.unjudged)")
    #expect(run.tally.streams.gapBytes == 0)
  }

  @Test func bytesBehindAGapThatIsNeverFilledAreBoundedAndCounted() throws {
    var frames = [Frames.tcp(client, server, flags: 2)]
    for number in 0..<4000 {
      frames.append(Frames.tcp(client, server, sequence: 3 + number * 2, "x"))
    }
    let run = try run(frames)
    let streams = run.tally.streams
    #expect(streams.gapBytes > 3000 && streams.gapBytes <= 4000)
    #expect(streams.droppedBytes <= 128 && streams.conflicts == 0)
  }
}
