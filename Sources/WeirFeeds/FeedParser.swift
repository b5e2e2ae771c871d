import WeirModel

/// Reads a feed in chunks of any size and hands on its entries.
///
/// Memory is bounded by `lineBytesMax` and the kept samples, whatever the feed's size. How the bytes are cut
/// into chunks changes nothing in the result.
public struct FeedParser: Sendable {
  /// The longest line, without its newline; for `patterns-json`, the longest object.
  public static let lineBytesMax = 65_536

  /// The format that is read.
  public let format: FeedFormat
  /// What became of the lines so far.
  public private(set) var counts = FeedCounts()

  /// What shows that the feed is not whole, although every line is; nil when nothing does.
  public var fault: String? {
    format == .spamhausJSON ? context.trailer.fault : json?.fault
  }

  private let path: String
  private var context: LineContext
  private var patternList = PatternListReader()
  /// For the formats that are JSON.
  private var json: JSONFeedReader?
  /// The beginning of a line whose end has not come yet; one byte more than the limit is enough to see that
  /// the line is too long.
  private var carried: [UInt8] = []

  /// Makes a reader for one file.
  ///
  /// - Parameters:
  ///   - path: named in the report of rejected lines.
  ///   - select: for `json`, where the values stand; nil looks for members that are named like columns.
  ///   - now: indicators whose time is over by then are rejected; nil takes all.
  public init(
    format: FeedFormat, settings: FeedSettings, path: String, select: JSONPath? = nil,
    now: Timestamp? = nil
  ) {
    self.format = format
    self.path = path
    context = LineContext(settings)
    json = JSONFeedReader(format: format, context: context, path: path, select: select, now: now)
  }

  /// Reads one chunk.
  public mutating func parse(_ chunk: Span<UInt8>, into sink: (FeedEntry) -> Void) {
    if format == .patternsJSON {
      patternList.parse(chunk, context, path: path, counts: &counts, into: sink)
      return
    }
    if json != nil {
      json?.parse(chunk, into: sink)
      counts = json?.counts ?? counts
      return
    }
    var start = 0
    while start < chunk.count {
      guard let end = chunk.firstIndex(of: UInt8(ascii: "\n"), from: start) else {
        carry(chunk.extracting(start..<chunk.count))
        return
      }
      if carried.isEmpty {
        parseLine(chunk.extracting(start..<end), into: sink)
      } else {
        carry(chunk.extracting(start..<end))
        parseCarried(into: sink)
      }
      start = end + 1
    }
  }

  /// Reads the last line when it has no newline.
  ///
  /// Call once, after the last chunk.
  ///
  /// - Parameter isCut: the file broke off, so that the last line may be the beginning of another value; it
  ///   is rejected.
  public mutating func finish(isCut: Bool = false, into sink: (FeedEntry) -> Void) {
    if format == .patternsJSON {
      patternList.finish(path: path, counts: &counts)
    } else if json != nil {
      json?.finish(isCut: isCut, into: sink)
      counts = json?.counts ?? counts
    } else if isCut, !carried.isEmpty {
      counts.lines += 1
      let line = carried
      carried = []
      reject(.lineCut, line.span)
    } else if !carried.isEmpty {
      parseCarried(into: sink)
    }
  }

  private mutating func carry(_ text: Span<UInt8>) {
    let room = FeedParser.lineBytesMax + 1 - carried.count
    for index in 0..<min(room, text.count) { carried.append(text[index]) }
  }

  private mutating func parseCarried(into sink: (FeedEntry) -> Void) {
    var line: [UInt8] = []
    swap(&line, &carried)
    parseLine(line.span, into: sink)
    line.removeAll(keepingCapacity: true)
    swap(&line, &carried)
  }

  private mutating func parseLine(_ line: Span<UInt8>, into sink: (FeedEntry) -> Void) {
    counts.lines += 1
    guard line.count <= FeedParser.lineBytesMax else {
      return reject(.lineTooLong, line)
    }
    let start = counts.lines == 1 && line.startsWithByteOrderMark ? 3 : 0
    let range = line.trimmed(from: start)
    guard !range.isEmpty else {
      counts.blanks += 1
      return
    }
    let text = line.extracting(range)
    context.line = counts.lines
    switch handOn(text, into: sink) {
    case .loaded: break
    case .comment: counts.comments += 1
    case .ignored: counts.ignored += 1
    case .rejected(let reason):
      let reason = text.hasControlBytes ? RejectReason.notText : reason
      reject(reason, text)
    }
  }

  private mutating func reject(_ reason: RejectReason, _ text: Span<UInt8>) {
    let line = counts.lines
    counts.reject(reason, path: path, line: line, text: text)
  }

  private mutating func handOn(_ text: Span<UInt8>, into sink: (FeedEntry) -> Void) -> LineResult {
    var entries = 0
    let result = format.parseLine(text, &context) { entry in
      entries += 1
      sink(entry)
    }
    counts.entries += entries
    return result
  }
}
