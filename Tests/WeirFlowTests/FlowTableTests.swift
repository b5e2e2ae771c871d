import Testing
import WeirDecode
import WeirModel

@testable import WeirFlow

/// A packet as the table sees it.
struct Packet {
  var observation: Observation
  var seconds: Int64

  /// A packet between two of a few hosts.
  init(
    _ source: (host: UInt32, port: UInt16), _ destination: (host: UInt32, port: UInt16),
    transport: IPProtocol = .tcp, flags: TCPFlags = [.ack], at seconds: Int64 = 1
  ) {
    observation = Observation()
    observation.version = 4
    observation.sourceLow = UInt64(source.host)
    observation.destinationLow = UInt64(destination.host)
    observation.sourcePort = source.port
    observation.destinationPort = destination.port
    observation.transport = transport
    observation.tcpFlags = transport == .tcp ? flags : []
    self.seconds = seconds
  }

  /// The same ends, the other way round.
  var reply: Packet {
    Packet(
      (UInt32(observation.destinationLow), observation.destinationPort),
      (UInt32(observation.sourceLow), observation.sourcePort), transport: observation.transport,
      flags: observation.tcpFlags, at: seconds)
  }

  static let seed: UInt64 = 0x77

  var hosts: UInt64 { FlowKey.hostsHash(observation, seed: Packet.seed) }
  var hash: UInt64 { FlowKey.hash(observation, hosts: hosts) }
}

/// A table that expectations can look at: they copy what they are given.
final class TestTable {
  private var table: FlowTable

  struct NoMemory: Error {}

  init(flowsMax: Int = 512) throws {
    guard let table = FlowTable(flowsMax: flowsMax, idleSeconds: 100, tcpIdleSeconds: 1000) else {
      throw NoMemory()
    }
    self.table = table
  }

  var evicted: UInt64 { table.evicted }

  subscript(place: Int) -> Flow {
    get { table[place] }
    set { table[place] = newValue }
  }

  func find(_ packet: Packet) -> FlowVisit {
    table.find(
      packet.observation, hosts: packet.hosts, hash: packet.hash,
      at: Timestamp(nanoseconds: packet.seconds * 1_000_000_000))
  }
}

/// The slow twin: a dictionary of flows by their ends in text.
struct TwinTable {
  private var flows: [String: (last: Int64, finFrom: Set<String>, isReset: Bool)] = [:]
  let idle: Int64
  let tcpIdle: Int64

  init(idle: Int64, tcpIdle: Int64) {
    self.idle = idle
    self.tcpIdle = tcpIdle
  }

  /// Whether a packet begins a flow.
  mutating func isNew(_ packet: Packet) -> Bool {
    let observation = packet.observation
    let source = "\(observation.source):\(observation.sourcePort)"
    let destination = "\(observation.destination):\(observation.destinationPort)"
    let key =
      [source, destination].sorted().joined(separator: "-")
      + " \(observation.transport.rawValue)"
    var isNew = true
    var flow = (last: packet.seconds, finFrom: Set<String>(), isReset: false)
    if let known = flows[key] {
      let isClosed = known.isReset || known.finFrom.count == 2
      let isTCP = observation.transport == .tcp
      let isOver = packet.seconds - known.last > (isTCP && !isClosed ? tcpIdle : idle)
      let reopens =
        isTCP && isClosed && observation.tcpFlags.contains(.syn)
        && !observation.tcpFlags.contains(.ack)
      if !isOver, !reopens { (flow, isNew) = (known, false) }
    }
    flow.last = max(flow.last, packet.seconds)
    if observation.tcpFlags.contains(.fin) { flow.finFrom.insert(source) }
    if observation.tcpFlags.contains(.rst) { flow.isReset = true }
    flows[key] = flow
    return isNew
  }
}

/// A seeded generator (SplitMix64).
struct Seeded: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }

  /// A packet between few hosts and ports, so that most belong to known flows.
  mutating func packet(hosts: UInt32, at seconds: Int64) -> Packet {
    let flags: [TCPFlags] = [[.ack], [.ack], [.ack], [.syn], [.syn, .ack], [.fin, .ack], [.rst]]
    return Packet(
      (UInt32.random(in: 1...hosts, using: &self), UInt16.random(in: 1...4, using: &self)),
      (UInt32.random(in: 1...hosts, using: &self), UInt16.random(in: 1...4, using: &self)),
      transport: next() & 1 == 0 ? .tcp : .udp, flags: flags[Int(next() % 7)], at: seconds)
  }
}

