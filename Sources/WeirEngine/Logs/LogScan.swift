import WeirDecode
import WeirGate
import WeirModel
import WeirRules
import WeirTally

/// What a scan is told once.
public struct LogScanSettings: Sendable {
  /// Whether blocks are carried out or only counted.
  public var mode: Mode
  /// Whether sightings are kept for events.
  public var keepsSightings: Bool
  /// Whether every value seen is kept for `--observables`.
  public var keepsValues: Bool
  /// The format of all inputs; nil when each is to be told by its first lines.
  public var format: LogFormat?
  /// The time of a line that tells none, in an input that has none.
  public var now: Timestamp

  /// Makes settings.
  public init(
    mode: Mode = .enforce, keepsSightings: Bool = false, keepsValues: Bool = false,
    format: LogFormat? = nil, now: Timestamp
  ) {
    self.mode = mode
    self.keepsSightings = keepsSightings
    self.keepsValues = keepsValues
    self.format = format
    self.now = now
  }
}

/// Takes a gate of lines to its end on one or more threads.
///
/// Threads look segments up; the few lines with hits are judged in their order by one of them. So counts and
/// sightings are the same for every number of threads, and however the input is cut.
public struct LogScan: ~Copyable {
  private let pool: ForkJoin
  private let crew: [Seat]
  private var judge: LineJudge
  private let format: LogFormat?
  private var schema = LogSchema()
  /// The format of each input, by its number.
  public private(set) var formats: [Int: LogFormat] = [:]
  /// How many lines were read to their end.
  public private(set) var lines: UInt64 = 0

  /// A matcher's place in the crew; a class because arrays hold no values without copies.
  private final class Seat: @unchecked Sendable {
    var matcher: LogMatcher
    var results: [SegmentResult] = []
    init(_ matcher: consuming LogMatcher) { self.matcher = matcher }
  }

  private struct SegmentResult {
    var hits: [LogHit]
    var feeds: Int
  }

  /// How many segments a gate should lend at once.
  public static func segments(threads: Int) -> Int { threads > 1 ? 4 * threads : 1 }

  /// Makes a crew.
  public init(rules: RuleSet, settings: LogScanSettings, threads: Int) {
    let matchers = Matchers(rules)
    format = settings.format
    crew = (0..<max(1, threads)).map { _ in
      Seat(LogMatcher(matchers, keepsValues: settings.keepsValues))
    }
    judge = LineJudge(rules, matchers, settings)
    pool = ForkJoin(threads: crew.count)
  }

  /// Ends the threads, also when the scan was given up.
  deinit { pool.close() }

  /// Lends one batch to the crew.
  ///
  /// - Parameter report: called after the batch with the lines in which something was sighted.
  /// - Returns: false at the end of the input.
  public mutating func turn<Gate: LineGate & ~Copyable>(
    _ gate: inout Gate,
    report: (
      _ arena: Span<UInt8>, _ batch: LogBatch, _ lines: [MatchedLine], _ sightings: Sightings
    ) -> Void
  ) -> Bool {
    gate.turn { arena, batch in
      let feeds = take(arena, batch)
      lines += UInt64(feeds)
      report(arena, batch, judge.lines, Sightings([judge.desk.outbox]))
      return feeds
    }
  }

  /// Adds up what the crew counted, and ends its threads.
  public consuming func finish() -> (tally: Tally, observed: ObservedValues?) {
    var tally = judge.desk.tally
    var observed = crew[0].matcher.observed
    for (index, seat) in crew.enumerated() {
      for place in 0..<Place.count { tally.observables[place] += seat.matcher.observables[place] }
      if index > 0, let more = seat.matcher.observed { observed?.merge(more) }
    }
    return (tally, observed)
  }

  private mutating func take(_ arena: Span<UInt8>, _ batch: LogBatch) -> Int {
    judge.begin(batch)
    if let start = batch.segments.first, formats[batch.input] == nil {
      schema = LogSchema(format, start: arena.extracting(start))
      formats[batch.input] = schema.format
    }
    let (crew, segments, threads, schema) = (crew, batch.segments, crew.count, schema)
    guard threads > 1, segments.count > 1 else {
      return segments.reduce(0) { total, segment in
        let feeds = crew[0].matcher.scan(arena.extracting(segment), schema)
        judge.take(arena, segment, crew[0].matcher.hits, feeds: feeds, schema)
        return total + feeds
      }
    }
    SharedText.withShared(arena) { text in
      pool { index in
        crew[index].results.removeAll(keepingCapacity: true)
        for segment in stride(from: index, to: segments.count, by: threads) {
          let feeds = text.withText {
            crew[index].matcher.scan($0.extracting(segments[segment]), schema)
          }
          crew[index].results.append(
            SegmentResult(hits: crew[index].matcher.hits, feeds: feeds))
        }
      }
    }
    var total = 0
    for (index, segment) in segments.enumerated() {
      let result = crew[index % threads].results[index / threads]
      judge.take(arena, segment, result.hits, feeds: result.feeds, schema)
      total += result.feeds
    }
    return total
  }
}
