import CWeirSIMD
import Glibc

/// A fixed array of plain values that begin as zero bytes, taken from the system page by page as it is used, so
/// that a large limit costs a small run nothing.
@safe struct ZeroedMemory<Element: BitwiseCopyable>: ~Copyable {
  private let base: UnsafeMutablePointer<Element>
  let count: Int

  /// Reserves room for `count` elements whose all-zero bytes are a value; nil when the system refuses.
  ///
  /// - Parameter isDense: whether most of it will soon be used, all over. Then large pages are asked for, which
  ///   make random access far cheaper and cost memory where there is none in use.
  init?(count: Int, isDense: Bool) {
    let size = max(count, 1) * MemoryLayout<Element>.stride
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    let memory = unsafe mmap(nil, size, PROT_READ | PROT_WRITE, flags, -1, 0)
    guard let memory = unsafe memory, unsafe memory != MAP_FAILED else { return nil }
    // Advice on the mapping just made; where it is refused, pages stay small.
    if isDense { _ = unsafe madvise(memory, size, MADV_HUGEPAGE) }
    // Zeroed by the system, page aligned, and long enough; `Element` is a plain value that zero bytes are.
    unsafe base = memory.bindMemory(to: Element.self, capacity: max(count, 1))
    self.count = count
  }

  deinit {
    // The same length that was mapped.
    _ = unsafe munmap(base, max(count, 1) * MemoryLayout<Element>.stride)
  }

  /// The element at `index`.
  ///
  /// Traps outside.
  subscript(index: Int) -> Element {
    get {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "outside the memory")
      return unsafe base[index]
    }
    _modify {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "outside the memory")
      yield unsafe &base[index]
    }
  }

  /// Lends some elements.
  ///
  /// Traps outside.
  func withSpan<Result>(of range: Range<Int>, _ body: (Span<Element>) -> Result) -> Result {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "outside the memory")
    // Inside the memory, which lives and is not written while it is lent.
    return body(
      unsafe Span(
        _unsafeElements: UnsafeBufferPointer(start: base + range.lowerBound, count: range.count)))
  }

  /// Copies elements to `index` and behind it.
  ///
  /// Traps outside.
  mutating func copy(_ elements: Span<Element>, at index: Int) {
    precondition(index >= 0 && index <= count - elements.count, "outside the memory")
    unsafe elements.withUnsafeBufferPointer { source in
      guard let start = source.baseAddress else { return }
      // Room was checked, and what is lent to the caller is not this memory: it is being changed.
      unsafe (base + index).update(from: start, count: source.count)
    }
  }

  /// Where an element lies; `index` is below `count`.
  @unsafe func address(of index: Int) -> UnsafePointer<Element> {
    unsafe UnsafePointer(base + index)
  }

  /// Asks for the cache line of an element.
  func prefetch(_ index: Int) {
    guard UInt(bitPattern: index) < UInt(bitPattern: count) else { return }
    // A hint on an address inside the memory.
    unsafe weir_prefetch(base + index)
  }
}
