import WeirDecode
import WeirFlow
import WeirGate
import WeirMatch
import WeirModel
import WeirRules
import WeirTally

/// What a worker is told once.
public struct WorkerSettings: Sendable {
  /// Whether blocks are carried out or only counted.
  public var mode: Mode
  /// What of a packet is matched.
  public var depth: Depth
  /// Which addresses of a packet in a tunnel are matched.
  public var tunnels: TunnelChoice
  /// How many flows all workers together remember; 96 bytes each, 32 of one that is not TCP.
  public var flowsMax: Int
  /// How many bytes of TCP streams all workers together keep: a half of what comes out of order, a half of
  /// handshakes that go over several segments.
  public var streamBytesMax: Int
  /// How many bytes each worker keeps of datagrams that are not whole.
  public var fragmentBytesMax: Int
  /// Whether sightings are kept for events and for the file of matched packets.
  public var keepsSightings: Bool
  /// Whether every value seen is kept for `--observables`.
  public var keepsValues: Bool
  /// Whether so much is to come that memory for many flows had better be fast than small.
  public var expectsManyFlows: Bool
  /// The key of all hashes: random in a daemon, fixed in a replay.
  public var seed: UInt64

  /// Makes settings.
  public init(
    mode: Mode = .enforce, depth: Depth = .content, tunnels: TunnelChoice = .both,
    flowsMax: Int = 1 << 20,
    streamBytesMax: Int = 1 << 26, fragmentBytesMax: Int = 1 << 26, keepsSightings: Bool = false,
    keepsValues: Bool = false,
    expectsManyFlows: Bool = false, seed: UInt64 = 0x5765_6972
  ) {
    self.mode = mode
    self.depth = depth
    self.tunnels = tunnels
    self.flowsMax = flowsMax
    self.streamBytesMax = streamBytesMax
    self.fragmentBytesMax = fragmentBytesMax
    self.keepsSightings = keepsSightings
    self.keepsValues = keepsValues
    self.expectsManyFlows = expectsManyFlows
    self.seed = seed
  }
}

/// A packet after station 2, with the hashes that decide who judges it.
struct DecodedPacket: BitwiseCopyable {
  var observation = Observation()
  /// Of the pair of hosts; it chooses the partition.
  var hosts: UInt64 = 0
  /// Of the flow.
  var hash: UInt64 = 0

  /// Whether the packet belongs to a flow: its transport header was read.
  var hasFlow: Bool {
    guard observation.hasAddresses, observation.fragment != .later else { return false }
    switch observation.transport {
    case .tcp, .udp: return observation.payloadStart > 0
    default: return true
    }
  }
}

/// Stations 2 to 7 of one thread: everything it needs, shared with nobody.
public struct Worker: ~Copyable {
  var desk: Desk
  private let rules: RuleSet
  let matchers: Matchers
  let settings: WorkerSettings
  private var flows: FlowTable
  var streams: StreamTable
  var heads: StreamHeads
  var fragments: FragmentTable
  /// A datagram that was put together; kept so that its memory is used again.
  var datagram: [UInt8] = []
  /// Whether there is anything to be looked for in streams.
  let readsStreams: Bool

  /// Makes a worker.
  ///
  /// - Returns: nil when there is not memory enough for the flows.
  public init?(rules: RuleSet, settings: WorkerSettings) {
    guard
      let flows = FlowTable(
        flowsMax: settings.depth == .addresses ? 0 : settings.flowsMax,
        isDense: settings.expectsManyFlows),
      let streams = StreamTable(
        places: flows.places, arenaBytes: settings.streamBytesMax / 2,
        isDense: settings.expectsManyFlows),
      let heads = StreamHeads(arenaBytes: settings.streamBytesMax / 2),
      let fragments = FragmentTable(arenaBytes: settings.fragmentBytesMax)
    else { return nil }
    self.flows = flows
    self.streams = streams
    self.heads = heads
    self.fragments = fragments
    self.rules = rules
    self.settings = settings
    matchers = Matchers(rules)
    readsStreams =
      !rules.patterns.isEmpty || !rules.domains.isEmpty || !rules.values.isEmpty
      || settings.keepsValues
    let tally = Tally(indicators: rules.indicatorCount, feedSets: rules.feedSetCount)
    desk = Desk(
      tally: tally, keepsSightings: settings.keepsSightings, keepsValues: settings.keepsValues)
  }

