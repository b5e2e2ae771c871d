import WeirDecode
import WeirFlow
import WeirGate
import WeirModel

/// One turn: a batch through the stations.
extension Worker {
  /// How many packets are asked for at once: about as many misses as a core has in flight.
  private static var stride: Int { 16 }

  /// Station 2 for a share of a batch.
  static func decode(
    _ batch: SharedBatch, _ share: Range<Int>, seed: UInt64, entersTunnels: Bool
  ) {
    batch.withArena { arena in
      for index in share {
        decode(
          arena, batch[slot: index], seed: seed, entersTunnels: entersTunnels,
          into: &batch[decoded: index])
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
      // Three groups of packets are in hand at once: one whose buckets are asked for, one whose buckets have come and
      // whose records are asked for, and one for which all is there. Each has a loop of its own, which keeps what it
      // needs in registers.
      var start = -2 * Worker.stride
      while start < batch.count {
        prefetch(batch, group(start + 2 * Worker.stride, batch.count), owns)
        prefetchFurther(batch, group(start + Worker.stride, batch.count), owns)
        for index in group(start, batch.count) where owns(batch[decoded: index].hosts) {
          let verdict = judge(
            arena, batch[slot: index], at: index, batch[decoded: index],
            number: first + UInt64(index), &name)
          batch.settle(verdict, at: index)
        }
        start += Worker.stride
      }
    }
  }

  /// The packets of a batch from `start` on that are in hand together.
  private func group(_ start: Int, _ count: Int) -> Range<Int> {
    min(max(start, 0), count)..<min(max(start + Worker.stride, 0), count)
  }

  @inline(never)
  private mutating func prefetch(
    _ batch: SharedBatch, _ group: Range<Int>, _ owns: (UInt64) -> Bool
  ) {
    for index in group where owns(batch[decoded: index].hosts) { prefetch(batch[decoded: index]) }
  }

  @inline(never)
  private mutating func prefetchFurther(
    _ batch: SharedBatch, _ group: Range<Int>, _ owns: (UInt64) -> Bool
  ) {
    for index in group where owns(batch[decoded: index].hosts) {
      prefetchFurther(batch[decoded: index])
    }
  }

  /// What was sighted in the last batch.
  var sightings: Outbox { desk.outbox }
}
