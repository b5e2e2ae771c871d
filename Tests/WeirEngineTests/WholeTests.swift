import Testing
import WeirEngine
import WeirGate
import WeirModel
import WeirRules
import WeirTally

/// A seeded generator (SplitMix64).
struct Seeded: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }
}

/// What holds for every input: nothing is lost, and nothing depends on threads or batches.
struct WholeTests {
  /// Rules that hit much of what the fixtures show.
  static func rules() throws -> RuleSet {
    let names = ["evil.example", "example.com"].compactMap { DomainName($0) }
    let prefixes = [("198.51.100.0", 24), ("192.0.2.0", 28), ("2001:db8:5::", 48)].compactMap {
      text, length in IPAddress(text).map { IPPrefix($0, length: length) }
    }
    let pattern = BytePattern(Array("GET".utf8), ignoresCase: true)
    return try RuleSet.of(
      (
        FeedSettings(name: "names"),
        names.enumerated().map { FeedEntry(.domain($0.element), line: $0.offset + 1) }
          + [pattern].compactMap { $0 }.map { FeedEntry(.pattern($0, id: "get"), line: 9) }
      ),
      (
        FeedSettings(name: "watch", action: .monitor),
        prefixes.enumerated().map {
          FeedEntry(.prefix($0.element), action: .monitor, line: $0.offset + 1)
        }
      ))
  }

  /// The fixtures with changed bytes and addresses, so that flows of many hosts mix.
  static func gate(
    seed: UInt64, frames: Int, batch: Int, of files: [FrameFile] = FrameFile.all
  ) -> MemoryGate {
    var random = Seeded(seed)
    var gate = MemoryGate(batch: batch)
    for number in 0..<frames {
      let file = files[Int(random.next() % UInt64(files.count))]
      var bytes = file.bytes
      if !bytes.isEmpty, random.next() & 1 == 0 {
        for _ in 0...Int(random.next() % 4) {
          let at = Int(random.next() % UInt64(bytes.count))
          bytes[at] = UInt8(truncatingIfNeeded: random.next())
        }
      }
      // The last byte of an IPv4 source behind Ethernet.
      if file.link == .ethernet, bytes.count > 30 { bytes[29] = UInt8(random.next() % 40) }
      if random.next() % 8 == 0 { bytes.removeLast(Int(random.next() % UInt64(bytes.count + 1))) }
      gate.append(
        bytes, link: file.link, timestamp: Timestamp(nanoseconds: Int64(number) * 100_000_000),
        wireLength: random.next() % 4 == 0 ? 1500 : file.wireLength)
    }
    return gate
  }

