import WeirMatch
import WeirModel

/// Turns listed values into the sections of an image.
struct Compiler {
  private let feeds: [FeedSettings]
  private let memberships: [Membership]
  private var feedSets = FeedSetTable()
  private var counts: [FeedYield]
  private var kinds: [IndicatorKind: Int] = [:]
  private var feedSetOf: [UInt32] = []
  private var firstLineOf: [UInt32] = []
  private var subdomainFeedSetOf: [UInt32] = []

  init(feeds: [FeedSettings], memberships: [Membership]) {
    self.feeds = feeds
    self.memberships = memberships
    counts = feeds.map { _ in FeedYield() }
  }

  /// Sorts, drops duplicates, and gives each distinct value the next indicator number.
  mutating func consolidate<Value>(_ listed: [Listed<Value>], kind: IndicatorKind) -> [Value] {
    let sorted = listed.sorted()
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

  /// Lays out the image and wraps it.
  consuming func finish(
    v4: [UInt32], v6: [IPAddress], blocks: [IPRange], endpoints: [EndpointKey],
    domains: [DomainName], patterns: [PatternKey]
  ) throws(BuildError) -> (RuleSet, [FeedYield]) {
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
    let lists = feedSets.lists.map { list in list.map { memberships[Int($0)] }.sorted() }
    builder.add(.feedSets, feedSetOf)
    builder.add(.subdomainFeedSets, subdomainFeedSetOf)
    builder.add(.firstLines, firstLineOf)
    builder.add(.policies, lists.map { FeedSetPolicy($0, feeds: feeds) })
    let bytes = builder.finish()
    let members = lists.map(Self.feedNumbers)
    do {
      let rules = try RuleSet(
        image: try Image(bytes), feeds: feeds, feedSetMembers: members,
        patternIDs: patterns.map(\.id), counts: kinds,
        generation: Generation.hash(
          bytes, feeds: feeds, feedSetMembers: members, patternIDs: patterns.map(\.id)))
      return (rules, counts)
    } catch {
      throw .set("\(error)")
    }
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
  }

  private static func feedNumbers(_ list: [Membership]) -> [UInt16] {
    var numbers: [UInt16] = []
    for membership in list
    where membership.action != .allow && numbers.last != membership.feed {
      numbers.append(membership.feed)
    }
    return numbers
  }
}
