import WeirModel

/// The counts of one indicator; one cache line.
public struct IndicatorCount: Sendable, BitwiseCopyable {
  /// Which indicator.
  public var indicator: UInt32
  /// Where in `IndicatorCounts` the counts of the rarer places are; -1 when there are none.
  @usableFromInline var rarer: Int32 = -1
  /// The number of the packet it was last seen in, counted from 1.
  @usableFromInline var lastPacket: UInt64 = 0
  /// Distinct packets in which it was seen.
  public var packets: UInt64 = 0
  /// Their bytes on the wire.
  public var bytes: UInt64 = 0
  /// When it was seen first.
  public var firstSeen: Timestamp
  /// When it was seen last.
  public var lastSeen: Timestamp
  /// Sightings as `ip.src`.
  @usableFromInline var asSource: UInt64 = 0
  /// Sightings as `ip.dst`.
  @usableFromInline var asDestination: UInt64 = 0

  /// Counts a sighting, unless its place is a rarer one: then it says so.
  @inlinable mutating func note(
    _ packet: UInt64, bytes: UInt32, at time: Timestamp, _ place: Place
  ) -> Bool {
    if lastPacket != packet {
      lastPacket = packet
      packets += 1
      self.bytes += UInt64(bytes)
    }
    firstSeen = min(firstSeen, time)
    lastSeen = max(lastSeen, time)
    switch place {
    case .ipSource: asSource += 1
    case .ipDestination: asDestination += 1
    default: return true
    }
    return false
  }

  @usableFromInline init(_ indicator: UInt32, at time: Timestamp) {
    self.indicator = indicator
    firstSeen = time
    lastSeen = time
  }
}

/// The counts of every indicator that was seen: a record each, found by the indicator's number.
public struct IndicatorCounts: Sendable {
  /// The record of each indicator, counted from 1; 0 when it was not seen.
  @usableFromInline var recordOf: [UInt32]
  /// The records, in the order in which the indicators were first seen.
  public var records: [IndicatorCount] = []
  /// Counts by place for the few records that need more than source and destination.
  @usableFromInline var rarer: [InlineArray<17, UInt64>] = []

  init(indicators: Int) {
    recordOf = Array(repeating: 0, count: indicators)
  }

  /// Counts a sighting.
  ///
  /// - Complexity: O(1), amortized; memory grows with the number of distinct indicators seen, not with
  ///   sightings.
  @inlinable public mutating func sight(
    _ indicator: UInt32, place: Place, packet: UInt64, bytes: UInt32, at time: Timestamp
  ) {
    let index = recordIndex(of: indicator, at: time)
    let isRarer = records[index].note(packet, bytes: bytes, at: time, place)
    if isRarer { countRarer(1, at: place, record: index) }
  }

  /// The record of an indicator, counted from 1; 0 when it was not seen yet.
  ///
  /// Asked for some packets before `sight`, it brings the memory that `sight` will read.
  @inlinable public func recordNumber(of indicator: UInt32) -> Int {
    Int(recordOf[Int(indicator)])
  }

  /// Reads a record that `recordNumber` gave, for the same reason; what it says means nothing.
  @inlinable public func touch(record number: Int) -> UInt64 {
    number > 0 ? records[number - 1].lastPacket : 0
  }

  /// The sightings of a record at a place.
  public func sightings(of record: IndicatorCount, at place: Place) -> UInt64 {
    switch place {
    case .ipSource: record.asSource
    case .ipDestination: record.asDestination
    default: record.rarer < 0 ? 0 : rarer[Int(record.rarer)][Int(place.rawValue)]
    }
  }

  @inlinable mutating func recordIndex(of indicator: UInt32, at time: Timestamp) -> Int {
    let known = recordOf[Int(indicator)]
    if known != 0 { return Int(known) - 1 }
    records.append(IndicatorCount(indicator, at: time))
    recordOf[Int(indicator)] = UInt32(records.count)
    return records.count - 1
  }

  @inlinable mutating func count(_ number: UInt64, at place: Place, record index: Int) {
    switch place {
    case .ipSource: records[index].asSource += number
    case .ipDestination: records[index].asDestination += number
    default: countRarer(number, at: place, record: index)
    }
  }

  @usableFromInline mutating func countRarer(_ number: UInt64, at place: Place, record index: Int) {
    if records[index].rarer < 0 {
      records[index].rarer = Int32(rarer.count)
      rarer.append(InlineArray(repeating: 0))
    }
    rarer[Int(records[index].rarer)][Int(place.rawValue)] += number
  }

  /// Adds counts of other packets.
  mutating func merge(_ other: borrowing IndicatorCounts) {
    for record in other.records {
      let index = recordIndex(of: record.indicator, at: record.firstSeen)
      records[index].packets += record.packets
      records[index].bytes += record.bytes
      records[index].firstSeen = min(records[index].firstSeen, record.firstSeen)
      records[index].lastSeen = max(records[index].lastSeen, record.lastSeen)
      for place in Place.allCases {
        let number = other.sightings(of: record, at: place)
        if number > 0 { count(number, at: place, record: index) }
      }
    }
  }
}
