import WeirMatch
import WeirModel

/// Turns sorted records into the sections of an image: one pass, one indicator after the other.
struct Compiler: ~Copyable {
  private let feeds: [FeedRecord]
  /// All memberships in their order: the database numbers them so, whatever came first.
  private let memberships: [Membership]
  /// The place of each membership in that order.
  private let ranks: [UInt32]
  private let scratch: Scratch
  private var values: ValueColumns
  private var feedSets = FeedSetTable()
  private var loaded: [Int]
  private var duplicates: [Int]
  private var kinds = [Int](repeating: 0, count: IndicatorKind.allCases.count)
  private var feedSetOf: ColumnWriter
  private var firstLineOf: ColumnWriter
  private var belowFeedSetOf: ColumnWriter
  private var listings: ColumnWriter
  private var indicators = 0
  private var lines = ListedLines()
  private var kind = IndicatorKind.ip

  init(feeds: [FeedRecord], memberships: [Membership], _ scratch: Scratch) {
    self.feeds = feeds
    self.memberships = memberships.sorted()
    var ranks = [UInt32](repeating: 0, count: memberships.count)
    let order = memberships.indices.sorted { memberships[$0] < memberships[$1] }
    for (rank, number) in order.enumerated() { ranks[number] = UInt32(rank) }
    self.ranks = ranks
    self.scratch = scratch
    loaded = [Int](repeating: 0, count: feeds.count * IndicatorKind.allCases.count)
    duplicates = feeds.map { _ in 0 }
    values = ValueColumns(scratch)
    feedSetOf = ColumnWriter(scratch)
    firstLineOf = ColumnWriter(scratch)
    belowFeedSetOf = ColumnWriter(scratch)
    listings = ColumnWriter(scratch)
  }

  /// Takes all records.
  mutating func take(
    _ records: inout RecordMerger, progress: (_ done: Int, _ total: Int) -> Void
  ) throws(ScratchError) {
    while try records.next() {
      if records.isNewKey {
        try finishIndicator()
        kind = try values.append(records.key)
        lines.removeAll()
        indicators += 1
        if indicators % 4096 == 0 { progress(records.doneByteCount, records.byteCount) }
      }
      try add(rank: ranks[Int(records.membership)], line: records.line)
    }
    try finishIndicator()
  }

  /// Takes in one more line of the indicator; lines come by feed.
  private mutating func add(rank: UInt32, line: UInt32) throws(ScratchError) {
    let feed = Int(memberships[Int(rank)].feed)
    if feed == lines.lastFeed {
      duplicates[feed] += 1
    } else {
      loaded[feed * IndicatorKind.allCases.count + Int(kind.rawValue)] += 1
    }
    if lines.count == 1 {
      try append(listing: lines.firstRank, line: lines.firstListedLine)
    }
    if lines.count > 0 { try append(listing: rank, line: line) }
    lines.append(rank, feed: feed, line: line)
  }

  private mutating func append(listing rank: UInt32, line: UInt32) throws(ScratchError) {
    try listings.append(UInt32(indicators - 1))
    try listings.append(rank)
    try listings.append(line)
  }

  /// Writes what is known of the indicator.
  private mutating func finishIndicator() throws(ScratchError) {
    guard lines.count > 0 else { return }
    if lines.ranks.contains(where: { memberships[Int($0)].action != .allow }) {
      kinds[Int(kind.rawValue)] += 1
    }
    try feedSetOf.append(feedSets.number(of: lines.ranks))
    try firstLineOf.append(lines.firstLine)
    guard kind == .domain || kind == .url else { return }
    if lines.ranks.allSatisfy({ memberships[Int($0)].scope == .subdomains }) {
      return try belowFeedSetOf.append(feedSets.number(of: lines.ranks))
    }
    let below = lines.ranks.filter { memberships[Int($0)].scope == .subdomains }
    try belowFeedSetOf.append(feedSets.number(of: below))
  }

  /// Lays out the image.
  consuming func finish() throws(BuildError) -> CompiledRules {
    guard indicators <= Limits.indicatorsMax else {
      throw .tooManyIndicators(limit: Limits.indicatorsMax, asked: indicators)
    }
    let records = finishedRecords()
    var builder = ImageBuilder(scratch: scratch)
    addFeedSets(to: &builder)
    let tables = builder
    builder = ImageBuilder(scratch: scratch)
    try values.finish(&builder)
    do throws(ScratchError) {
      builder.add(.feedSets, try feedSetOf.finish())
      builder.add(.belowFeedSets, try belowFeedSetOf.finish())
      builder.add(.firstLines, try firstLineOf.finish())
      builder.add(.listings, try listings.finish())
      builder.add(.kindCounts, kinds.map { UInt64($0) })
      builder.add(contentsOf: tables)
      var fields = FieldWriter()
      for record in records { record.encode(to: &fields) }
      builder.add(.feeds, fields.bytes)
      if let failure = builder.failure { throw failure }
    } catch {
      throw .scratch(error)
    }
    return CompiledRules(image: builder, records: records)
  }

  /// The feeds with what was taken of each.
  private func finishedRecords() -> [FeedRecord] {
    var records = feeds
    for index in records.indices {
      var yield = FeedYield()
      yield.duplicates = duplicates[index]
      for kind in IndicatorKind.allCases {
        let count = loaded[index * IndicatorKind.allCases.count + Int(kind.rawValue)]
        yield.loaded += count
        if count > 0 { yield.byKind[kind] = count }
      }
      records[index].yield = yield
    }
    return records
  }

  private func addFeedSets(to builder: inout ImageBuilder) {
    let settings = feeds.map(\.settings)
    var starts: [UInt32] = [0]
    var members: [UInt32] = []
    var policies: [UInt64] = []
    for list in feedSets.lists {
      members += list
      starts.append(UInt32(members.count))
      policies.append(FeedSetPolicy(list.map { memberships[Int($0)] }, feeds: settings).packed)
    }
    builder.add(.memberships, memberships.map(\.packed))
    builder.add(.memberStarts, starts)
    builder.add(.members, members)
    builder.add(.policies, policies)
  }
}

/// The lines that list one indicator, as far as they have to be remembered: not one by one.
private struct ListedLines {
  /// The distinct memberships, ascending.
  private(set) var ranks: [UInt32] = []
  private(set) var count = 0
  /// The feed of the last line, or -1.
  private(set) var lastFeed = -1
  /// The membership and the line that came first.
  private(set) var firstRank: UInt32 = 0
  private(set) var firstListedLine: UInt32 = 0
  /// The first line in the first feed.
  private(set) var firstLine: UInt32 = 0
  private var firstFeed = -1

  mutating func removeAll() {
    ranks.removeAll(keepingCapacity: true)
    (count, lastFeed, firstFeed) = (0, -1, -1)
  }

  mutating func append(_ rank: UInt32, feed: Int, line: UInt32) {
    if count == 0 {
      (firstRank, firstListedLine, firstLine, firstFeed) = (rank, line, line, feed)
    } else if feed == firstFeed {
      firstLine = min(firstLine, line)
    }
    if ranks.last != rank { ranks.append(rank) }
    lastFeed = feed
    count += 1
  }
}
