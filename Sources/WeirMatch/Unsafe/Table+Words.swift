import CWeirSIMD

extension Span<UInt8> {
  /// The 64 bits at `offset`, the first byte lowest.
  ///
  /// Traps outside the span.
  @inline(__always) func littleEndian64(at offset: Int) -> UInt64 {
    precondition(offset >= 0 && offset <= count - 8, "outside the span")
    // Eight bytes from `offset` lie in the span by the check above; any bits are an integer.
    return unsafe UInt64(
      littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }
}

extension Table<UInt8> {
  /// Whether the codes in a range stand for the bytes of `name` from `start`; no when the range does not lie in
  /// the table, or `symbols` are not 256.
  func isText(
    _ codes: Range<Int>, _ symbols: Table<UInt64>, _ name: Span<UInt8>, from start: Int
  ) -> Bool {
    guard codes.lowerBound >= 0, codes.upperBound <= count, symbols.count == 256, start >= 0,
      start <= name.count
    else { return false }
    return unsafe name.withUnsafeBufferPointer { name in
      guard let first = name.baseAddress, let codesBase = unsafe base,
        let symbolsBase = unsafe symbols.base
      else { return codes.isEmpty && start == name.count }
      // The codes lie in this table, any of 256 values has a symbol, and the function reads no byte of the name
      // but the `count` that there are; all by the checks above.
      return unsafe weir_domain_is_text(
        codesBase + codes.lowerBound, codes.count, symbolsBase, first + start, name.count - start,
        start) != 0
    }
  }

  /// The 64 bits at `offset`, the first byte lowest; zero when they are not all in the table.
  func littleEndian64(at offset: Int) -> UInt64 {
    guard offset >= 0, offset <= count - 8 else { return 0 }
    // Eight bytes from `offset` lie in the table by the check above.
    return unsafe UInt64(
      littleEndian: UnsafeRawPointer(base.unsafelyUnwrapped + offset)
        .loadUnaligned(as: UInt64.self))
  }
}

extension Table<UInt32> {
  /// A bit for each of the sixteen elements from `start` that is `value` where `mask` has bits; none when they
  /// are not all in the table.
  func matches(_ value: UInt32, mask: UInt32, inSixteenFrom start: Int) -> UInt32 {
    guard start >= 0, start <= count - 16 else { return 0 }
    // Sixteen elements from `start` lie in the table by the check above.
    return unsafe weir_domain_match16(base.unsafelyUnwrapped + start, mask, value)
  }
}
