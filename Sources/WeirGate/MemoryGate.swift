public import WeirModel

/// Frames from memory: the twin of the other gates for tests and simulations.
public struct MemoryGate: ~Copyable, Gate {
  /// What the judge wrote, one verdict for each frame that was lent, in their order.
  public private(set) var settled: [Verdict] = []

  private var arena: [UInt8] = []
  private var slots: [Slot] = []
  private var next = 0
  private let batch: Int
  private var failures: [(turn: Int, error: GateError)] = []
  private var turns = 0

  /// Makes a gate without frames that lends up to `batch` slots (at least 1) a turn.
  public init(batch: Int = 256) { self.batch = max(batch, 1) }

  /// Adds a frame.
  ///
  /// Its length on the wire is that of `frame` unless given, and never less.
  public mutating func append(
    _ frame: [UInt8], link: LinkType = .ethernet,
    timestamp: Timestamp = Timestamp(nanoseconds: 0), wireLength: UInt32 = 0, interface: UInt16 = 0
  ) {
    let captured = Int32(clamping: frame.count)
    slots.append(
      Slot(
        offset: arena.count, capturedLength: captured,
        wireLength: max(wireLength, UInt32(captured)), timestamp: timestamp, link: link,
        interface: interface))
    arena.append(contentsOf: frame)
  }

  /// Makes the turn of this number, counted from 0, throw instead of lending.
  ///
  /// No frame is lost by it.
  public mutating func fail(turn: Int, with error: GateError) { failures.append((turn, error)) }

  /// Lends the next frames.
  ///
  /// See `Gate`.
  public mutating func turn(
    _ judge: (_ arena: Span<UInt8>, _ slots: Span<Slot>, _ verdicts: inout MutableSpan<Verdict>)
      -> Void
  ) throws(GateError) -> Bool {
    let number = turns
    turns += 1
    if let failure = failures.first(where: { $0.turn == number }) { throw failure.error }
    guard next < slots.count else { return false }
    let end = min(next + batch, slots.count)
    var verdicts = [Verdict](repeating: .pass, count: end - next)
    var lent = verdicts.mutableSpan
    judge(arena.span, slots.span.extracting(next..<end), &lent)
    settled += verdicts
    next = end
    return true
  }
}
