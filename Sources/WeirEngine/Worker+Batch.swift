import WeirDecode
import WeirFlow
import WeirGate
import WeirModel

/// One turn: a batch through the stations.
extension Worker {
  /// How many packets ahead memory is asked for: about as many misses as a core has in flight.
  private static var lookahead: Int { 8 }

  /// Station 2 for a share of a batch.
  static func decode(_ batch: SharedBatch, _ share: Range<Int>, seed: UInt64) {
    batch.withArena { arena in
      for index in share {
        decode(arena, batch[slot: index], seed: seed, into: &batch[decoded: index])
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
      for index in 0..<batch.count + 2 * Worker.lookahead {
        // Three packets are in hand at once: one whose bucket is asked for, one whose bucket has come and whose
        // record is asked for, and one for which all is there.
        if index < batch.count, owns(batch[decoded: index].hosts) {
          prefetch(batch[decoded: index])
        }
        let middle = index - Worker.lookahead
        if middle >= 0, middle < batch.count, owns(batch[decoded: middle].hosts) {
          prefetchFurther(batch[decoded: middle])
        }
        let last = middle - Worker.lookahead
        guard last >= 0, owns(batch[decoded: last].hosts) else { continue }
        let verdict = judge(
          arena, batch[slot: last], at: last, batch[decoded: last], number: first + UInt64(last),
          &name)
        batch.settle(verdict, at: last)
      }
    }
  }

  /// What was sighted in the last batch.
  var sightings: Outbox { desk.outbox }
}
