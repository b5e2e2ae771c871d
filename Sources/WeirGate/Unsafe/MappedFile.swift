import Glibc

/// The bytes of a file, mapped read-only.
///
/// When the file gets shorter while it is mapped, touching the pages that are gone raises SIGBUS. There is no
/// way to rule that out without a process-wide signal handler; the reader asks for the file's length
/// again before every mebibyte and calls `shorten(to:)`, which leaves the time of one such stretch.
@safe struct MappedFile: ~Copyable {
  private let base: UnsafeRawPointer
  private let mappedByteCount: Int
  private var releasedByteCount = 0
  /// How many bytes are lent.
  private(set) var byteCount: Int

  /// Maps the first `byteCount` bytes, at least one; nil when the kernel refuses.
  init?(descriptor: Int32, byteCount: Int) {
    guard byteCount > 0 else { return nil }
    // A new mapping at an address of the kernel's choice touches no memory in use.
    let start = unsafe mmap(nil, byteCount, PROT_READ, MAP_SHARED, descriptor, 0)
    guard let start = unsafe start, unsafe start != MAP_FAILED else { return nil }
    unsafe base = UnsafeRawPointer(start)
    mappedByteCount = byteCount
    self.byteCount = byteCount
    // Advice only: a refusal changes nothing but speed.
    _ = unsafe madvise(start, byteCount, MADV_SEQUENTIAL)
  }

  deinit {
    // The range is the one that `mmap` returned, and nothing borrows from it any more.
    _ = unsafe munmap(UnsafeMutableRawPointer(mutating: base), mappedByteCount)
  }

  /// Lends the bytes.
  @inline(__always) func withBytes<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    // `byteCount` bytes from `base` are mapped as long as this value lives, and it outlasts the call.
    body(unsafe Span(_unsafeStart: base.assumingMemoryBound(to: UInt8.self), count: byteCount))
  }

  /// Lends no more than the first `count` bytes from now on.
  mutating func shorten(to count: Int) { byteCount = min(byteCount, max(0, count)) }

  /// Says that bytes before `offset` will not be read again, so that the process does not seem to hold
  /// the whole file in memory.
  mutating func release(before offset: Int) {
    let end = min(offset, mappedByteCount) & ~(Int(getpagesize()) - 1)
    guard end > releasedByteCount else { return }
    let start = unsafe UnsafeMutableRawPointer(mutating: base + releasedByteCount)
    // Whole pages inside the mapping; a read-only file mapping is filled again from the file if touched.
    _ = unsafe madvise(start, end - releasedByteCount, MADV_DONTNEED)
    releasedByteCount = end
  }
}
