/// What happens to a packet, a line or a record.
public enum Verdict: UInt8, CaseIterable, Sendable, BitwiseCopyable, Comparable {
  /// Let through.
  case pass
  /// Let through and counted: what would be blocked.
  case monitor
  /// Held back.
  case block

  /// The name in JSON.
  public var name: String { String(describing: self) }

  /// By severity.
  @inlinable public static func < (left: Verdict, right: Verdict) -> Bool {
    left.rawValue < right.rawValue
  }
}

/// Whether blocks are carried out.
public enum Mode: UInt8, Sendable, BitwiseCopyable {
  /// Count only: every block becomes `monitor`.
  case audit
  /// Act.
  case enforce
}
