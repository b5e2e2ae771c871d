import WeirDecode
import WeirModel

/// The memory of flows: bounded, and the same for every number of threads.
///
/// Flows are dealt to 64 partitions by their hosts. A worker owns whole partitions, and each has its own share
/// of the table, so that what is forgotten when the table is full does not depend on how many workers there
/// are. Inside a partition a flow lives in one of the eight places of the bucket that its hash names. A bucket
/// keeps tags and times of its flows in one cache line, so that a look-up reads two lines, the bucket and the
/// record, also when the table is full and the oldest flow has to go.
public struct FlowTable: ~Copyable {
  /// How many partitions there are.
  public static let partitions = 64

  private var buckets: FlowBuckets
  private var flows: ZeroedMemory<Flow>
  private let bucketsPerPartition: Int
  /// Flows of UDP and other protocols end after this many seconds without a packet.
  private let idleMax: UInt32
  /// Flows of TCP that were not closed end after this many.
  private let tcpIdleMax: UInt32
  /// Flows forgotten while they may still have lived.
  public private(set) var evicted: UInt64 = 0

  /// Reserves memory: 32 bytes a flow, taken as it is used.
  ///
  /// - Parameters:
  ///   - flowsMax: rounded up to 512 times a power of two.
  ///   - idleSeconds: how long a flow without packets is remembered; RFC 4787 asks for 120 s or more for UDP,
  ///     most networks forget earlier.
  ///   - isDense: whether so many flows are to come that the table had better be in large pages.
  /// - Returns: nil when the system has not so much memory.
  public init?(
    flowsMax: Int, idleSeconds: UInt32 = 120, tcpIdleSeconds: UInt32 = 3600,
    isDense: Bool = false
  ) {
    var size = 1
    while size * FlowBucket.ways * FlowTable.partitions < flowsMax, size < 1 << 21 { size *= 2 }
    let total = size * FlowTable.partitions
    guard let buckets = FlowBuckets(count: total, isDense: isDense),
      let flows = ZeroedMemory<Flow>(count: total * FlowBucket.ways, isDense: isDense)
    else { return nil }
    self.buckets = buckets
    self.flows = flows
    bucketsPerPartition = size
    idleMax = idleSeconds
    tcpIdleMax = tcpIdleSeconds
  }

  /// How many places for flows there are.
  public var places: Int { flows.count }

  /// The partition of two hosts, from `FlowKey.hostsHash`.
  @inlinable public static func partition(hosts: UInt64) -> Int { Int(hosts >> 58) }

  /// Asks for the bucket in which a flow would be looked for.
  ///
  /// Nothing changes; `mutating` has the table passed by its address rather than copied for every packet.
  public mutating func prefetchBucket(hosts: UInt64, hash: UInt64) {
    buckets.prefetch(bucket(hosts: hosts, hash: hash))
  }

  /// Asks for the record that `find` will most likely touch; worth it some packets after `prefetchBucket`.
  ///
  /// - Returns: the place where the flow will most likely be.
  @discardableResult
  public mutating func prefetchFlow(hosts: UInt64, hash: UInt64) -> Int {
    let index = bucket(hosts: hosts, hash: hash)
    let tag = FlowBucket.tag(hash)
    let ways = buckets.ways(of: index, with: tag)
    let way = ways == 0 ? buckets.oldest(of: index) : ways.trailingZeroBitCount
    flows.prefetch(index * FlowBucket.ways + way)
    return index * FlowBucket.ways + way
  }

  /// Finds the flow of a packet, or begins one.
  ///
  /// - Parameters:
  ///   - hosts: `FlowKey.hostsHash` of the packet.
  ///   - hash: `FlowKey.hash` of the packet.
  /// - Returns: where the flow is until the next call, and what is known of it.
  /// - Complexity: O(1), one bucket is searched.
  public mutating func find(
    _ observation: Observation, hosts: UInt64, hash: UInt64, at time: Timestamp
  ) -> FlowVisit {
    let key = FlowKey(observation, hosts: hosts)
    let now = FlowBucket.time(time)
    let tag = FlowBucket.tag(hash)
    let index = bucket(hosts: hosts, hash: hash)
    var ways = buckets.ways(of: index, with: tag)
    while ways != 0 {
      let way = ways.trailingZeroBitCount
      ways &= ways - 1
      let place = index * FlowBucket.ways + way
      guard flows[place].key == key else { continue }
      let idle = now &- min(buckets[index].times[way], now)
      let isNew = isOver(flows[place], idle: idle) || begins(observation, after: flows[place])
      if isNew { flows[place] = Flow(key) }
      buckets[index].times[way] = max(buckets[index].times[way], now)
      note(observation, at: place)
      return FlowVisit(place: place, isNew: isNew, hasOpinion: flows[place].hasOpinion)
    }
    let way = makeRoom(in: index, now)
    let place = index * FlowBucket.ways + way
    buckets[index].tags[way] = tag
    buckets[index].times[way] = now
    flows[place] = Flow(key)
    note(observation, at: place)
    return FlowVisit(place: place, isNew: true, hasOpinion: false)
  }

  /// A place for a new flow: a free one or else the one that was silent for longest; if that may still live
  /// and another is over, the other one.
  private mutating func makeRoom(in index: Int, _ now: UInt32) -> Int {
    let oldest = buckets.oldest(of: index)
    guard buckets[index].times[oldest] != 0 else { return oldest }
    if isOver(index, oldest, now) { return oldest }
    // Closed and open connections have time-outs of their own, so that the oldest need not end first. Records
    // are read only of those that can be over.
    for way in 0..<FlowBucket.ways where now &- min(buckets[index].times[way], now) > idleMax {
      if isOver(index, way, now) { return way }
    }
    evicted += 1
    return oldest
  }

  private func isOver(_ index: Int, _ way: Int, _ now: UInt32) -> Bool {
    isOver(
      flows[index * FlowBucket.ways + way], idle: now &- min(buckets[index].times[way], now))
  }

  /// The flow at a place that `find` gave.
  public subscript(place: Int) -> Flow {
    get { flows[place] }
    _modify { yield &flows[place] }
  }

  private func bucket(hosts: UInt64, hash: UInt64) -> Int {
    FlowTable.partition(hosts: hosts) * bucketsPerPartition
      + Int(truncatingIfNeeded: hash) & (bucketsPerPartition - 1)
  }

  private func isOver(_ flow: Flow, idle: UInt32) -> Bool {
    idle > (flow.key.transport == .tcp && !flow.state.isClosed ? tcpIdleMax : idleMax)
  }

  /// Whether a packet opens a new connection on ports whose last one was closed.
  private func begins(_ observation: Observation, after flow: Flow) -> Bool {
    observation.transport == .tcp && flow.state.isClosed
      && observation.tcpFlags.contains(.syn) && !observation.tcpFlags.contains(.ack)
  }

  /// Follows the closing of a connection.
  private mutating func note(_ observation: Observation, at place: Int) {
    guard observation.transport == .tcp,
      !observation.tcpFlags.isDisjoint(with: [.fin, .rst])
    else { return }
    if observation.tcpFlags.contains(.rst) { flows[place].state.insert(.reset) }
    guard observation.tcpFlags.contains(.fin) else { return }
    flows[place].state.insert(FlowKey.isFromLow(observation) ? .finLow : .finHigh)
  }
}