  /// The counts so far.
  public var tally: Tally {
    var tally = desk.tally
    tally.flowsEvicted = flows.evicted
    addStreams(to: &tally)
    tally.unjudged[Int(Unjudged.fragment.rawValue)] +=
      fragments.lostFragments + fragments.waitingFragments
    tally.fragmentOverlaps = fragments.overlaps
    tally.unjudged[Int(Unjudged.handshakeIncomplete.rawValue)] += desk.quic?.unfinished ?? 0
    return tally
  }

  /// The values seen so far, when they are kept.
  public var observed: ObservedValues? { desk.observed }

  /// Station 2 for one packet, and the memory that the later stations will want.
  @inline(__always)
  static func decode(
    _ arena: Span<UInt8>, _ slot: Slot, seed: UInt64, entersTunnels: Bool,
    into packet: inout DecodedPacket
  ) {
    let frame = arena.extracting(slot.offset..<slot.offset + Int(slot.capturedLength))
    FrameDecoder.decode(
      frame, wireLength: Int(slot.wireLength), link: slot.link, into: &packet.observation)
    guard packet.observation.hasAddresses else {
      (packet.hosts, packet.hash) = (0, 0)
      return
    }
    if entersTunnels, TunnelDecoder.mayHold(packet.observation) {
      TunnelDecoder.enterAll(frame, wireLength: Int(slot.wireLength), &packet.observation)
    }
    packet.hosts = FlowKey.hostsHash(packet.observation, seed: seed)
    packet.hash = FlowKey.hash(packet.observation, hosts: packet.hosts)
  }

  /// Asks for the memory that judging a packet will read.
  @inline(__always)
  mutating func prefetch(_ packet: borrowing DecodedPacket) {
    guard packet.observation.hasAddresses else { return }
    flows.prefetchBucket(hosts: packet.hosts, hash: packet.hash)
    matchers.prefetch(packet.observation)
  }

  /// Asks for what could not be asked for before the first answers came: the record of the packet's flow, and
  /// entries that its addresses may be in.
  @inline(__always)
  mutating func prefetchFurther(_ packet: borrowing DecodedPacket) {
    matchers.prefetchEntries(packet.observation)
    guard packet.hasFlow else { return }
    let place = flows.prefetchFlow(hosts: packet.hosts, hash: packet.hash)
    if packet.observation.transport == .tcp, readsStreams { streams.prefetch(place) }
  }

  /// Stations 3 to 7 for one packet.
  ///
  /// - Parameter number: of the packet, counted from 1 over all inputs.
  mutating func judge(
    _ arena: Span<UInt8>, _ slot: Slot, at index: Int, _ packet: borrowing DecodedPacket,
    number: UInt64, _ name: inout NameBuffer
  ) -> Verdict {
    desk.tally.packets += 1
    desk.tally.bytes += UInt64(slot.wireLength)
    guard packet.observation.hasAddresses else {
      count(unjudged: packet.observation.error?.reason)
      return .pass
    }
    desk.begin(
      Desk.Packet(
        number: number, slot: index, wireLength: slot.wireLength, time: slot.timestamp,
        flowID: packet.hash & 0x1f_ffff_ffff_ffff, hosts: packet.hosts))
    if packet.observation.depth == 0 {
      if packet.observation.version == 4 { desk.tally.ipv4 += 1 } else { desk.tally.ipv6 += 1 }
      desk.matchAddresses(packet.observation, matchers)
    } else {
      matchTunnel(arena, slot, packet)
    }
    if packet.observation.fragment != .whole { return judgeFragment(arena, slot, packet, &name) }
    let visit = visit(packet, at: slot.timestamp)
    let frame = arena.extracting(slot.offset..<slot.offset + Int(slot.capturedLength))
    count(unjudged: matchPayload(frame, packet, visit, &name))
    return settle(slot, packet, visit)
  }

  /// What the packet's transport carries.
  ///
  /// - Returns: why it could not be judged in full, if it could not.
  @inline(__always)
  mutating func matchPayload(
    _ frame: Span<UInt8>, _ packet: borrowing DecodedPacket, _ visit: FlowVisit?,
    _ name: inout NameBuffer
  ) -> Unjudged? {
    let reason = packet.observation.error?.reason
    let start = Int(packet.observation.payloadStart)
    let end = Int(max(packet.observation.payloadEnd, packet.observation.payloadStart))
    if let visit, readsStreams, packet.observation.transport == .tcp {
      let problem = matchSegment(frame.extracting(start..<end), packet, visit, &name)
      return reason ?? problem
    }
    guard end > start else { return reason }
    let problem = desk.matchContent(
      frame.extracting(start..<end), packet.observation, matchers, &name)
    return reason ?? problem
  }

