import Testing
import WeirEngine
import WeirGate
import WeirModel
import WeirRules
import WeirTally

struct VerdictTests {
  let client = "192.0.2.10"
  let server = "198.51.100.80"

  /// `evil.example` and two addresses are blocked, `watch.example` is monitored, `good.example` is allowed.
  static func rules() throws -> RuleSet {
    func entries(_ values: [IndicatorValue?], _ action: Action) -> [FeedEntry] {
      values.compactMap { $0 }.enumerated().map {
        FeedEntry($0.element, action: action, line: $0.offset + 1)
      }
    }
    func name(_ text: String) -> IndicatorValue? { DomainName(text).map { .domain($0) } }
    func address(_ text: String) -> IndicatorValue? { IPAddress(text).map { .address($0) } }
    let pattern = BytePattern(Array("marker".utf8), ignoresCase: false)
    return try RuleSet.of(
      (
        FeedSettings(name: "drop"),
        entries(
          [
            name("evil.example"), address("203.0.113.66"), address("203.0.113.67"),
            pattern.map { .pattern($0, id: "marker") },
          ], .block)
      ),
      (FeedSettings(name: "watch", action: .monitor), entries([name("watch.example")], .monitor)),
      (
        FeedSettings(name: "mine", action: .allow),
        entries([name("good.example"), address("203.0.113.67")], .allow)
      ))
  }

  func run(_ frames: [[UInt8]], mode: Mode = .enforce, link: LinkType = .raw) throws -> Run {
    var gate = MemoryGate()
    for frame in frames { gate.append(frame, link: link) }
    let settings = WorkerSettings(mode: mode, flowsMax: 1 << 10, keepsSightings: true)
    return try Run(gate, rules: try Self.rules(), settings: settings)
  }

  var evilConnection: [[UInt8]] {
    [
      Frames.tcp(client, server, flags: 0x02), Frames.tcp(server, client, ports: (80, 40_000)),
      Frames.tcp(client, server, Frames.request(host: "evil.example")),
      Frames.tcp(server, client, ports: (80, 40_000), "HTTP/1.1 200 OK\r\n\r\n"),
      Frames.tcp(client, server),
      Frames.tcp(client, server, ports: (40_001, 80)),
    ]
  }

  @Test func whatAConnectionCarriedBlocksTheRestOfIt() throws {
    let run = try run(evilConnection)
    #expect(run.verdicts == [.pass, .pass, .block, .block, .block, .pass])
    #expect(run.tally.blocked.packets == 3)
    #expect(run.tally.blocked.threats == 1)
    #expect(run.tally.blocked.bytes == UInt64(evilConnection[2...4].reduce(0) { $0 + $1.count }))
    #expect(run.tally.tcpFlows == 2)
    #expect(run.sightings == ["3 http.host evil.example [0] evil.example block evil.example"])
  }

  @Test(arguments: [
    ("GET /bad HTTP/1.1", "url.example", "http://url.example/bad block"),
    ("GET /x/../%62ad HTTP/1.1", "URL.example:80", "http://url.example/bad block"),
    ("GET /bad/below HTTP/1.1", "url.example", ""),
    ("GET /deep/down?here HTTP/1.1", "url.example", "http://url.example/deep/ block"),
    ("GET /deep HTTP/1.1", "url.example", ""),
    ("GET /p HTTP/1.1", "[2001:DB8::0:1]:8080", "[2001:db8::1]:8080/p block"),
    ("GET http://url.example/bad HTTP/1.1", "other.example", "http://url.example/bad block"),
    ("CONNECT url.example:80 HTTP/1.1", "url.example", ""),
  ])
  func aRequestIsKnownByItsURL(line: String, host: String, expected: String) throws {
    let entries = [
      ("http://url.example/bad", DomainScope.exact), ("http://url.example/deep/", .subdomains),
      ("[2001:db8::1]:8080/p", .exact),
    ].compactMap { text, scope in
      WebURL(text, allowsMissingScheme: true).map {
        FeedEntry(.url($0), scope: scope, action: .block, line: 1)
      }
    }
    let rules = try RuleSet.of((FeedSettings(name: "urls"), entries))
    var gate = MemoryGate()
    gate.append(Frames.tcp(client, server, "\(line)\r\nHost: \(host)\r\n\r\n"), link: .raw)
    let run = try Run(
      gate, rules: rules,
      settings: WorkerSettings(mode: .enforce, flowsMax: 1 << 10, keepsSightings: true))
    #expect(run.verdicts == [expected.isEmpty ? .pass : .block])
    #expect(run.sightings.count == (expected.isEmpty ? 0 : 1))
    for part in expected.split(separator: " ") {
      #expect(run.sightings.allSatisfy { $0.hasPrefix("1 http.url ") && $0.contains(part) })
    }
  }

