import WeirModel

/// Where bytes come in and verdicts go out.
///
/// A gate lends its memory for the length of one closure, so a mapped file or a kernel ring needs no copy.
public protocol Gate: ~Copyable {
  /// Lends one batch to `judge`, then settles the verdicts that it wrote.
  ///
  /// `verdicts` has one element a slot, all `pass` at first. A batch may be empty.
  ///
  /// - Returns: false at the end of the input; there is no batch then.
  /// - Throws: what the gate could not do; what was lent before stays judged.
  mutating func turn(
    _ judge: (_ arena: Span<UInt8>, _ slots: Span<Slot>, _ verdicts: inout MutableSpan<Verdict>)
      -> Void
  ) throws(GateError) -> Bool
}

/// What a gate could not do.
public struct GateError: Error, Equatable, Sendable {
  /// The call that failed, as users know it: `open`, `mmap`, `read`.
  public var call: String
  /// Its errno.
  public var code: Int32

  /// Makes an error.
  public init(call: String, code: Int32) {
    self.call = call
    self.code = code
  }
}
