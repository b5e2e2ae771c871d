import WeirModel
import WeirRules
import WeirTally

extension RunSummary {
  /// Puts a tally into the words of the contract.
  ///
  /// - Parameters:
  ///   - depth: what was looked at.
  ///   - rules: those that the tally was counted under.
  ///   - feeds: what was taken of each feed.
  ///   - elapsed: nil for a tally file.
  public init(
    command: String, version: String, depth: Depth, rules: RuleSet, feeds: [FeedSummary],
    inputs: [InputSummary], tally: Tally, elapsed: ElapsedSummary?
  ) {
    schema = RunSummary.summarySchema
    weir = version
    self.command = command
    database = DatabaseSummary(
      generation: rules.generation, indicators: RunSummary.kinds(rules),
      notMatched: RunSummary.notMatched(rules, depth), feeds: feeds)
    self.inputs = inputs
    packets = RunSummary.packets(tally)
    observables = RunSummary.byPlace(tally.observables)
    flows = FlowSummary(
      tcp: tally.tcpFlows, udp: tally.udpFlows, evicted: tally.flowsEvicted,
      gapBytes: tally.streams.gapBytes, droppedBytes: tally.streams.droppedBytes,
      conflicts: tally.streams.conflicts, fragmentOverlaps: tally.fragmentOverlaps)
    blocked = HeldSummary(tally.blocked)
    monitored = HeldSummary(tally.monitored)
    allowed = AllowedSummary(suppressed: tally.suppressed)
    sightings = RunSummary.sightings(tally, rules)
    indicators = RunSummary.indicators(tally, rules)
    let reasons = RunSummary.reasons(tally) { $0.hasAddresses }
    unjudged = UnjudgedSummary(packets: reasons.values.reduce(0, +), reasons: reasons)
    self.elapsed = elapsed
  }

  private static func kinds(_ rules: RuleSet) -> [String: Int] {
    var kinds: [String: Int] = [:]
    for kind in [IndicatorKind.ip, .cidr, .endpoint, .domain, .url, .pattern] {
      kinds[kind.name] = rules.counts[kind] ?? 0
    }
    for (kind, count) in rules.counts { kinds[kind.name] = count }
    return kinds
  }

  private static func notMatched(_ rules: RuleSet, _ depth: Depth) -> [String: Int]? {
    var kinds: [String: Int] = [:]
    for (kind, count) in rules.counts where !kind.isSought(at: depth) { kinds[kind.name] = count }
    return kinds.isEmpty ? nil : kinds
  }

  private static func packets(_ tally: Tally) -> PacketSummary {
    PacketSummary(
      read: tally.packets, ipv4: tally.ipv4, ipv6: tally.ipv6,
      other: tally.packets - tally.ipv4 - tally.ipv6,
      undecided: reasons(tally) { !$0.hasAddresses })
  }

  private static func reasons(
    _ tally: Tally, where included: (Unjudged) -> Bool
  ) -> [String: UInt64] {
    var reasons: [String: UInt64] = [:]
    for reason in Unjudged.allCases where included(reason) {
      let count = tally.unjudged[Int(reason.rawValue)]
      if count > 0 { reasons[reason.name] = count }
    }
    return reasons
  }

  private static func byPlace(_ counts: InlineArray<17, UInt64>) -> [String: UInt64] {
    var places: [String: UInt64] = [:]
    for place in Place.allCases where counts[Int(place.rawValue)] > 0 {
      places[place.name] = counts[Int(place.rawValue)]
    }
    return places
  }

  private static func sightings(_ tally: Tally, _ rules: RuleSet) -> SightingSummary {
    var byFeed: [String: UInt64] = [:]
    var byCategory: [String: UInt64] = [:]
    for (feedSet, count) in tally.feedSetSightings.enumerated() where count > 0 {
      let number = UInt32(feedSet)
      for name in rules.feedNames(of: number) { byFeed[name, default: 0] += count }
      byCategory[rules.category(of: number), default: 0] += count
    }
    let byWhere = byPlace(tally.sightings)
    return SightingSummary(
      total: byWhere.values.reduce(0, +), byWhere: byWhere, byFeed: byFeed, byCategory: byCategory)
  }

  private static func indicators(_ tally: Tally, _ rules: RuleSet) -> [IndicatorSummary] {
    let rows = tally.indicators.records.map { record -> IndicatorSummary in
      let (kind, text) = rules.value(of: record.indicator)
      let feedSet = rules.policy.feedSet(of: record.indicator)
      var places: [String: UInt64] = [:]
      for place in Place.allCases {
        let count = tally.indicators.sightings(of: record, at: place)
        if count > 0 { places[place.name] = count }
      }
      return IndicatorSummary(
        value: text, kind: kind.name, feeds: rules.feedNames(of: feedSet),
        category: rules.category(of: feedSet), packets: record.packets, bytes: record.bytes,
        sightings: places, firstSeen: record.firstSeen.description,
        lastSeen: record.lastSeen.description)
    }
    return rows.sorted(by: RunSummary.isListedBefore)
  }

  /// Most sightings first, ties by value, then by kind.
  static func isListedBefore(_ left: IndicatorSummary, _ right: IndicatorSummary) -> Bool {
    let (leftTotal, rightTotal) = (left.total, right.total)
    if leftTotal != rightTotal { return leftTotal > rightTotal }
    return (left.value, left.kind) < (right.value, right.kind)
  }
}

extension RuleSet {
  /// The names of the feeds in a feed set, allow lists left out.
  public func feedNames(of feedSet: UInt32) -> [String] {
    var names: [String] = []
    for number in feedNumbers(of: feedSet) where !names.contains(feeds[Int(number)].name) {
      names.append(feeds[Int(number)].name)
    }
    return names
  }

  /// The category of the feed that decides in a feed set.
  public func category(of feedSet: UInt32) -> String {
    feeds[Int(policy[feedSet].feed)].category
  }
}

extension HeldSummary {
  init(_ held: Tally.Held) {
    self.init(packets: held.packets, bytes: held.bytes, threats: held.threats)
  }
}
