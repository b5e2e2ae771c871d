import WeirDecode
import WeirFlow
import WeirGate
import WeirModel

/// One turn: a batch through the stations.
extension Worker {
  /// How many packets ahead of the judge memory is asked for: about as many misses as a core has in flight.
  private static var lookahead: Int { 16 }

  /// Station 2 for a share of a batch.
  static func decode(_ batch: SharedBatch, _ share: Range<Int>, seed: UInt64) {
    batch.withArena { arena in
      for index in share {
        batch[decoded: index] = decode(arena, batch[slot: index], seed: seed)
      }
    }
  }

  /// Stations 3 to 7 for the packets of a batch that this worker owns.
  ///
  /// - Parameters:
  ///   - first: the number of the batch's first packet.
  ///   - owns: whether the packets of a pair of hosts are this worker's.
  mutating func judge(_ batch: SharedBatch, first: UInt64, owns: (UInt64) -> Bool) {
    desk.outbox.clear()
    var name = NameBuffer()
    batch.withArena { arena in
      for index in 0..<min(Worker.lookahead, batch.count) {
        prefetch(batch[decoded: index], if: owns)
      }
      for index in 0..<batch.count {
        let ahead = index + Worker.lookahead
        if ahead < batch.count { prefetch(batch[decoded: ahead], if: owns) }
        let packet = batch[decoded: index]
        guard owns(packet.hosts) else { continue }
        let verdict = judge(
          arena, batch[slot: index], at: index, packet, number: first + UInt64(index), &name)
        batch.settle(verdict, at: index)
      }
    }
  }

  @inline(__always)
  private func prefetch(_ packet: DecodedPacket, if owns: (UInt64) -> Bool) {
    if owns(packet.hosts) { prefetch(packet) }
  }

  /// What was sighted in the last batch.
  var sightings: Outbox { desk.outbox }
}
