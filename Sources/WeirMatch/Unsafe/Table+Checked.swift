/// Access for look-ups in images that may be damaged: nothing traps, whatever the image says.
extension Table {
  /// The element at `index`, or `fallback` outside the table.
  @inlinable public subscript(index: Int, or fallback: Element) -> Element {
    guard UInt(bitPattern: index) < UInt(bitPattern: count) else { return fallback }
    // In bounds by the check above; a table with elements has a base.
    return unsafe base.unsafelyUnwrapped[index]
  }
}