  /// A run in text, as far as it must not depend on threads and batches.
  static func outcome(_ run: Run) -> [String] {
    var lines = run.sightings + run.observed + run.verdicts.map(\.name)
    let tally = run.tally
    lines.append("\(tally.packets) \(tally.bytes) \(tally.ipv4) \(tally.ipv6)")
    lines.append("\(tally.tcpFlows) \(tally.udpFlows) \(tally.flowsEvicted) \(tally.suppressed)")
    lines.append("\(tally.blocked) \(tally.monitored) \(run.unjudged.sorted { $0.key < $1.key })")
    for place in Place.allCases {
      let index = Int(place.rawValue)
      lines.append("\(place) \(tally.observables[index]) \(tally.sightings[index])")
    }
    lines.append("\(tally.feedSetSightings)")
    lines += tally.indicators.records.sorted { $0.indicator < $1.indicator }.map { record in
      let places = Place.allCases.map { tally.indicators.sightings(of: record, at: $0) }
      return "\(record.indicator) \(record.packets) \(record.bytes) \(record.firstSeen)"
        + " \(record.lastSeen) \(places)"
    }
    return lines
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func everyPacketIsJudgedOrHasAReason(_ seed: UInt64) throws {
    let run = try Run(Self.gate(seed: seed, frames: 3000, batch: 256), rules: try Self.rules())
    #expect(run.tally.packets == 3000 && run.verdicts.count == 3000)
    #expect(run.tally.ipv4 + run.tally.ipv6 + run.undecided == 3000, "seed \(seed)")
    #expect(run.unjudged.values.reduce(0, +) <= 3000, "seed \(seed)")
    for (verdict, held) in [(Verdict.block, run.tally.blocked), (.monitor, run.tally.monitored)] {
      #expect(Int(held.packets) == run.verdicts.count { $0 == verdict }, "seed \(seed)")
      #expect(held.threats <= held.packets && held.packets > 0, "seed \(seed)")
    }
    let addresses = run.observed.count { $0.hasPrefix("ip.") }
    #expect(UInt64(addresses) == 2 * (run.tally.ipv4 + run.tally.ipv6), "seed \(seed)")
    for place in Place.allCases where place != .payload {
      let count = run.observed.count { $0.hasPrefix("\(place.name) ") }
      #expect(run.tally.observables[Int(place.rawValue)] == UInt64(count), "\(place), seed \(seed)")
    }
  }

  @Test(arguments: [1, 7] as [UInt64])
  func threadsAndBatchesChangeNothing(_ seed: UInt64) throws {
    let rules = try Self.rules()
    let expected = Self.outcome(
      try Run(Self.gate(seed: seed, frames: 2000, batch: 256), rules: rules))
    for (threads, batch) in [(1, 1), (1, 5000), (2, 256), (3, 7), (5, 999), (64, 300), (200, 64)] {
      let run = try Run(
        Self.gate(seed: seed, frames: 2000, batch: batch), rules: rules, threads: threads)
      let found = Self.outcome(run)
      #expect(found == expected, "seed \(seed), \(threads) threads, batches of \(batch)")
    }
  }

  @Test(arguments: [(1, 1, 256), (2, 1, 1), (3, 2, 500), (4, 5, 77)] as [(UInt64, Int, Int)])
  func addressesAloneAreJudgedAsTheyAreWithContent(
    _ seed: UInt64, _ threads: Int, _ batch: Int
  ) throws {
    let prefixes = ["198.51.100.0", "192.0.2.16", "2001:db8:5::"].compactMap { IPAddress($0) }
    let rules = try RuleSet.of(
      (
        FeedSettings(name: "drop"),
        prefixes.map { FeedEntry(.prefix(IPPrefix($0, length: 28)), line: 1) }
      ),
      (
        FeedSettings(name: "own", action: .allow),
        [FeedEntry(.address(IPAddress(v4: 0xc000_0213)), action: .allow, line: 1)]
      ))
    // An address in an answer is content.
    let files = FrameFile.all.filter { !$0.expected.contains { $0.hasPrefix("dns.answer") } }
    let whole = try Run(
      Self.gate(seed: seed, frames: 2000, batch: 256, of: files), rules: rules)
    let shallow = try Run(
      Self.gate(seed: seed, frames: 2000, batch: batch, of: files), rules: rules, threads: threads,
      settings: WorkerSettings(depth: .addresses, keepsSightings: true, keepsValues: true))
    #expect(shallow.sightings == whole.sightings && !whole.sightings.isEmpty, "seed \(seed)")
    #expect(shallow.verdicts == whole.verdicts, "seed \(seed)")
    #expect(shallow.observed == whole.observed.filter { $0.hasPrefix("ip.") }, "seed \(seed)")
    #expect(shallow.undecided == whole.undecided, "seed \(seed)")
    #expect(shallow.tally.blocked.packets == whole.tally.blocked.packets, "seed \(seed)")
    #expect(shallow.tally.blocked.threats == shallow.tally.blocked.packets)
    #expect(shallow.tally.suppressed == whole.tally.suppressed, "seed \(seed)")
    for count in [\Tally.packets, \.bytes, \.ipv4, \.ipv6] {
      #expect(shallow.tally[keyPath: count] == whole.tally[keyPath: count], "seed \(seed)")
    }
    let quiet = try Run(
      Self.gate(seed: seed, frames: 2000, batch: batch, of: files), rules: rules, threads: threads,
      settings: WorkerSettings(depth: .addresses))
    #expect(quiet.verdicts == whole.verdicts, "seed \(seed)")
    for place in [Place.ipSource, .ipDestination] {
      let index = Int(place.rawValue)
      #expect(quiet.tally.observables[index] == whole.tally.observables[index], "seed \(seed)")
      #expect(quiet.tally.sightings[index] == whole.tally.sightings[index], "seed \(seed)")
    }
  }

  @Test(arguments: [1, 3])
  func aGateThatFailsLosesNothing(_ threads: Int) throws {
    let seed: UInt64 = 31
    var random = Seeded(seed)
    let rules = try Self.rules()
    let expected = Self.outcome(
      try Run(Self.gate(seed: seed, frames: 1000, batch: 50), rules: rules, threads: threads))
    for round in 0..<5 {
      var gate = Self.gate(seed: seed, frames: 1000, batch: 50)
      let turns = Set((0..<6).map { _ in Int(random.next() % 20) })
      for turn in turns { gate.fail(turn: turn, with: GateError(call: "recvmsg", code: 105)) }
      let run = try Run(gate, rules: rules, threads: threads)
      #expect(run.failures == turns.count)
      #expect(Self.outcome(run) == expected, "seed \(seed), round \(round)")
    }
  }

  @Test func aReplayThatIsGivenUpEndsItsThreads() throws {
    let rules = try Self.rules()
    for _ in 0..<50 {
      var gate = Self.gate(seed: 1, frames: 20, batch: 10)
      let settings = WorkerSettings(flowsMax: 512)
      guard var replay = Replay(rules: rules, settings: settings, threads: 4) else {
        throw Run.NoMemory()
      }
      let goesOn = try replay.turn(&gate) { _, _, _ in }
      #expect(goesOn)
    }
  }

  @Test(arguments: FrameFile.all)
  func everyCutAndEveryFlipIsJudgedOrHasAReason(_ file: FrameFile) throws {
    var gate = MemoryGate()
    var frames = 0
    for length in 0..<max(file.bytes.count, 1) {
      let cut = Array(file.bytes.prefix(length))
      // Once as the capture's doing, once as the sender's.
      gate.append(cut, link: file.link, wireLength: UInt32(file.bytes.count))
      gate.append(cut, link: file.link)
      frames += 2
    }
    for bit in 0..<file.bytes.count * 8 {
      var flipped = file.bytes
      flipped[bit / 8] ^= 1 << UInt8(bit % 8)
      gate.append(flipped, link: file.link, wireLength: file.wireLength)
      frames += 1
    }
    let run = try Run(gate, rules: try Self.rules())
    #expect(Int(run.tally.packets) == frames)
    #expect(Int(run.tally.ipv4 + run.tally.ipv6 + run.undecided) == frames)
  }

  @Test(arguments: FrameFile.all)
  func aCutFrameNeverTellsMoreThanTheWholeOne(_ file: FrameFile) throws {
    let rules = try RuleSet.of()
    for length in 0..<file.bytes.count {
      var gate = MemoryGate()
      let wire = max(file.wireLength, UInt32(file.bytes.count))
      gate.append(Array(file.bytes.prefix(length)), link: file.link, wireLength: wire)
      let run = try Run(gate, rules: rules)
      let names = run.observed.filter { $0.hasPrefix("dns.") || $0.hasPrefix("tls.") }
      #expect(Set(names).isSubset(of: file.expected), "cut at \(length)")
      let isWhole = run.observed == file.expected.filter { !$0.hasPrefix("undecided") }
      #expect(isWhole || !run.unjudged.isEmpty || file.isPadded, "cut at \(length)")
    }
  }
}

extension FrameFile {
  /// Whether bytes stand behind the packet, which the cut may take without harm.
  var isPadded: Bool { name == "ipv4-padding" }
}