  /// What is known of the packet's flow.
  @inline(__always)
  mutating func visit(
    _ packet: borrowing DecodedPacket, at time: Timestamp
  ) -> FlowVisit? {
    guard packet.hasFlow else { return nil }
    let visit = flows.find(
      packet.observation, hosts: packet.hosts, hash: packet.hash, at: time)
    if visit.isNew { countFlow(packet.observation.transport) }
    return visit
  }

  /// Weighs what the packet and its flow showed, and counts the outcome.
  mutating func settle(
    _ slot: Slot, _ packet: borrowing DecodedPacket, _ visit: FlowVisit?
  ) -> Verdict {
    let place = visit?.place ?? -1
    if let visit {
      if visit.hasOpinion { desk.touch() }
      if desk.isTouched, visit.hasOpinion || desk.content.hasOpinion,
        !packet.observation.isUnicastDNS
      {
        carryOver(place)
      }
    }
    guard desk.isTouched else { return .pass }
    let ruling = desk.judgment.ruling(mode: settings.mode)
    if ruling.isSuppressed { desk.tally.suppressed += 1 }
    if ruling.verdict != .pass {
      let isNew = isNewThreat(ruling.verdict, packet, flow: place)
      desk.count(ruling.verdict, wireLength: slot.wireLength, isNewThreat: isNew)
    }
    if settings.keepsSightings { desk.outbox.settle(ruling) }
    return ruling.verdict
  }

  /// Leaves with the flow what its content asked for, and takes from it what earlier packets left.
  ///
  /// DNS over UDP is left out: there each message is a thing of its own, and a resolver asks many questions
  /// from one port.
  private mutating func carryOver(_ place: Int) {
    let shown = desk.content.ruling(mode: .enforce)
    if desk.content.isAllowed { flows[place].isAllowed = true }
    if shown.verdict > flows[place].verdict {
      flows[place].verdict = shown.verdict
      flows[place].indicator = shown.indicator
      flows[place].feedSet = shown.feedSet
    }
    let flow = flows[place]
    if flow.isAllowed { desk.judgment.inheritAllow() }
    if flow.verdict != .pass {
      desk.judgment.inherit(flow.verdict, indicator: flow.indicator, feedSet: flow.feedSet)
    }
  }

  /// Whether a person would count the packet as another thing held back: the first packet of its connection,
  /// or a DNS query of its own.
  private mutating func isNewThreat(
    _ verdict: Verdict, _ packet: borrowing DecodedPacket, flow place: Int
  ) -> Bool {
    guard place >= 0 else { return false }
    let mark: CountedThreats = verdict == .block ? .blocked : .monitored
    let isCounted = flows[place].counted.contains(mark)
    flows[place].counted.insert(mark)
    // The response to a query is no other thing than the query; each query of a flow is one.
    guard packet.observation.isUnicastDNS else { return !isCounted }
    let isQuery = packet.observation.sourcePort != 53
    let isContent = desk.content.ruling(mode: .enforce).verdict != .pass
    return !isCounted || (isQuery && isContent)
  }

  private mutating func countFlow(_ transport: IPProtocol) {
    switch transport {
    case .tcp: desk.tally.tcpFlows += 1
    case .udp: desk.tally.udpFlows += 1
    default: break
    }
  }

  mutating func count(unjudged reason: Unjudged?) {
    guard let reason else { return }
    desk.tally.unjudged[Int(reason.rawValue)] += 1
  }
}

extension Desk {
  /// Counts a packet that is, or would be, held back.
  mutating func count(_ verdict: Verdict, wireLength: UInt32, isNewThreat: Bool) {
    let threats: UInt64 = isNewThreat ? 1 : 0
    if verdict == .block {
      tally.blocked.packets += 1
      tally.blocked.bytes += UInt64(wireLength)
      tally.blocked.threats += threats
    } else {
      tally.monitored.packets += 1
      tally.monitored.bytes += UInt64(wireLength)
      tally.monitored.threats += threats
    }
  }
}
