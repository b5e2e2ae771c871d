import CWeirSIMD

/// A read-only array of plain values inside an `Image`.
///
/// It is a pointer and a count, so that look-ups touch no reference count. The invariant that makes it safe:
/// a table is only ever stored beside, or below, the object that keeps its `Image` alive (`RuleSet`, or the
/// set's own builder result), and an image's memory never moves nor changes while the image lives.
@safe public struct Table<Element: BitwiseCopyable>: @unchecked Sendable {
  @usableFromInline let base: UnsafePointer<Element>?
  /// How many elements there are.
  public let count: Int

  /// A table without elements.
  @inlinable public init() {
    unsafe base = nil
    count = 0
  }

  init(base: UnsafePointer<Element>, count: Int) {
    unsafe self.base = base
    self.count = count
  }

  /// The element at `index`.
  ///
  /// Traps outside the table.
  @inlinable public subscript(index: Int) -> Element {
    precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "outside the table")
    // In bounds by the check above; a table with elements has a base.
    return unsafe base.unsafelyUnwrapped[index]
  }

  /// Asks for the cache line of the element at `index`; nothing happens outside the table.
  @inlinable public func prefetch(_ index: Int) {
    guard UInt(bitPattern: index) < UInt(bitPattern: count) else { return }
    // A hint on an address inside the table.
    unsafe weir_prefetch(base.unsafelyUnwrapped + index)
  }

  /// Lends the elements as a span.
  @inlinable public func withSpan<Result>(_ body: (Span<Element>) -> Result) -> Result {
    // The base is valid for `count` elements while the image lives, which outlasts this call.
    body(unsafe Span(_unsafeElements: UnsafeBufferPointer(start: base, count: count)))
  }
}
