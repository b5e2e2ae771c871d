/// Text as several threads see it, for the length of one turn.
///
/// The invariant: the memory is the caller's and outlives the turn, because `ForkJoin` waits for every thread;
/// nobody writes to it.
@safe struct SharedText: @unchecked Sendable {
  private let base: UnsafeBufferPointer<UInt8>

  /// Lends a text to `body`.
  static func withShared(_ text: Span<UInt8>, _ body: (SharedText) -> Void) {
    // Lent for the length of `body`.
    unsafe text.withUnsafeBufferPointer { body(unsafe SharedText(base: $0)) }
  }

  /// Lends the text.
  func withText<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    body(unsafe Span(_unsafeElements: base))
  }
}
