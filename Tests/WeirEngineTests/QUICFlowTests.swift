import Testing
import WeirEngine
import WeirGate
import WeirModel
import WeirRules
import WeirTally

/// Handshakes of QUIC over several datagrams of a flow, from the frames of `Fixtures/frames`.
struct QUICFlowTests {
  struct NoFrame: Error {}

  static func frame(_ name: String) throws -> [UInt8] {
    guard let file = FrameFile.all.first(where: { $0.name == "quic-" + name }) else {
      throw NoFrame()
    }
    return file.bytes
  }

  static func rules() throws -> RuleSet {
    try RuleSet.of(
      (
        FeedSettings(name: "drop"),
        ["evil.example"].compactMap { DomainName($0) }.map { FeedEntry(.domain($0), line: 1) }
      ))
  }

  func run(_ names: [String], threads: Int = 1) throws -> Run {
    var gate = MemoryGate()
    for name in names { gate.append(try Self.frame(name), link: .ethernet) }
    return try Run(gate, rules: try Self.rules(), threads: threads)
  }

  /// The names that were seen.
  func names(_ run: Run) -> [String] { run.observed.filter { $0.hasPrefix("quic.sni") } }

  @Test(arguments: [
    ["first-part", "second-part"], ["first-part", "first-part", "second-part"],
    ["first-part", "from-server", "retry", "second-part"],
  ])
  func aHelloOverTwoDatagramsIsRead(_ frames: [String]) throws {
    for threads in [1, 3] {
      let run = try run(frames, threads: threads)
      #expect(names(run) == ["quic.sni evil.example"])
      #expect(run.verdicts == frames.map { $0 == "second-part" ? .block : .pass })
      #expect(run.unjudged == [:])
      #expect(run.observed.count { $0.hasPrefix("tls.ja4 q13d0203") } == 1)
    }
  }

  @Test func aPartThatIsLostIsCounted() throws {
    let run = try run(["first-part", "other-name"])
    // The second connection takes the place of the first between the same ports.
    #expect(run.unjudged == ["handshake-incomplete": 1])
    #expect(names(run) == ["quic.sni other.example"])
  }

  @Test(arguments: ["token", "v2", "draft-29", "v1"])
  func aHelloThatIsSentAgainIsOne(_ again: String) throws {
    let run = try run(["v1", "retry", again, "version-negotiation"])
    #expect(names(run) == ["quic.sni evil.example"])
    #expect(run.unjudged == [:])
    #expect(run.verdicts == [.block, .block, .block, .block])
    #expect(run.sightings == ["1 quic.sni evil.example [0] evil.example block evil.example"])
  }

  @Test func anotherConnectionBetweenTheSamePortsIsAnother() throws {
    let run = try run(["other-name", "v1"])
    #expect(names(run) == ["quic.sni evil.example", "quic.sni other.example"])
    #expect(run.verdicts == [.pass, .block])
  }

  @Test func theServersAnswersAreNotMistakenForHellos() throws {
    let run = try run(["v1", "from-server", "from-server"])
    #expect(names(run) == ["quic.sni evil.example"])
    #expect(run.unjudged == [:])
  }

  @Test func fingerprintsAreLookedUpOverTCPAndQUIC() throws {
    func told(_ name: String, _ place: String) throws -> String {
      let file = try #require(FrameFile.all.first { $0.name == name })
      let line = try #require(file.expected.first { $0.hasPrefix(place) })
      return String(line.dropFirst(place.count + 1))
    }
    let ja3 = try told("tls-sni", "tls.ja3")
    let ja4 = try told("quic-v1", "tls.ja4")
    let values: [IndicatorValue?] = [
      Digest(ja3).map { .ja3($0) }, JA4Fingerprint(ja4).map { .ja4($0) },
    ]
    let rules = try RuleSet.of(
      (
        FeedSettings(name: "clients"), values.compactMap { $0 }.map { FeedEntry($0, line: 1) }
      ))
    var gate = MemoryGate()
    for name in ["tls-sni", "tls-ech", "quic-v1"] {
      let file = try #require(FrameFile.all.first { $0.name == name })
      gate.append(file.bytes, link: file.link)
    }
    let run = try Run(gate, rules: rules)
    #expect(
      run.sightings == [
        "1 tls.ja3 \(ja3) [0] \(ja3) block \(ja3)", "3 tls.ja4 \(ja4) [0] \(ja4) block \(ja4)",
      ])
  }

  @Test func aFloodOfHalfHellosIsCountedInFull() throws {
    let half = try Self.frame("first-part")
    for threads in [1, 2, 5] {
      var gate = MemoryGate()
      for number in 1000..<4000 {
        var bytes = half
        // The source port.
        bytes[34] = UInt8(number >> 8)
        bytes[35] = UInt8(number & 255)
        gate.append(bytes, link: .ethernet)
      }
      let run = try Run(gate, rules: try Self.rules(), threads: threads)
      #expect(run.unjudged == ["handshake-incomplete": 3000], "\(threads) threads")
      #expect(names(run) == [])
    }
  }
}
