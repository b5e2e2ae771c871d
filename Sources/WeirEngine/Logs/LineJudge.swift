import WeirDecode
import WeirGate
import WeirModel
import WeirRules
import WeirTally

/// A line in which something was sighted.
public struct MatchedLine: Sendable {
  /// Where it lies in the arena, without its line feed.
  public var range: Range<Int>
  /// Its number in its input, counted from 1.
  public var number: UInt64
  /// When it was written: what it says, or else what the line before says, or else the file's own time.
  public var time: Timestamp
  /// The verdict on it.
  public var ruling: Ruling
  /// Where in the arena values lie that match, in their order, without repeats.
  public var values: [Range<Int>]
  /// Where in the arena the field lies that names the client, if the format has one.
  public var source: Range<Int>?
  /// The same of the server.
  public var destination: Range<Int>?
}

/// Stations 5 to 7 for lines: takes the hits of segments in order, line by line, on one thread.
struct LineJudge: ~Copyable {
  var desk: Desk
  /// The lines of the turn in which something was sighted.
  private(set) var lines: [MatchedLine] = []
  private let matchers: Matchers
  private let settings: LogScanSettings
  /// Lines before the segment, in the input and in all inputs together.
  private var inputLines: UInt64 = 0
  private var allLines: UInt64 = 0
  private var year = 1970
  private var time = Timestamp(nanoseconds: 0)

  init(_ rules: RuleSet, _ matchers: Matchers, _ settings: LogScanSettings) {
    self.matchers = matchers
    self.settings = settings
    let tally = Tally(indicators: rules.indicatorCount, feedSets: rules.feedSetCount)
    desk = Desk(tally: tally, keepsSightings: settings.keepsSightings, keepsValues: false)
  }

  /// Begins a turn.
  mutating func begin(_ batch: LogBatch) {
    lines.removeAll(keepingCapacity: true)
    desk.outbox.clear()
    guard batch.isFirst else { return }
    // A line without an end stands between two inputs.
    allLines += 1
    inputLines = 0
    time = batch.modified.map { Timestamp(seconds: Int64($0), nanoseconds: 0) } ?? settings.now
    year = time.year
  }

  /// Takes a segment.
  mutating func take(
    _ arena: Span<UInt8>, _ segment: Range<Int>, _ hits: borrowing [LogHit], feeds: Int,
    _ schema: LogSchema
  ) {
    var (next, passed, counted) = (0, UInt64(0), segment.lowerBound)
    while next < hits.count {
      let place = segment.lowerBound + hits[next].start
      let start =
        arena.lastPlace(of: UInt8(ascii: "\n"), in: segment.lowerBound..<place).map { $0 + 1 }
        ?? segment.lowerBound
      let end =
        arena.firstPlace(of: UInt8(ascii: "\n"), in: place..<segment.upperBound)
        ?? segment.upperBound
      passed += UInt64(arena.lineFeeds(in: counted..<start))
      counted = start
      var last = next + 1
      while last < hits.count, segment.lowerBound + hits[last].start < end { last += 1 }
      judge(arena, start..<end, passed, hits, next..<last, from: segment.lowerBound, schema)
      next = last
    }
    desk.tally.bytes += UInt64(segment.count)
    inputLines += UInt64(feeds)
    allLines += UInt64(feeds)
  }

  private mutating func judge(
    _ arena: Span<UInt8>, _ range: Range<Int>, _ passed: UInt64, _ hits: borrowing [LogHit],
    _ own: Range<Int>, from base: Int, _ schema: LogSchema
  ) {
    if let told = LogTime.find(arena.extracting(range), year: year) { time = told }
    desk.begin(
      Desk.Packet(
        number: allLines + passed, slot: lines.count, wireLength: UInt32(clamping: range.count),
        time: time, flowID: 0))
    var seen = SeenSightings()
    var values: [Range<Int>] = []
    for index in own {
      let hit = hits[index]
      let value = base + hit.start..<base + hit.end
      if values.last != value { values.append(value) }
      // A sighting is a value at a place of a line, however often it stands there.
      guard seen.insert(hit) else { continue }
      sight(hit, arena.extracting(value))
    }
    let ruling = desk.judgment.ruling(mode: settings.mode)
    if ruling.isSuppressed { desk.tally.suppressed += 1 }
    if ruling.verdict != .pass {
      desk.count(ruling.verdict, wireLength: UInt32(clamping: range.count), isNewThreat: true)
    }
    if settings.keepsSightings { desk.outbox.settle(ruling) }
    var line = MatchedLine(
      range: range, number: inputLines + passed + 1, time: time, ruling: ruling, values: values)
    if settings.keepsSightings, schema.format != .text {
      var fields = LogFields()
      schema.read(arena, range, into: &fields)
      (line.source, line.destination) = (fields.first(.source), fields.first(.destination))
    }
    lines.append(line)
  }

  private mutating func sight(_ hit: LogHit, _ value: Span<UInt8>) {
    switch hit.place {
    case .ipSource, .ipDestination, .endpointSource, .endpointDestination:
      desk.sight(address: hit.indicator, at: hit.place, matchers)
    default:
      desk.sight(
        content: hit.indicator, feedSet: hit.feedSet, at: hit.place, specificity: hit.specificity,
        name: desk.keep(value), matchers)
    }
  }
}

/// Which indicators were sighted at which place of a line.
private struct SeenSightings {
  private var few: [UInt64] = []
  private var many: Set<UInt64> = []

  /// False when it was there.
  mutating func insert(_ hit: LogHit) -> Bool {
    let key = UInt64(hit.place.rawValue) << 32 | UInt64(hit.indicator)
    if few.count < 16 {
      if few.contains(key) { return false }
      few.append(key)
      return true
    }
    return !few.contains(key) && many.insert(key).inserted
  }
}

extension Timestamp {
  /// The year in UTC.
  var year: Int {
    var text: [UInt8] = []
    appendText(to: &text)
    return text.prefix(4).reduce(0) { $0 * 10 + Int($1) - 48 }
  }
}
