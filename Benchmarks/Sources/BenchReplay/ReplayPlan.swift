import BenchCapture
import BenchKit

/// The benchmarks that replay captures through the `weir` program.
///
/// Making a plan's benchmarks writes its capture, so a plan that is filtered out costs nothing.
public struct ReplayPlan: Sendable {
  /// What a filter is compared with.
  public let name: String
  /// Writes the capture into the directory and returns the benchmarks over it.
  public let make: @Sendable (_ size: Size, _ directory: String) throws -> [Benchmark]

  /// How large the captures are.
  public enum Size: Sendable {
    /// Some seconds for all of them: are the answers right, does everything run?
    case smoke
    /// Large enough for figures.
    case full
  }

  /// Every plan.
  public static let all = [addresses, allThreats, mixed]

  /// The vendor's figure for the whole world: 19.7 billion threats a day.
  static let worldThreatsPerDay = 19.7e9

  private static let rate = Unit("packets/s", isHigherBetter: true)

  private static func options(
    _ size: Size, mix: TrafficMix, packets: Int, threatRate: Double
  ) -> CaptureOptions {
    var options = CaptureOptions()
    options.mix = mix
    options.packets = size == .smoke ? 50_000 : packets
    options.threatRate = threatRate
    options.nanoseconds = true
    return options
  }

  // MARK: Addresses

  private static let addresses = ReplayPlan(name: "addresses") { size, directory in
    var options = options(size, mix: .frames100, packets: 5_000_000, threatRate: 0.01)
    options.generatedAddresses = size == .smoke ? 20_000 : 1_000_000
    options.generatedPrefixShare = 0
    options.used = size == .smoke ? 5_000 : 50_000
    let replay = try ReplayCase("addresses", in: directory, options)
    let single = "\(directory)/single.pcap"
    options.packets = 1
    options.generatedAddresses = 0
    options.output = single
    _ = try CaptureGenerator(options: options, lists: IndicatorLists()).write(to: single)
    let title = "addresses: \(size == .smoke ? "20k" : "1M") IPv4, 100 B, 1% hit"
    let check: @Sendable () throws -> Answer = {
      try WeirProgram.find().answer(replay, depth: "content")
    }
    return [
      Benchmark(
        name: title, unit: Unit("ns/packet", isHigherBetter: false), bar: 150, check: check,
        subject: weir(replay) { $1 / Double($0.packets.read) * 1e9 },
        rivals: [
          Contender("suricata") {
            try SuricataProgram.find(directory: directory)
              .nanosecondsPerPacket(replay, single: single)
          }
        ]),
      Benchmark(
        name: title, unit: rate, check: check,
        subject: weir(replay) { Double($0.packets.read) / $1 }),
      Benchmark(
        name: "\(title), --depth addresses", unit: Unit("ns/packet", isHigherBetter: false),
        bar: 20, check: { try WeirProgram.find().answer(replay, depth: "addresses") },
        subject: weir(replay, depth: "addresses") { $1 / Double($0.packets.read) * 1e9 }),
    ]
  }

  // MARK: Everything a threat

  private static let allThreats = ReplayPlan(name: "threats") { size, directory in
    var options = options(size, mix: .frames100, packets: 3_000_000, threatRate: 1)
    options.generatedAddresses = size == .smoke ? 20_000 : 1_000_000
    options.used = size == .smoke ? 5_000 : 50_000
    let replay = try ReplayCase("threats", in: directory, options)
    return ["content", "addresses"].map { depth in
      Benchmark(
        name: "threats: every frame one, 1 core, --depth \(depth)",
        unit: Unit("threats/s", isHigherBetter: true), bar: depth == "addresses" ? 20e6 : nil,
        check: { threatAnswer(try WeirProgram.find().run(replay, depth: depth), replay.truth) },
        subject: weir(replay, depth: depth) { Double($0.blocked.threats) / $1 },
        rivals: [Contender("19.7G/day") { worldThreatsPerDay / 86_400 }], note: worldNote)
    }
  }

  /// Each frame of the capture is a connection of its own, and each is a threat.
  static func threatAnswer(_ summary: ReplaySummary, _ truth: Truth) -> Answer {
    let expected = Int(truth.union.any)
    let differences =
      summary.blocked.packets == expected
      ? [] : ["\(summary.blocked.packets) blocked packets instead of \(expected)"]
    return Answer(expected: expected, found: summary.blocked.threats, differences: differences)
  }

  /// What a rate of threats means beside the world-wide figure.
  static func worldNote(threatsPerSecond: Double) -> String {
    let times = threatsPerSecond * 86_400 / worldThreatsPerDay
    let hours = worldThreatsPerDay / threatsPerSecond / 3600
    return "one core does \(tenths(times)) times 19.7 billion a day, which would take it "
      + "\(tenths(hours)) hours"
  }

  private static func tenths(_ value: Double) -> String {
    let rounded = Int((value * 10).rounded())
    return "\(rounded / 10).\(rounded % 10)"
  }

  // MARK: Mixed traffic

  private static let mixed = ReplayPlan(name: "imix") { size, directory in
    var benchmarks: [Benchmark] = []
    for (suffix, patterns) in [("addresses, names", 0), ("and patterns", 1_000)] {
      var options = options(size, mix: .imix, packets: 2_000_000, threatRate: 0.05)
      options.generatedAddresses = size == .smoke ? 20_000 : 100_000
      options.generatedAddresses6 = size == .smoke ? 1_000 : 5_000
      options.generatedDomains = size == .smoke ? 20_000 : 200_000
      options.generatedPatterns = patterns
      let replay = try ReplayCase("imix\(patterns)", in: directory, options)
      let check: @Sendable () throws -> Answer = {
        try WeirProgram.find().answer(replay, depth: "content")
      }
      benchmarks += [
        Benchmark(
          name: "imix: \(suffix)", unit: rate, check: check,
          subject: weir(replay) { Double($0.packets.read) / $1 }),
        Benchmark(
          name: "imix: \(suffix)", unit: Unit("sightings/s", isHigherBetter: true), check: check,
          subject: weir(replay) { Double($0.sightings.total) / $1 }),
      ]
    }
    return benchmarks
  }

  private static func weir(
    _ replay: ReplayCase, depth: String = "content",
    value: @escaping @Sendable (ReplaySummary, Double) -> Double
  ) -> Contender {
    Contender("weir") {
      try WeirProgram.find().contender(replay, depth: depth, value: value).run()
    }
  }
}
