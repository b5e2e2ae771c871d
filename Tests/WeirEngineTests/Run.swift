import WeirEngine
import WeirGate
import WeirModel
import WeirRules
import WeirTally

/// All that a replay of frames from memory comes to.
struct Run {
  var tally: Tally
  var verdicts: [Verdict]
  /// Each sighting in a line, in the order in which they were handed out.
  var sightings: [String] = []
  /// `where value`, once for each time it was seen, sorted.
  var observed: [String] = []
  /// How many turns failed.
  var failures = 0

  struct NoMemory: Error {}

  init(
    _ gate: consuming MemoryGate, rules: RuleSet, threads: Int = 1,
    settings: WorkerSettings = WorkerSettings(
      flowsMax: 1 << 12, keepsSightings: true, keepsValues: true)
  ) throws {
    guard var replay = Replay(rules: rules, settings: settings, threads: threads) else {
      throw NoMemory()
    }
    var lines: [String] = []
    var goesOn = true
    while goesOn {
      do throws(GateError) {
        goesOn = try replay.turn(&gate) { _, _, sightings in
          sightings.forEach { sighting, name in
            lines.append(Run.line(sighting, name, rules))
          }
        }
      } catch {
        failures += 1
      }
    }
    let (tally, values) = replay.finish()
    self.tally = tally
    verdicts = gate.settled
    sightings = lines
    for row in values?.sorted() ?? [] {
      let line = "\(row.place.name) \(String(decoding: row.value, as: UTF8.self))"
      observed += Array(repeating: line, count: Int(row.count))
    }
    observed.sort()
  }

  private static func line(
    _ sighting: Sighting, _ name: ArraySlice<UInt8>, _ rules: RuleSet
  ) -> String {
    let what = rules.value(of: sighting.indicator).text
    let feeds = rules.feedNumbers(of: sighting.feedSet)
    let cause =
      sighting.ruling.verdict == .pass ? "-" : rules.value(of: sighting.ruling.indicator).text
    return "\(sighting.packet) \(sighting.place.name) \(what) \(feeds)"
      + " \(String(decoding: name, as: UTF8.self)) \(sighting.ruling.verdict) \(cause)"
  }

  /// The reasons for which packets were not judged in full, with their counts.
  var unjudged: [String: UInt64] {
    var counts: [String: UInt64] = [:]
    for reason in Unjudged.allCases where tally.unjudged[Int(reason.rawValue)] > 0 {
      counts[reason.name] = tally.unjudged[Int(reason.rawValue)]
    }
    return counts
  }

  /// Packets of which not even the addresses could be judged.
  var undecided: UInt64 {
    Unjudged.allCases.filter { !$0.hasAddresses }
      .reduce(0) { $0 + tally.unjudged[Int($1.rawValue)] }
  }
}

extension RuleSet {
  /// A rule set from entries of several feeds.
  static func of(_ feeds: (FeedSettings, [FeedEntry])...) throws -> RuleSet {
    var builder = RuleSetBuilder()
    for (settings, entries) in feeds {
      let number = try builder.addFeed(settings)
      for entry in entries { builder.add(entry, feed: number) }
    }
    return try builder.build().0
  }
}
