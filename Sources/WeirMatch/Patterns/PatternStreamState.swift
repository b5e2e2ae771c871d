/// What has to be remembered of a stream between two segments: 8 bytes, all zero at its start.
///
/// It belongs to one image; resumed with another one it gives some answer, and no more harm than that.
public struct PatternStreamState: BitwiseCopyable, Hashable, Sendable {
  /// The node that the case-sensitive automaton has reached.
  var sensitive: UInt32 = 0
  /// The node that the automaton of folded patterns has reached.
  var folded: UInt32 = 0

  /// The start of a stream.
  public init() {}

  /// A state that was kept as a number.
  public init(bits: UInt64) {
    sensitive = UInt32(truncatingIfNeeded: bits)
    folded = UInt32(truncatingIfNeeded: bits >> 32)
  }

  /// The state as a number; 0 at the start.
  public var bits: UInt64 { UInt64(folded) << 32 | UInt64(sensitive) }

  var isStart: Bool { sensitive == 0 && folded == 0 }
}
