/// Writes sessions that overlap in time, packet by packet, in the order of their times.
struct SessionTraffic {
  /// Sessions under way at once; a new one waits until there is room.
  private static let sessionsMax = 65_536
  /// The time of the first packet: 2023-11-14 22:13:20 UTC.
  static let firstMicrosecond: UInt64 = 1_700_000_000_000_000

  private(set) var counter: TruthCounter

  private let options: CaptureOptions
  private let book: SessionBook
  private let tables: HostTables
  private var maker: SessionMaker
  private var queue = SessionQueue()
  private var writer: FrameWriter
  private var arrivals: SeededGenerator
  private let meanPause: Int

  init(options: CaptureOptions, book: SessionBook, tables: HostTables, patternCount: Int) {
    self.options = options
    self.book = book
    self.tables = tables
    maker = SessionMaker(options: options, book: book, tables: tables)
    writer = FrameWriter(nanoseconds: options.nanoseconds)
    arrivals = SeededGenerator(seed: options.seed ^ 0xA441_7A15)
    counter = TruthCounter(
      tables: tables, listedNames: book.listedNames.count, patterns: patternCount)
    meanPause = max(1_000_000 * book.meanSteps / options.packetsPerSecond, 1)
  }

  /// Writes the capture file.
  mutating func write(to path: String) throws(CaptureError) {
    let file = try CaptureFile(path: path)
    var nextStart = SessionTraffic.firstMicrosecond
    for _ in 0..<options.packets {
      while queue.count < SessionTraffic.sessionsMax, nextStart <= queue.earliest ?? nextStart {
        queue.add(maker.session(), at: nextStart)
        nextStart += UInt64(arrivals.below(2 * meanPause + 1))
      }
      writeEarliest()
      if writer.isFull { try writer.move(to: file) }
    }
    try writer.move(to: file)
  }

  private mutating func writeEarliest() {
    guard let time = queue.earliest, var session = queue.earliestSession else { return }
    let pool = book.pool
    let shape = book.shapes[session.shape]
    let step = shape.steps[session.step]
    let payload = SessionTraffic.takePayload(&session, step, pool)
    let header = SessionTraffic.header(&session, step, shape, payload, tables, time)
    let length = writer.write(
      header, isToServer: step.isFromClient,
      payload: pool.bytes.span.extracting(payload?.bytes ?? 0..<0),
      payloadSum: payload?.sum ?? 0, microseconds: time)
    let listed = tables[session.family].firstListed
    let client = session.client - listed
    let server = session.server - listed
    let frame = TruthCounter.Frame(
      header: header, length: length, source: step.isFromClient ? client : server,
      destination: step.isFromClient ? server : client, payload: payload)
    counter.count(frame, events: shape.transport == .icmp ? [] : pool.events(of: payload))
    session.step += 1
    let pause = session.step < shape.steps.count ? shape.steps[session.step].pause : nil
    queue.replaceEarliest(session, at: pause.map { time + 1 + session.roundTrip * $0 / 64 })
  }

  private static func takePayload(
    _ session: inout Session, _ step: Step, _ pool: PayloadPool
  ) -> Payload? {
    guard step.carriesPayload else { return nil }
    if step.isFromClient {
      session.clientPayload += 1
      return pool.payloads[session.clientPayload - 1]
    }
    session.serverPayload += 1
    return pool.payloads[session.serverPayload - 1]
  }

  private static func header(
    _ session: inout Session, _ step: Step, _ shape: SessionShape, _ payload: Payload?,
    _ tables: HostTables, _ time: UInt64
  ) -> PacketHeader {
    let hosts = tables[session.family].hosts
    let client = hosts[session.client]
    let server = hosts[session.server]
    session.identification &+= 1
    return PacketHeader(
      family: session.family, source: step.isFromClient ? client : server,
      destination: step.isFromClient ? server : client,
      sourcePort: step.isFromClient || shape.transport == .icmp
        ? session.clientPort : shape.serverPort,
      destinationPort: step.isFromClient ? shape.serverPort : session.clientPort,
      vlan: session.vlan, isDoubleTagged: session.isDoubleTagged,
      identification: session.identification,
      segment: segment(&session, step, shape, payload, time))
  }

  private static func segment(
    _ session: inout Session, _ step: Step, _ shape: SessionShape, _ payload: Payload?,
    _ time: UInt64
  ) -> PacketHeader.Segment {
    switch shape.transport {
    case .udp: return .udp
    case .icmp: return .echo(isReply: !step.isFromClient)
    case .tcp: break
    }
    let own = step.isFromClient ? session.clientSequence : session.serverSequence
    let other = step.isFromClient ? session.serverSequence : session.clientSequence
    // SYN and FIN take one number each.
    let isMark = step.flags.contains(.syn) || step.flags.contains(.fin)
    let next = own &+ UInt32(payload?.bytes.count ?? 0) &+ (isMark ? 1 : 0)
    if step.isFromClient { session.clientSequence = next } else { session.serverSequence = next }
    return .tcp(
      sequence: own, acknowledgment: step.flags.contains(.acknowledge) ? other : 0,
      flags: step.flags, milliseconds: UInt32(truncatingIfNeeded: time / 1000))
  }
}
