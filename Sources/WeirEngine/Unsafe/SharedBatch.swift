import WeirGate
import WeirModel

/// A batch as several threads see it, for the length of one turn.
///
/// The invariants: the memory is the caller's and outlives the turn, because `ForkJoin` waits for every thread;
/// no two threads write the same element, because shares of `decoded` do not overlap and each packet has one
/// owner, who alone writes its verdict.
@safe struct SharedBatch: @unchecked Sendable {
  private let arenaBase: UnsafeBufferPointer<UInt8>
  private let slotBase: UnsafeBufferPointer<Slot>
  private let decodedBase: UnsafeMutableBufferPointer<DecodedPacket>
  private let verdictBase: UnsafeMutableBufferPointer<Verdict>

  /// How many packets there are.
  var count: Int { unsafe slotBase.count }

  /// Lends a batch to `body`.
  static func withShared(
    _ arena: Span<UInt8>, _ slots: Span<Slot>, _ decoded: inout [DecodedPacket],
    _ verdicts: inout MutableSpan<Verdict>, _ body: (SharedBatch) -> Void
  ) {
    precondition(verdicts.count == slots.count, "room for a batch")
    // All four are lent for the length of `body`.
    unsafe arena.withUnsafeBufferPointer { arenaBase in
      unsafe slots.withUnsafeBufferPointer { slotBase in
        unsafe decoded.withUnsafeMutableBufferPointer { decodedBase in
          unsafe verdicts.withUnsafeMutableBufferPointer { verdictBase in
            body(
              unsafe SharedBatch(
                arenaBase: arenaBase, slotBase: slotBase, decodedBase: decodedBase,
                verdictBase: verdictBase))
          }
        }
      }
    }
  }

  /// Lends the frames.
  func withArena<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    body(unsafe Span(_unsafeElements: arenaBase))
  }

  /// What the gate says of a packet.
  subscript(slot index: Int) -> Slot {
    precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "outside the batch")
    return unsafe slotBase[index]
  }

  /// A packet after station 2; there are none when content is not matched.
  subscript(decoded index: Int) -> DecodedPacket {
    // Lent in place: a packet is a hundred bytes, and copies of it were a tenth of a replay's time.
    _read {
      precondition(
        unsafe UInt(bitPattern: index) < UInt(bitPattern: decodedBase.count), "outside the batch")
      yield unsafe decodedBase[index]
    }
    nonmutating _modify {
      precondition(
        unsafe UInt(bitPattern: index) < UInt(bitPattern: decodedBase.count), "outside the batch")
      yield unsafe &decodedBase[index]
    }
  }

  /// Writes the verdict on a packet.
  func settle(_ verdict: Verdict, at index: Int) {
    precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "outside the batch")
    unsafe verdictBase[index] = verdict
  }
}