  @Test(arguments: [[0, 1, 2], [2, 1, 0], [1, 0, 2], [1, 1, 2, 0]])
  func aDatagramInFragmentsIsJudgedAsAWhole(order: [Int]) throws {
    let query = Array(Frames.query("evil.example").dropFirst(20))
    let ranges = [0..<16, 16..<32, 32..<query.count]
    let fragments = ranges.map { range in
      var frame = Frames.ipv4(client, server, transport: 17, Array(query[range]))
      frame[5] = 9
      frame[6] = range.upperBound < query.count ? 0x20 : 0
      frame[7] = UInt8(range.lowerBound / 8)
      return frame
    }
    let run = try run(order.map { fragments[$0] })
    #expect(run.verdicts == order.dropLast().map { _ in .pass } + [.block])
    #expect(
      run.sightings == ["\(order.count) dns.query evil.example [0] evil.example block evil.example"]
    )
    #expect(run.unjudged.isEmpty)
    #expect(run.tally.udpFlows == 1)
    let missing = try self.run(order.dropLast().map { fragments[$0] })
    #expect(missing.sightings.isEmpty)
    #expect(missing.unjudged == ["fragment": UInt64(order.count - 1)])
  }

  @Test func aQueryAndItsResponseAreOneThing() throws {
    let query = Frames.query("evil.example")
    let response = Frames.answer("evil.example", [203, 0, 113, 66])
    let both = try run([query, response])
    #expect(both.verdicts == [.block, .block])
    #expect(both.tally.blocked.packets == 2 && both.tally.blocked.threats == 1)
    #expect(try run([query, response, query, response]).tally.blocked.threats == 2)
    // The response alone shows a thing that no query was counted for.
    #expect(try run([response]).tally.blocked.threats == 1)
  }

  @Test func aNewConnectionOnTheSamePortsIsJudgedAnew() throws {
    let frames =
      evilConnection.dropLast() + [
        Frames.tcp(client, server, flags: 0x04), Frames.tcp(client, server, flags: 0x02),
      ]
    let run = try run(Array(frames))
    #expect(run.verdicts.suffix(2) == [.block, .pass])
    #expect(run.tally.tcpFlows == 2)
  }

  @Test func auditModeTurnsBlocksToMonitored() throws {
    let enforced = try run(evilConnection)
    let audited = try run(evilConnection, mode: .audit)
    #expect(audited.verdicts == enforced.verdicts.map { $0 == .block ? .monitor : $0 })
    #expect(audited.tally.blocked == .init())
    #expect(audited.tally.monitored == enforced.tally.blocked)
    #expect(audited.tally.sightings[Int(Place.httpHost.rawValue)] == 1)
  }

  @Test func aQueryBlocksItselfAndNoOther() throws {
    let run = try run([
      Frames.query("evil.example"), Frames.query("other.example"), Frames.query("a.evil.example"),
      Frames.query("watch.example"),
    ])
    #expect(run.verdicts == [.block, .pass, .block, .monitor])
    #expect(run.tally.blocked.threats == 2)
    #expect(run.tally.monitored.threats == 1)
    #expect(run.tally.udpFlows == 1)
  }

  @Test func anAnswerIsJudgedAsTheDestinationItIsAboutToBe() throws {
    // `inbound` means those who come, which an answer does not tell; `203.0.113.67` is allowed.
    let rules = try RuleSet.of(
      (
        FeedSettings(name: "drop"),
        ["203.0.113.66", "203.0.113.67"].compactMap { IPAddress($0) }.map {
          FeedEntry(.address($0), line: 1)
        } + ["evil.example"].compactMap { DomainName($0) }.map { FeedEntry(.domain($0), line: 3) }
      ),
      (
        FeedSettings(name: "scanners", direction: .inbound),
        ["203.0.113.68"].compactMap { IPAddress($0) }.map { FeedEntry(.address($0), line: 1) }
      ),
      (
        FeedSettings(name: "mine", action: .allow),
        ["203.0.113.67"].compactMap { IPAddress($0) }.map {
          FeedEntry(.address($0), action: .allow, line: 1)
        }
      ))
    var gate = MemoryGate()
    for octet: UInt8 in [66, 67, 68, 69] {
      gate.append(Frames.answer("good.example", [203, 0, 113, octet]), link: .raw)
    }
    // A name that is asked for and answered with is one observable in each message.
    gate.append(Frames.query("evil.example"), link: .raw)
    gate.append(Frames.answer("evil.example", [203, 0, 113, 66]), link: .raw)
    let run = try Run(gate, rules: rules)
    #expect(run.verdicts == [.block, .pass, .pass, .pass, .block, .block])
    #expect(
      run.sightings == [
        "1 dns.answer 203.0.113.66 [0] 203.0.113.66 block 203.0.113.66",
        "2 dns.answer 203.0.113.67 [0] 203.0.113.67 pass -",
        "3 dns.answer 203.0.113.68 [1] 203.0.113.68 pass -",
        "5 dns.query evil.example [0] evil.example block evil.example",
        "6 dns.answer 203.0.113.66 [0] 203.0.113.66 block 203.0.113.66",
      ])
    #expect(run.tally.observables[Int(Place.dnsAnswer.rawValue)] == 5)
  }

  @Test func contentOfOtherDatagramsStays() throws {
    let frames = ["hello", "a marker", "hello"].map {
      Frames.udp(client, server, ports: (5000, 6000), Array($0.utf8))
    }
    let run = try run(frames)
    #expect(run.verdicts == [.pass, .block, .block])
    #expect(run.tally.blocked.threats == 1)
  }

  @Test func anAddressBlocksEachPacketAndIsOneThreatAFlow() throws {
    let run = try run([
      Frames.echo(client, "203.0.113.66"), Frames.echo("203.0.113.66", client),
      Frames.tcp(client, "203.0.113.66"), Frames.tcp(client, "203.0.113.66", ports: (40_001, 80)),
      Frames.echo(client, server),
    ])
    #expect(run.verdicts == [.block, .block, .block, .block, .pass])
    #expect(run.tally.blocked.threats == 3)
    #expect(run.tally.sightings[Int(Place.ipDestination.rawValue)] == 3)
    #expect(run.tally.sightings[Int(Place.ipSource.rawValue)] == 1)
  }

  @Test func aMonitoredConnectionThatIsBlockedLaterCountsAsBoth() throws {
    let run = try run([
      Frames.tcp(client, server, Frames.request(host: "watch.example")), Frames.tcp(client, server),
      Frames.tcp(
        client, server, sequence: 1 + Frames.request(host: "watch.example").utf8.count,
        Frames.request(host: "evil.example")), Frames.tcp(client, server),
    ])
    #expect(run.verdicts == [.monitor, .monitor, .block, .block])
    #expect(run.tally.monitored.threats == 1 && run.tally.blocked.threats == 1)
  }

  @Test func anAllowedAddressIsSightedAndNotBlocked() throws {
    let run = try run([Frames.tcp(client, "203.0.113.67")])
    #expect(run.verdicts == [.pass])
    #expect(run.tally.suppressed == 1)
    #expect(run.tally.blocked == .init())
    #expect(run.sightings == ["1 ip.dst 203.0.113.67 [0]  pass -"])
  }

  @Test func anAllowedNameProtectsTheRestOfItsConnection() throws {
    let run = try run([
      Frames.tcp(client, "203.0.113.66"),
      Frames.tcp(client, "203.0.113.66", Frames.request(host: "good.example")),
      Frames.tcp("203.0.113.66", client, ports: (80, 40_000), "a marker"),
      Frames.tcp(client, "203.0.113.66", ports: (40_001, 80)),
    ])
    #expect(run.verdicts == [.block, .pass, .pass, .block])
    #expect(run.tally.suppressed == 2)
    // What stands on allow lists only makes no sighting.
    #expect(run.tally.sightings[Int(Place.httpHost.rawValue)] == 0)
    #expect(run.tally.sightings[Int(Place.payload.rawValue)] == 1)
  }

  @Test func framesThatAreNoIPAndCutOnesAreCounted() throws {
    let ethernet = [UInt8](repeating: 2, count: 12)
    var gate = MemoryGate()
    gate.append(ethernet + [0x08, 0x06, 0, 1])
    gate.append(ethernet)
    gate.append(ethernet + [0x08, 0x00, 0x45])
    gate.append(Frames.echo(client, server), link: LinkType(rawValue: 147))
    gate.append([0x55] + [UInt8](repeating: 0, count: 40), link: .raw)
    gate.append(Array(Frames.query("evil.example").dropLast(4)), link: .raw, wireLength: 200)
    let run = try Run(gate, rules: try Self.rules())
    #expect(run.unjudged == ["not-ip": 2, "truncated": 2, "link-type": 1, "snaplen": 1])
    #expect(run.tally.packets == 6 && run.tally.ipv4 == 1 && run.undecided == 5)
    #expect(run.verdicts == Array(repeating: .pass, count: 6))
  }
}