struct FlowTableTests {
  let client = (host: UInt32(0xc000_020a), port: UInt16(40_000))
  let server = (host: UInt32(0xc633_6450), port: UInt16(443))

  @Test func bothDirectionsAreOneFlow() throws {
    let table = try TestTable()
    let packet = Packet(client, server, flags: .syn)
    let first = table.find(packet)
    let second = table.find(packet.reply)
    #expect(first.isNew && !second.isNew)
    #expect(first.place == second.place)
  }

  @Test func protocolPortsAndVersionTellFlowsApart() throws {
    let table = try TestTable()
    #expect(table.find(Packet(client, server)).isNew)
    #expect(table.find(Packet(client, server, transport: .udp)).isNew)
    #expect(table.find(Packet(client, (server.host, 444))).isNew)
    // The ports exchanged are another pair of ends.
    #expect(table.find(Packet((client.host, server.port), (server.host, client.port))).isNew)
    var six = Packet(client, server)
    six.observation.version = 6
    #expect(table.find(six).isNew)
  }

  @Test func hashesDoNotDependOnTheDirection() {
    let seed: UInt64 = 5
    var random = Seeded(seed)
    var partitions: Set<Int> = []
    for round in 0..<10_000 {
      let packet = random.packet(hosts: .max, at: 1)
      #expect(packet.hosts == packet.reply.hosts, "seed \(seed), round \(round)")
      #expect(packet.hash == packet.reply.hash, "seed \(seed), round \(round)")
      partitions.insert(FlowTable.partition(hosts: packet.hosts))
    }
    #expect(partitions == Set(0..<FlowTable.partitions))
  }

  @Test(arguments: [(IPProtocol.udp, Int64(100)), (.tcp, 1000), (.icmp, 100)])
  func aFlowEndsAfterItsTimeOut(_ transport: IPProtocol, _ idle: Int64) throws {
    let table = try TestTable()
    #expect(table.find(Packet(client, server, transport: transport, at: 1)).isNew)
    #expect(!table.find(Packet(client, server, transport: transport, at: 1 + idle)).isNew)
    #expect(table.find(Packet(client, server, transport: transport, at: 2 + 2 * idle)).isNew)
    #expect(table.evicted == 0)
  }

  @Test func timeThatGoesBackEndsNothing() throws {
    let table = try TestTable()
    #expect(table.find(Packet(client, server, at: 10_000)).isNew)
    #expect(!table.find(Packet(client, server, at: 1)).isNew)
    #expect(!table.find(Packet(client, server, at: 11_000)).isNew)
  }

  @Test func aConnectionClosedByBothEndsMayBeginAgain() throws {
    let table = try TestTable()
    let syn = Packet(client, server, flags: .syn)
    let fin = Packet(client, server, flags: [.fin, .ack])
    #expect(table.find(syn).isNew)
    #expect(!table.find(fin).isNew)
    // One end alone does not close.
    #expect(!table.find(syn).isNew)
    #expect(!table.find(fin.reply).isNew)
    // The last acknowledgment is still its own, and so is a SYN-ACK.
    #expect(!table.find(Packet(client, server)).isNew)
    #expect(!table.find(Packet(server, client, flags: [.syn, .ack])).isNew)
    #expect(table.find(syn).isNew)
  }

  @Test func aResetConnectionMayBeginAgain() throws {
    let table = try TestTable()
    let syn = Packet(client, server, flags: .syn)
    #expect(table.find(syn).isNew)
    #expect(!table.find(Packet(server, client, flags: .rst)).isNew)
    let again = table.find(syn)
    #expect(again.isNew && !again.hasOpinion)
  }

