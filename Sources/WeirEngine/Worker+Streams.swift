import WeirDecode
import WeirFlow
import WeirModel
import WeirTally

/// Station 3 for TCP: segments to streams, which are read as they come in order.
extension Worker {
  /// Takes a segment to its stream, and reads what it puts in order.
  ///
  /// - Returns: why that could not be judged in full, if it could not.
  mutating func matchSegment(
    _ payload: Span<UInt8>, _ packet: borrowing DecodedPacket, _ visit: FlowVisit,
    _ name: inout NameBuffer
  ) -> Unjudged? {
    let flags = packet.observation.tcpFlags
    // Most segments without data change nothing: they acknowledge what was never missing.
    guard
      payload.count > 0 || visit.isNew || streams.isWaiting
        || !flags.isDisjoint(with: [.syn, .rst])
    else { return nil }
    let segment = StreamSegment(
      place: visit.place, partition: FlowTable.partition(hosts: packet.hosts),
      isFromLow: FlowKey.isFromLow(packet.observation), sequence: packet.observation.sequence,
      isSYN: flags.contains(.syn), isRST: flags.contains(.rst),
      isCut: packet.observation.error != nil)
    if visit.isNew { begin(segment) }
    if flags.contains(.ack), streams.isWaiting {
      streams.acknowledge(segment, packet.observation.acknowledgment)
    }
    return Worker.read(
      payload, segment, port: packet.observation.port, &streams, &heads, &desk,
      matchers, &name)
  }

  // The tables and the desk are handed over one by one: a closure over the worker would hold all of it.
  private static func read(
    _ payload: Span<UInt8>, _ segment: StreamSegment, port: UInt16, _ streams: inout StreamTable,
    _ heads: inout StreamHeads, _ desk: inout Desk, _ matchers: Matchers,
    _ name: inout NameBuffer
  ) -> Unjudged? {
    var problem: Unjudged?
    streams.receive(segment, payload) { bytes, continuity, side in
      let found = desk.matchStream(
        bytes, continuity, &side, &heads, segment, port: port, matchers, &name)
      problem = problem ?? found
    }
    return problem
  }

  /// Forgets the streams of the flow that was at this place.
  private mutating func begin(_ segment: StreamSegment) {
    var missed: UInt64 = 0
    Worker.begin(segment, &streams, &heads, &missed)
    desk.tally.unjudged[Int(Unjudged.handshakeIncomplete.rawValue)] += missed
  }

  private static func begin(
    _ segment: StreamSegment, _ streams: inout StreamTable, _ heads: inout StreamHeads,
    _ missed: inout UInt64
  ) {
    streams.begin(segment) { old, head in
      if heads.holds(head, old), heads[head, old].isMissed { missed += 1 }
      heads.close(head, old)
    }
  }

  /// What of the streams was lost so far, and what still waits.
  func addStreams(to tally: inout Tally) {
    tally.streams.gapBytes = streams.losses.gapBytes
    tally.streams.droppedBytes = streams.losses.droppedBytes + streams.heldBytes
    tally.streams.conflicts = streams.losses.conflicts
    tally.unjudged[Int(Unjudged.handshakeIncomplete.rawValue)] += heads.evicted + heads.unfinished
  }
}
