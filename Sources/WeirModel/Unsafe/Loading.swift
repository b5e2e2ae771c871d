/// Loads of whole integers from bytes at any alignment. Each checks its bounds once, which is what makes a
/// word-sized load cheaper than as many single bytes.
extension RawSpan {
  /// The integer at `offset` in host order.
  ///
  /// Traps outside the span.
  @inlinable public func loadInteger<T: FixedWidthInteger & BitwiseCopyable>(
    at offset: Int, as type: T.Type = T.self
  ) -> T {
    // Checked against the bounds by the callee; any bit pattern is an integer.
    unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: T.self)
  }
}

extension Span where Element == UInt8 {
  /// The 16 bits at `offset` in network order.
  ///
  /// Traps outside the span.
  @inlinable public func bigEndian16(at offset: Int) -> UInt16 {
    // A byte has no padding.
    unsafe UInt16(bigEndian: bytes.loadInteger(at: offset))
  }

  /// The 32 bits at `offset` in network order.
  ///
  /// Traps outside the span.
  @inlinable public func bigEndian32(at offset: Int) -> UInt32 {
    // A byte has no padding.
    unsafe UInt32(bigEndian: bytes.loadInteger(at: offset))
  }

  /// The 64 bits at `offset` in network order.
  ///
  /// Traps outside the span.
  @inlinable public func bigEndian64(at offset: Int) -> UInt64 {
    // A byte has no padding.
    unsafe UInt64(bigEndian: bytes.loadInteger(at: offset))
  }
}

extension Array where Element: BitwiseCopyable {
  /// The elements as they lie in memory.
  ///
  /// For integers and structures without padding.
  public func rawBytes() -> [UInt8] {
    // Callers pass elements without padding, so that every byte is initialized; the buffer is used within the
    // closure only. (Going through `span.bytes` here let the optimizer end the array's life too early: Swift
    // 6.3.1, release mode, array literals.)
    unsafe withUnsafeBytes { unsafe Array<UInt8>($0) }
  }
}
