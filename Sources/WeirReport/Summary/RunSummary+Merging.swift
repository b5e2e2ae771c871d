extension RunSummary {
  /// Adds another run: the numbers are summed, indicators are joined by kind and value.
  ///
  /// The order of merging changes the order of inputs and feeds, and nothing else. A connection that runs
  /// through both inputs is one flow in each.
  public mutating func merge(_ other: RunSummary) {
    command = "merge"
    database.merge(other.database)
    inputs += other.inputs
    packets.read += other.packets.read
    packets.ipv4 += other.packets.ipv4
    packets.ipv6 += other.packets.ipv6
    packets.other += other.packets.other
    packets.undecided.merge(other.packets.undecided, uniquingKeysWith: +)
    observables.merge(other.observables, uniquingKeysWith: +)
    flows.tcp += other.flows.tcp
    flows.udp += other.flows.udp
    flows.evicted += other.flows.evicted
    flows.gapBytes += other.flows.gapBytes
    flows.droppedBytes += other.flows.droppedBytes
    flows.conflicts += other.flows.conflicts
    flows.fragmentOverlaps += other.flows.fragmentOverlaps
    blocked.merge(other.blocked)
    monitored.merge(other.monitored)
    allowed.suppressed += other.allowed.suppressed
    sightings.total += other.sightings.total
    sightings.byWhere.merge(other.sightings.byWhere, uniquingKeysWith: +)
    sightings.byFeed.merge(other.sightings.byFeed, uniquingKeysWith: +)
    sightings.byCategory.merge(other.sightings.byCategory, uniquingKeysWith: +)
    unjudged.packets += other.unjudged.packets
    unjudged.reasons.merge(other.unjudged.reasons, uniquingKeysWith: +)
    mergeIndicators(other.indicators)
    elapsed = nil
  }

  private mutating func mergeIndicators(_ others: [IndicatorSummary]) {
    struct Key: Hashable {
      var kind: String
      var value: String
    }
    var places: [Key: Int] = [:]
    for (index, row) in indicators.enumerated() {
      places[Key(kind: row.kind, value: row.value)] = index
    }
    for row in others {
      let key = Key(kind: row.kind, value: row.value)
      if let index = places[key] {
        indicators[index].merge(row)
      } else {
        places[key] = indicators.count
        indicators.append(row)
      }
    }
    indicators.sort(by: RunSummary.isListedBefore)
  }
}

extension DatabaseSummary {
  fileprivate mutating func merge(_ other: DatabaseSummary) {
    guard generation != other.generation else { return }
    generation = "mixed"
    for feed in other.feeds where !feeds.contains(where: { $0.name == feed.name }) {
      feeds.append(feed)
    }
    // Two rule sets may share indicators, so the larger number is what is surely there.
    indicators.merge(other.indicators, uniquingKeysWith: max)
    let notMatched = (notMatched ?? [:]).merging(other.notMatched ?? [:], uniquingKeysWith: max)
    self.notMatched = notMatched.isEmpty ? nil : notMatched
  }
}

extension HeldSummary {
  fileprivate mutating func merge(_ other: HeldSummary) {
    packets += other.packets
    bytes += other.bytes
    threats += other.threats
  }
}

extension IndicatorSummary {
  fileprivate mutating func merge(_ other: IndicatorSummary) {
    feeds += other.feeds.filter { !feeds.contains($0) }
    category = min(category, other.category)
    packets += other.packets
    bytes += other.bytes
    sightings.merge(other.sightings, uniquingKeysWith: +)
    // The text of a time in UTC sorts as the time does.
    firstSeen = min(firstSeen, other.firstSeen)
    lastSeen = max(lastSeen, other.lastSeen)
  }
}
