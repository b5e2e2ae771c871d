import WeirDecode
import WeirFlow
import WeirGate
import WeirModel
import WeirRules
import WeirTally

/// Takes a gate to its end on one or more threads.
///
/// Counts and sightings are the same for every number.
///
/// Packets are dealt to threads by their hosts, so that a flow has one owner, and a batch is joined before its
/// sightings are handed out, so that they come in the order of the packets.
public struct Replay: ~Copyable {
  /// How many packets a gate should lend at once: what fits the cache for one thread, and enough to be worth a
  /// meeting for several.
  public static func batchSize(threads: Int) -> Int { threads > 1 ? 8192 : 256 }

  private let threads: Int
  private let settings: WorkerSettings
  private let pool: ForkJoin
  private let crew: [Seat]
  private var decoded: [DecodedPacket] = []
  /// How many packets were judged.
  public private(set) var packets: UInt64 = 0

  /// A worker's place in the crew; a class because arrays hold no values without copies.
  private final class Seat: @unchecked Sendable {
    var worker: Worker
    init(_ worker: consuming Worker) { self.worker = worker }
  }

  /// Makes a crew.
  ///
  /// - Returns: nil when there is not memory enough.
  public init?(rules: RuleSet, settings: WorkerSettings, threads: Int) {
    var crew: [Seat] = []
    for _ in 0..<max(1, min(threads, FlowTable.partitions)) {
      guard let worker = Worker(rules: rules, settings: settings) else { return nil }
      crew.append(Seat(worker))
    }
    self.crew = crew
    self.threads = crew.count
    self.settings = settings
    pool = ForkJoin(threads: crew.count)
  }

  /// Ends the threads, also when the replay was given up.
  deinit { pool.close() }

  /// Lends one batch to the crew.
  ///
  /// - Parameters:
  ///   - gate: lends at most `batchSize` packets at once.
  ///   - report: called after the batch with what was sighted in it.
  /// - Returns: false at the end of the input.
  /// - Throws: what the gate throws; what was lent before is judged and counted.
  public mutating func turn<G: Gate & ~Copyable>(
    _ gate: inout G,
    report: (_ arena: Span<UInt8>, _ slots: Span<Slot>, _ sightings: Sightings) -> Void
  ) throws(GateError) -> Bool {
    try gate.turn { arena, slots, verdicts in
      judge(arena, slots, &verdicts)
      guard settings.keepsSightings else { return }
      report(arena, slots, Sightings(crew.map { $0.worker.sightings }))
    }
  }

  /// Adds up what the crew counted, and ends its threads.
  public consuming func finish() -> (tally: Tally, observed: ObservedValues?) {
    var tally = crew[0].worker.tally
    var observed = crew[0].worker.observed
    for seat in crew.dropFirst() {
      tally.merge(seat.worker.tally)
      if let more = seat.worker.observed { observed?.merge(more) }
    }
    return (tally, observed)
  }

  private mutating func judge(
    _ arena: Span<UInt8>, _ slots: Span<Slot>, _ verdicts: inout MutableSpan<Verdict>
  ) {
    if decoded.count < slots.count, settings.depth == .content {
      decoded = Array(repeating: DecodedPacket(), count: slots.count)
    }
    let (crew, threads, seed, first) = (crew, threads, settings.seed, packets + 1)
    let isShallow = settings.depth == .addresses
    let entersTunnels = settings.tunnels != .outer
    SharedBatch.withShared(arena, slots, &decoded, &verdicts) { batch in
      if isShallow {
        pool { index in
          let share = batch.count * index / threads..<batch.count * (index + 1) / threads
          crew[index].worker.judgeAddresses(batch, share, first: first)
        }
      } else if threads > 1 {
        pool { index in
          let share = batch.count * index / threads..<batch.count * (index + 1) / threads
          Worker.decode(batch, share, seed: seed, entersTunnels: entersTunnels)
        }
        pool { index in
          crew[index].worker.judge(batch, first: first) { hosts in
            FlowTable.partition(hosts: hosts) % threads == index
          }
        }
      } else {
        Worker.decode(batch, 0..<batch.count, seed: seed, entersTunnels: entersTunnels)
        crew[0].worker.judge(batch, first: first) { _ in true }
      }
    }
    packets += UInt64(slots.count)
  }
}
