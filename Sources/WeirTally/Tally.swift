import WeirModel

/// One worker's private counts.
///
/// Plain numbers: nothing is shared, nothing is atomic.
public struct Tally: Sendable {
  /// Packets taken in.
  public var packets: UInt64 = 0
  /// Their bytes on the wire.
  public var bytes: UInt64 = 0
  /// Packets with an IPv4 header as the outermost one.
  public var ipv4: UInt64 = 0
  /// Packets with an IPv6 header as the outermost one.
  public var ipv6: UInt64 = 0
  /// Flows of TCP.
  public var tcpFlows: UInt64 = 0
  /// Flows of UDP.
  public var udpFlows: UInt64 = 0
  /// Flows forgotten early because the table was full.
  public var flowsEvicted: UInt64 = 0
  /// Fragments that overlap others of their datagram without being the same.
  public var fragmentOverlaps: UInt64 = 0
  /// What of the TCP streams could not be put in order.
  public var streams = StreamGaps()
  /// What was blocked.
  public var blocked = Held()
  /// What would have been blocked.
  public var monitored = Held()
  /// Packets that an allow entry kept from being blocked.
  public var suppressed: UInt64 = 0
  /// Packets that could not be judged in full, by `Unjudged.rawValue`.
  public var unjudged = InlineArray<16, UInt64>(repeating: 0)
  /// Values looked up, by `Place.rawValue`.
  public var observables = InlineArray<17, UInt64>(repeating: 0)
  /// Sightings, by `Place.rawValue`.
  public var sightings = InlineArray<17, UInt64>(repeating: 0)
  /// Sightings by the number of the feed set that they were made under.
  public var feedSetSightings: [UInt64]
  /// The counts of each indicator that was seen.
  public var indicators: IndicatorCounts

  /// Packets, bytes and things held back, or that would have been.
  public struct Held: Equatable, Sendable {
    /// Packets with that verdict.
    public var packets: UInt64 = 0
    /// Their bytes on the wire.
    public var bytes: UInt64 = 0
    /// Connections and DNS queries: what a person would call one thing.
    public var threats: UInt64 = 0

    /// Nothing yet.
    public init() {}

    mutating func add(_ other: Held) {
      packets += other.packets
      bytes += other.bytes
      threats += other.threats
    }
  }

  /// Bytes of TCP streams that were missed, or not judged where they stand in their stream.
  public struct StreamGaps: Equatable, Sendable {
    /// Bytes that never came, or only after what stands behind them had been judged.
    public var gapBytes: UInt64 = 0
    /// Bytes that came before others and were dropped, or still waited for them at the end.
    public var droppedBytes: UInt64 = 0
    /// Segments that contradict bytes that had come before them.
    public var conflicts: UInt64 = 0

    /// Nothing yet.
    public init() {}

    mutating func add(_ other: StreamGaps) {
      gapBytes += other.gapBytes
      droppedBytes += other.droppedBytes
      conflicts += other.conflicts
    }
  }

  /// Makes an empty tally for a rule set.
  public init(indicators: Int, feedSets: Int) {
    feedSetSightings = Array(repeating: 0, count: feedSets)
    self.indicators = IndicatorCounts(indicators: indicators)
  }

  /// Counts a sighting.
  @inlinable public mutating func sight(
    indicator: UInt32, feedSet: UInt32, place: Place, packet: UInt64, bytes: UInt32,
    at time: Timestamp
  ) {
    sightings[Int(place.rawValue)] += 1
    feedSetSightings[Int(feedSet)] += 1
    indicators.sight(indicator, place: place, packet: packet, bytes: bytes, at: time)
  }

  /// Adds the counts of another worker that used the same rule set and saw other packets.
  public mutating func merge(_ other: borrowing Tally) {
    packets += other.packets
    bytes += other.bytes
    ipv4 += other.ipv4
    ipv6 += other.ipv6
    tcpFlows += other.tcpFlows
    udpFlows += other.udpFlows
    flowsEvicted += other.flowsEvicted
    streams.add(other.streams)
    fragmentOverlaps += other.fragmentOverlaps
    blocked.add(other.blocked)
    monitored.add(other.monitored)
    suppressed += other.suppressed
    for index in 0..<16 { unjudged[index] += other.unjudged[index] }
    for index in 0..<Place.count {
      observables[index] += other.observables[index]
      sightings[index] += other.sightings[index]
    }
    for index in feedSetSightings.indices {
      feedSetSightings[index] += other.feedSetSightings[index]
    }
    indicators.merge(other.indicators)
  }
}
