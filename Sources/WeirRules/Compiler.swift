import WeirMatch
import WeirModel

/// Turns listed values into the sections of an image.
struct Compiler {
  private let feeds: [FeedRecord]
  private let memberships: [Membership]
  /// The place of each membership when they are sorted: the database numbers them so, whatever came first.
  private let ranks: [UInt32]
  private var feedSets = FeedSetTable()
  private var counts: [FeedYield]
  private var kinds: [IndicatorKind: Int] = [:]
  private var feedSetOf: [UInt32] = []
  private var firstLineOf: [UInt32] = []
  private var subdomainFeedSetOf: [UInt32] = []
  private var listings: [UInt32] = []

  init(feeds: [FeedRecord], memberships: [Membership]) {
    self.feeds = feeds
    self.memberships = memberships
    var ranks = [UInt32](repeating: 0, count: memberships.count)
    let order = memberships.indices.sorted { memberships[$0] < memberships[$1] }
    for (rank, number) in order.enumerated() { ranks[number] = UInt32(rank) }
    self.ranks = ranks
    counts = feeds.map { _ in FeedYield() }
  }

  /// Sorts, drops duplicates, and gives each distinct value the next indicator number; takes the list away.
  mutating func consolidate<Value>(
    _ listed: inout [Listed<Value>], kind: IndicatorKind
  ) -> [Value] {
    // In place, as two lists of millions are more than a small machine holds.
    listed.sort()
    var sorted: [Listed<Value>] = []
    swap(&sorted, &listed)
    var distinct: [Value] = []
    var start = 0
    while start < sorted.count {
      var end = start + 1
      while end < sorted.count, sorted[end].value == sorted[start].value { end += 1 }
      distinct.append(sorted[start].value)
      number(sorted[start..<end], kind: kind)
      start = end
    }
    return distinct
  }

  /// Numbers one indicator that is listed on all of these lines.
  private mutating func number<Value>(_ lines: ArraySlice<Listed<Value>>, kind: IndicatorKind) {
    var list: [UInt32] = []
    for entry in lines where list.last != entry.membership { list.append(entry.membership) }
    count(lines, list, kind)
    feedSetOf.append(feedSets.number(of: list))
    let first = lines.min { left, right in
      let feeds = (memberships[Int(left.membership)].feed, memberships[Int(right.membership)].feed)
      return feeds.0 != feeds.1 ? feeds.0 < feeds.1 : left.line < right.line
    }
    firstLineOf.append(first?.line ?? 0)
    if lines.count > 1 {
      let indicator = UInt32(feedSetOf.count - 1)
      let places = lines.map { (rank: ranks[Int($0.membership)], line: $0.line) }
      for place in places.sorted(by: <) { listings += [indicator, place.rank, place.line] }
    }
    guard kind == .domain else { return }
    let below = list.filter { memberships[Int($0)].scope == .subdomains }
    subdomainFeedSetOf.append(feedSets.number(of: below))
  }

  /// Adds to what each feed is reported to have loaded.
  private mutating func count<Value>(
    _ lines: ArraySlice<Listed<Value>>, _ list: [UInt32], _ kind: IndicatorKind
  ) {
    var seen: [UInt16] = []
    for entry in lines {
      let feed = memberships[Int(entry.membership)].feed
      if seen.contains(feed) {
        counts[Int(feed)].duplicates += 1
      } else {
        seen.append(feed)
        counts[Int(feed)].loaded += 1
        counts[Int(feed)].byKind[kind, default: 0] += 1
      }
    }
    if list.contains(where: { memberships[Int($0)].action != .allow }) {
      kinds[kind, default: 0] += 1
    }
  }

  /// Lays out the image.
  consuming func finish(
    v4: [UInt32], v6: [IPAddress], blocks: [IPRange], endpoints: [EndpointKey],
    domains: [DomainName], patterns: [PatternKey]
  ) throws(BuildError) -> CompiledRules {
    guard feedSetOf.count <= Limits.indicatorsMax else {
      throw .tooManyIndicators(limit: Limits.indicatorsMax, asked: feedSetOf.count)
    }
    var builder = ImageBuilder()
    do {
      try AddressSetBuilder.add(v4Hosts: v4, v6Hosts: v6, blocks: blocks, to: &builder)
      EndpointSetBuilder.add(endpoints.map { ($0.address, $0.port) }, to: &builder)
      try DomainSetBuilder.add(domains, to: &builder)
      try addPatterns(patterns, to: &builder)
    } catch {
      throw .set("\(error)")
    }
    builder.add(.feedSets, feedSetOf)
    builder.add(.subdomainFeedSets, subdomainFeedSetOf)
    builder.add(.firstLines, firstLineOf)
    builder.add(.listings, listings)
    builder.add(.kindCounts, IndicatorKind.allCases.map { UInt64(kinds[$0] ?? 0) })
    addFeedSets(to: &builder)
    var records = feeds
    for index in records.indices { records[index].yield = counts[index] }
    var fields = FieldWriter()
    for record in records { record.encode(to: &fields) }
    builder.add(.feeds, fields.bytes)
    return CompiledRules(image: builder, records: records)
  }

  private func addFeedSets(to builder: inout ImageBuilder) {
    let settings = feeds.map(\.settings)
    var starts: [UInt32] = [0]
    var members: [UInt32] = []
    var policies: [UInt64] = []
    for list in feedSets.lists {
      let sorted = list.sorted { ranks[Int($0)] < ranks[Int($1)] }
      members += sorted.map { ranks[Int($0)] }
      starts.append(UInt32(members.count))
      policies.append(
        FeedSetPolicy(sorted.map { memberships[Int($0)] }, feeds: settings).packed)
    }
    builder.add(.memberships, memberships.sorted().map(\.packed))
    builder.add(.memberStarts, starts)
    builder.add(.members, members)
    builder.add(.policies, policies)
  }

  /// The automaton wants distinct byte strings; a table leads from each to the indicators that share it.
  private func addPatterns(
    _ patterns: [PatternKey], to builder: inout ImageBuilder
  ) throws(PatternBuildError) {
    var distinct: [BytePattern] = []
    var starts: [UInt32] = []
    for (index, key) in patterns.enumerated() where distinct.last != key.pattern {
      distinct.append(key.pattern)
      starts.append(UInt32(index))
    }
    starts.append(UInt32(patterns.count))
    if !distinct.isEmpty { try PatternSetBuilder.add(distinct, to: &builder) }
    builder.add(.patternStarts, starts)
    builder.add(.patternLengths, distinct.map { UInt16($0.bytes.count) })
    var idStarts: [UInt32] = [0]
    var ids: [UInt8] = []
    for key in patterns {
      ids += Array(key.id.utf8)
      idStarts.append(UInt32(ids.count))
    }
    builder.add(.patternIDStarts, idStarts)
    builder.add(.patternIDs, ids)
  }
}
