import BenchCapture
import BenchKit
import FoundationEssentials

/// The `weir` program under test.
public struct WeirProgram: Sendable {
  /// The file to run.
  public let path: String

  /// The program that the environment variable `WEIR` names, or the release build of the package
  /// above the directory that we are in.
  public static func find() throws(Absent) -> WeirProgram {
    let named = ProcessInfo.processInfo.environment["WEIR"] ?? "../.build/release/weir"
    guard let path = Command.find(named) else {
      throw Absent("no program \(named): build it (swift build -c release), or set WEIR")
    }
    return WeirProgram(path: path)
  }

  /// The words of one replay, on one thread, so that figures are for one core.
  static func arguments(_ replay: ReplayCase, depth: String) -> [String] {
    ["replay", replay.capture] + replay.feeds.flatMap { ["--feed", "\($0),action=block"] }
      + ["--mode", "enforce", "--depth", depth, "-j", "1", "-q", "-o", "json"]
  }

  /// Replays a capture and returns what was found.
  public func run(_ replay: ReplayCase, depth: String = "content") throws -> ReplaySummary {
    let outcome = try Command(path, WeirProgram.arguments(replay, depth: depth)).run()
    guard outcome.status == 0 else {
      throw ReplayError.failed(program: "weir", status: outcome.status)
    }
    return try ReplaySummary(json: outcome.output)
  }

  /// A contender whose value is made of a run's summary and its seconds without load.
  func contender(
    _ replay: ReplayCase, depth: String,
    value: @escaping @Sendable (ReplaySummary, Double) -> Double
  ) -> Contender {
    Contender("weir") {
      let summary = try run(replay, depth: depth)
      let seconds = summary.elapsed.runSeconds
      guard seconds > 0 else { throw ReplayError.noTime }
      return value(summary, seconds)
    }
  }

  /// The answer to a replay: every sighting of every indicator, and the number of packets.
  func answer(_ replay: ReplayCase, depth: String) throws -> Answer {
    let summary = try run(replay, depth: depth)
    let found = SightingCounts(summary, patterns: replay.patterns)
    let answer = SightingCounts(replay.truth).answer(found: found)
    var differences = answer.differences
    if summary.packets.read != Int(replay.truth.packets) {
      differences.append("\(summary.packets.read) packets instead of \(replay.truth.packets)")
    }
    if summary.sightings.total != found.total {
      differences.append("a total of \(summary.sightings.total) for \(found.total) sightings")
    }
    return Answer(expected: answer.expected, found: answer.found, differences: differences)
  }
}