  @Test func aNewFlowForgetsWhatTheOldOneLeft() throws {
    let table = try TestTable()
    let place = table.find(Packet(client, server, flags: .rst)).place
    table[place].verdict = .block
    table[place].isAllowed = true
    #expect(table.find(Packet(client, server)).hasOpinion)
    let again = table.find(Packet(client, server, flags: .syn))
    #expect(again.isNew && !again.hasOpinion)
    #expect(table[again.place].verdict == .pass)
    #expect(!table[again.place].isAllowed)
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func theTableAgreesWithADictionary(_ seed: UInt64) throws {
    var random = Seeded(seed)
    let table = try TestTable(flowsMax: 1 << 16)
    var twin = TwinTable(idle: 100, tcpIdle: 1000)
    var new = 0
    var seconds: Int64 = 1
    for round in 0..<50_000 {
      seconds += Int64(random.next() % 10 == 0 ? random.next() % 40 : 0)
      let packet = random.packet(hosts: 6, at: seconds)
      let isNew = table.find(packet).isNew
      #expect(isNew == twin.isNew(packet), "seed \(seed), round \(round)")
      if isNew { new += 1 }
    }
    #expect(new > 1000)
    #expect(table.evicted == 0)
  }

  @Test func whatIsForgottenEarlyIsCounted() throws {
    let seed: UInt64 = 11
    var random = Seeded(seed)
    let table = try TestTable()
    var new = 0
    for _ in 0..<20_000 {
      var packet = random.packet(hosts: 400, at: 1)
      packet.observation.transport = .udp
      if table.find(packet).isNew { new += 1 }
    }
    // All is in one second and no datagram ends a flow: the last 512 are known, the others were given up.
    #expect(new > 10_000, "seed \(seed)")
    #expect(Int(table.evicted) == new - 512, "seed \(seed)")
  }

  @Test func aFlowThatIsOverIsForgottenBeforeOneThatLives() throws {
    let table = try TestTable()
    // Nine flows of one pair of hosts that fall into one bucket: a table of 512 has one a partition.
    func packet(_ port: UInt16, _ transport: IPProtocol, at seconds: Int64) -> Packet {
      Packet((client.host, port), server, transport: transport, at: seconds)
    }
    #expect(table.find(packet(1, .tcp, at: 1)).isNew)
    for port in 2...8 as ClosedRange<UInt16> {
      #expect(table.find(packet(port, port == 5 ? .udp : .tcp, at: 2)).isNew)
    }
    #expect(table.find(packet(9, .tcp, at: 200)).isNew)
    #expect(table.evicted == 0)
    #expect(!table.find(packet(1, .tcp, at: 200)).isNew)
    #expect(table.find(packet(10, .tcp, at: 200)).isNew)
    #expect(table.evicted == 1)
    #expect(table.find(packet(2, .tcp, at: 200)).isNew)
  }

  @Test(arguments: [0, 0x77, 0x5765_6972, .max] as [UInt64])
  func neighboringHostsAreNotConfounded(_ seed: UInt64) {
    // Sums and differences of the addresses repeat a thousand times; a key holds the hosts by this hash alone.
    var hashes: Set<UInt64> = []
    for source in 0..<512 as Range<UInt32> {
      for destination in 0..<512 as Range<UInt32> {
        let packet = Packet((0x0a00_0000 + source, 53), (0xc000_0200 + destination, 53))
        hashes.insert(FlowKey.hostsHash(packet.observation, seed: seed))
      }
    }
    #expect(hashes.count == 512 * 512)
  }

  @Test(arguments: [1, 2, 5, 64])
  func theResultDoesNotDependOnHowPartitionsAreDealt(_ workers: Int) throws {
    let seed: UInt64 = 21
    var random = Seeded(seed)
    let packets = (0..<20_000).map { random.packet(hosts: 300, at: Int64($0 / 50)) }
    let alone = try TestTable()
    let expected = packets.map { alone.find($0).isNew }
    var found = expected.map { _ in false }
    var evicted: UInt64 = 0
    for worker in 0..<workers {
      let table = try TestTable()
      for (index, packet) in packets.enumerated()
      where FlowTable.partition(hosts: packet.hosts) % workers == worker {
        found[index] = table.find(packet).isNew
      }
      evicted += table.evicted
    }
    #expect(found == expected, "seed \(seed)")
    #expect(evicted == alone.evicted && evicted > 0)
  }
}
