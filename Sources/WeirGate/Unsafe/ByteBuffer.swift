/// Bytes that come in at the end and are used up from the front.
@safe struct ByteBuffer: ~Copyable {
  private var base: UnsafeMutableRawPointer
  private var capacity: Int
  private var start = 0
  private var end = 0

  /// Makes an empty buffer.
  init(capacity: Int) {
    self.capacity = max(capacity, 1)
    unsafe base = UnsafeMutableRawPointer.allocate(byteCount: self.capacity, alignment: 64)
  }

  deinit { unsafe base.deallocate() }

  /// How many bytes are there.
  var count: Int { end - start }

  /// Lends the bytes.
  @inline(__always) func withBytes<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    // Bytes from `start` to `end` were written and live as long as this value, which outlasts the call.
    let first = unsafe UnsafePointer((base + start).assumingMemoryBound(to: UInt8.self))
    return body(unsafe Span(_unsafeStart: first, count: count))
  }

  /// Lends the bytes to a system call or a C library.
  func withPointer<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    // As in `withBytes`.
    unsafe body(UnsafeRawBufferPointer(start: base + start, count: count))
  }

  /// Drops the first `byteCount` bytes, at most all.
  mutating func removeFirst(_ byteCount: Int) {
    start += min(max(byteCount, 0), count)
    if start == end { removeAll() }
  }

  /// Drops all bytes.
  mutating func removeAll() {
    start = 0
    end = 0
  }

  /// Makes room for `byteCount` more bytes: by moving those that are there to the front, or in new memory.
  mutating func reserve(_ byteCount: Int) {
    guard capacity - end < byteCount else { return }
    let kept = count
    if capacity - kept >= byteCount {
      // Both ranges lie inside the block; `copyMemory` allows them to overlap.
      unsafe base.copyMemory(from: base + start, byteCount: kept)
    } else {
      let larger = kept + byteCount
      let fresh = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 64)
      // `kept` is at most the size of either block, and the blocks are distinct.
      unsafe fresh.copyMemory(from: base + start, byteCount: kept)
      unsafe base.deallocate()
      unsafe base = fresh
      capacity = larger
    }
    start = 0
    end = kept
  }

  /// Appends what `body` writes into the space for `byteCount` bytes: it returns how many.
  mutating func append(
    atMost byteCount: Int, _ body: (UnsafeMutableRawBufferPointer) -> Int
  ) -> Int {
    reserve(byteCount)
    // `reserve` made `byteCount` bytes of space behind `end`.
    let written = unsafe body(UnsafeMutableRawBufferPointer(start: base + end, count: byteCount))
    precondition(written >= 0 && written <= byteCount)
    end += written
    return written
  }

  /// Appends a copy of `bytes`.
  mutating func append(_ bytes: Span<UInt8>) {
    _ = unsafe append(atMost: bytes.count) { space in
      unsafe bytes.withUnsafeBytes { source in
        // Both are `bytes.count` long and distinct.
        unsafe space.copyMemory(from: source)
        return source.count
      }
    }
  }

  /// Appends an integer in little-endian order.
  mutating func append<Value: FixedWidthInteger & BitwiseCopyable>(_ value: Value) {
    let width = MemoryLayout<Value>.size
    _ = unsafe append(atMost: width) { space in
      // The space is as wide as the value.
      unsafe space.storeBytes(of: value.littleEndian, as: Value.self)
      return width
    }
  }
}
