/// Access for look-ups in images that may be damaged: nothing traps, whatever the image says.
extension Table {
  /// The element at `index`, or `fallback` outside the table.
  @inlinable public subscript(index: Int, or fallback: Element) -> Element {
    guard UInt(bitPattern: index) < UInt(bitPattern: count) else { return fallback }
    // In bounds by the check above; a table with elements has a base.
    return unsafe base.unsafelyUnwrapped[index]
  }
}

extension Table<UInt64> {
  /// How many of the eight elements from `start` are below `key`; those outside the table are not.
  @inlinable func countBelow(_ key: UInt64, inEightFrom start: Int) -> Int {
    var below = 0
    guard start >= 0, start <= count - 8 else {
      for index in start..<(start + 8) where self[index, or: .max] < key { below += 1 }
      return below
    }
    // Eight elements from `start` lie in the table by the check above.
    let line = unsafe base.unsafelyUnwrapped + start
    for index in 0..<8 { below += unsafe line[index] < key ? 1 : 0 }
    return below
  }
}
