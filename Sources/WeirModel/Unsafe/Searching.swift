import Glibc

extension Span where Element == UInt8 {
  /// The place of the first `byte` in `range`; nil when there is none.
  ///
  /// Traps when the range does not lie in the span.
  public func firstPlace(of byte: UInt8, in range: Range<Int>) -> Int? {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "outside the span")
    return unsafe withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress, !range.isEmpty else { return nil }
      // The range lies in the buffer, by the check above.
      let found = unsafe memchr(base + range.lowerBound, Int32(byte), range.count)
      return unsafe found.map { unsafe UnsafeRawPointer(base).distance(to: UnsafeRawPointer($0)) }
    }
  }

  /// The place of the last `byte` in `range`; nil when there is none.
  ///
  /// Traps when the range does not lie in the span.
  public func lastPlace(of byte: UInt8, in range: Range<Int>) -> Int? {
    var index = range.upperBound
    while index > range.lowerBound {
      index -= 1
      if self[index] == byte { return index }
    }
    return nil
  }
}
