import WeirDecode
import WeirModel

/// The memory of flows: bounded, and the same for every number of threads.
///
/// Flows are dealt to 64 partitions by their hosts. A worker owns whole partitions, and each has its own share
/// of the table, so that what is forgotten when the table is full does not depend on how many workers there
/// are. Inside a partition a flow lives in one of `window` places behind its hash.
public struct FlowTable: ~Copyable {
  /// How many partitions there are.
  public static let partitions = 64
  /// How many places are searched for a flow.
  static let window = 8

  private var memory: ZeroedMemory<Flow>
  private let partitionMask: Int
  private let partitionSize: Int
  /// Flows of UDP and other protocols end after this long without a packet, in nanoseconds.
  private let idleMax: Int64
  /// Flows of TCP that were not closed end after this long.
  private let tcpIdleMax: Int64
  /// Flows forgotten while they may still have lived.
  public private(set) var evicted: UInt64 = 0

  /// Reserves memory: 64 bytes a flow, taken as it is used.
  ///
  /// - Parameters:
  ///   - flowsMax: rounded up to a power of two, at least 64 × `window`.
  ///   - idleSeconds: how long a flow without packets is remembered; RFC 4787 asks for 120 s or more for UDP,
  ///     most networks forget earlier.
  /// - Returns: nil when the system has not so much memory.
  public init?(flowsMax: Int, idleSeconds: Int64 = 120, tcpIdleSeconds: Int64 = 3600) {
    var size = FlowTable.window
    while size * FlowTable.partitions < flowsMax, size < 1 << 24 { size *= 2 }
    guard let memory = ZeroedMemory<Flow>(count: size * FlowTable.partitions) else { return nil }
    self.memory = memory
    partitionSize = size
    partitionMask = size - 1
    idleMax = idleSeconds * 1_000_000_000
    tcpIdleMax = tcpIdleSeconds * 1_000_000_000
  }

  /// The partition of two hosts, from `FlowKey.hostsHash`.
  @inlinable public static func partition(hosts: UInt64) -> Int { Int(hosts >> 58) }

  /// Asks for the memory in which a flow would be.
  public func prefetch(hosts: UInt64, hash: UInt64) {
    memory.prefetch(base(hosts) + Int(truncatingIfNeeded: hash) & partitionMask)
  }

  /// Finds the flow of a packet, or begins one.
  ///
  /// - Parameters:
  ///   - hosts: `FlowKey.hostsHash` of the packet.
  ///   - hash: `FlowKey.hash` of the packet.
  /// - Returns: where the flow is until the next call, and whether it is new.
  /// - Complexity: O(1), at most `window` records are read.
  public mutating func find(
    _ observation: Observation, hosts: UInt64, hash: UInt64, at time: Timestamp
  ) -> (place: Int, isNew: Bool) {
    let key = FlowKey(observation)
    // 0 marks an empty place.
    let now = max(time.nanoseconds, 1)
    let start = base(hosts)
    var victim = -1
    var oldest = Int64.max
    for step in 0..<FlowTable.window {
      let place = start + (Int(truncatingIfNeeded: hash) &+ step) & partitionMask
      let flow = memory[place]
      if flow.lastSeen != 0, flow.key == key {
        let isNew = isOver(flow, now) || begins(observation, after: flow)
        if isNew { memory[place] = FlowTable.fresh(key, now) }
        touch(place, observation, now)
        return (place, isNew)
      }
      if flow.lastSeen < oldest { (victim, oldest) = (place, flow.lastSeen) }
      if flow.lastSeen == 0 { break }
    }
    if oldest != 0, !isOver(memory[victim], now) { evicted += 1 }
    memory[victim] = FlowTable.fresh(key, now)
    touch(victim, observation, now)
    return (victim, true)
  }

  /// The flow at a place that `find` gave.
  public subscript(place: Int) -> Flow {
    get { memory[place] }
    _modify { yield &memory[place] }
  }

  private func base(_ hosts: UInt64) -> Int {
    FlowTable.partition(hosts: hosts) * partitionSize
  }

  private func isOver(_ flow: Flow, _ now: Int64) -> Bool {
    let idle = flow.key.transport == .tcp && !flow.state.isClosed ? tcpIdleMax : idleMax
    return now &- flow.lastSeen > idle
  }

  /// Whether a packet opens a new connection on ports whose last one was closed.
  private func begins(_ observation: Observation, after flow: Flow) -> Bool {
    observation.transport == .tcp && flow.state.isClosed
      && observation.tcpFlags.contains(.syn) && !observation.tcpFlags.contains(.ack)
  }

  private mutating func touch(_ place: Int, _ observation: Observation, _ now: Int64) {
    memory[place].lastSeen = max(memory[place].lastSeen, now)
    guard observation.transport == .tcp else { return }
    let flags = observation.tcpFlags
    if flags.contains(.rst) { memory[place].state.insert(.reset) }
    guard flags.contains(.fin) else { return }
    let key = memory[place].key
    let isLow =
      (observation.sourceHigh, observation.sourceLow, observation.sourcePort)
      == (key.lowHigh, key.lowLow, key.lowPort)
    memory[place].state.insert(isLow ? .finLow : .finHigh)
  }

  private static func fresh(_ key: FlowKey, _ now: Int64) -> Flow {
    Flow(
      key: key, lastSeen: now, indicator: 0, feedSet: 0, state: [], verdict: .pass, counted: [])
  }
}
