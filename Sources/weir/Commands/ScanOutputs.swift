import WeirDecode
import WeirEngine
import WeirGate
import WeirModel
import WeirReport
import WeirRules

/// What grows while a scan runs: the lines on standard output, and events.
struct ScanOutputs: ~Copyable {
  private let options: LineOptions
  private let printsLines: Bool
  private var standardOutput: OutputFile
  private var events: OutputFile?
  private var eventWriter: EventWriter
  private var text: [UInt8] = []
  /// Lines selected, by input.
  private var selected: [(path: String, lines: UInt64)] = []
  /// The first error; a scan ends on it after the batch.
  private var failure: Failure?
  /// Whether anything was selected.
  private(set) var hasFound = false

  init(rules: RuleSet, options: LineOptions, printsLines: Bool, events: String?) throws {
    self.options = options
    self.printsLines = printsLines
    eventWriter = EventWriter(rules: rules)
    let output = try OutputFile("-")
    if let events { self.events = try OutputFile(events) }
    standardOutput = output
  }

  /// Writes what a batch came to.
  mutating func write(
    _ arena: Span<UInt8>, _ batch: LogBatch, _ lines: [MatchedLine], _ sightings: Sightings
  ) {
    guard failure == nil else { return }
    if batch.isFirst { selected.append((batch.path, 0)) }
    if events != nil, !sightings.isEmpty {
      let text = eventWriter.lines(for: sightings, in: lines, of: batch.path, arena)
      do throws(Failure) { try events?.write(text) } catch { failure = error }
    }
    let matching = lines.filter { $0.ruling.verdict != .pass }
    if options.inverts {
      writeOthers(arena, batch, matching)
    } else {
      for line in matching { write(line, arena, batch) }
      count(UInt64(matching.count))
    }
    flush()
  }

  private mutating func count(_ lines: UInt64) {
    guard lines > 0 else { return }
    hasFound = true
    if !selected.isEmpty { selected[selected.count - 1].lines += lines }
  }

  private mutating func write(_ line: MatchedLine, _ arena: Span<UInt8>, _ batch: LogBatch) {
    guard printsLines, !options.counts else { return }
    for range in options.printsValues ? line.values : [line.range] {
      if options.printsPath { text.append(contentsOf: "\(batch.path):".utf8) }
      if options.printsNumber { text.append(contentsOf: "\(line.number):".utf8) }
      append(arena, range)
      text.append(UInt8(ascii: "\n"))
    }
  }

  /// The lines between those that match.
  private mutating func writeOthers(
    _ arena: Span<UInt8>, _ batch: LogBatch, _ matching: [MatchedLine]
  ) {
    guard var start = batch.segments.first?.lowerBound, let end = batch.segments.last?.upperBound
    else { return }
    var ranges: [Range<Int>] = []
    for line in matching {
      if line.range.lowerBound > start { ranges.append(start..<line.range.lowerBound) }
      start = min(line.range.upperBound + 1, end)
    }
    if start < end { ranges.append(start..<end) }
    for range in ranges {
      let endsLine = arena[range.upperBound - 1] == UInt8(ascii: "\n")
      count(UInt64(arena.lineFeeds(in: range)) + (endsLine ? 0 : 1))
      guard printsLines, !options.counts else { continue }
      if options.printsPath {
        appendWithPath(arena, range, batch.path)
      } else {
        append(arena, range)
      }
      if !endsLine { text.append(UInt8(ascii: "\n")) }
    }
  }

  private mutating func appendWithPath(_ arena: Span<UInt8>, _ range: Range<Int>, _ path: String) {
    var start = range.lowerBound
    while start < range.upperBound {
      let end =
        arena.firstPlace(of: UInt8(ascii: "\n"), in: start..<range.upperBound).map { $0 + 1 }
        ?? range.upperBound
      text.append(contentsOf: "\(path):".utf8)
      append(arena, start..<end)
      start = end
    }
  }

  private mutating func append(_ arena: Span<UInt8>, _ range: Range<Int>) {
    text.reserveCapacity(text.count + range.count + 1)
    for index in range { text.append(arena[index]) }
  }

  private mutating func flush() {
    guard !text.isEmpty, failure == nil else { return }
    do throws(Failure) { try standardOutput.write(text) } catch { failure = error }
    text.removeAll(keepingCapacity: true)
  }

  /// Throws what went wrong while a batch was written.
  func check() throws {
    if let failure { throw failure }
  }

  /// Writes the counts.
  consuming func finish() throws {
    guard printsLines, options.counts else { return }
    for entry in selected {
      if options.printsPath || selected.count > 1 { text.append(contentsOf: "\(entry.path):".utf8) }
      text.append(contentsOf: "\(entry.lines)\n".utf8)
    }
    try standardOutput.write(text)
  }
}
