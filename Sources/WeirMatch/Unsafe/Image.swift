import Glibc

/// The memory of compiled sets: one position-independent block with a directory of tagged sections.
///
/// The sets read their tables in place, so an image may as well be a file mapped read-only and shared between
/// processes. All numbers are little-endian; every section starts on a cache line.
@safe public final class Image: @unchecked Sendable {
  /// How long the block is, in bytes.
  public let byteCount: Int
  private let base: UnsafeRawPointer
  private let release: (UnsafeRawPointer, Int) -> Void
  private var directory: [SectionTag: Range<Int>] = [:]

  /// Takes over a block; `release` frees it when the last user is gone.
  ///
  /// - Throws: `ImageError` when the directory does not fit the block.
  init(
    takingOver base: UnsafeRawPointer, byteCount: Int,
    release: @escaping (UnsafeRawPointer, Int) -> Void
  ) throws(ImageError) {
    unsafe self.base = base
    self.byteCount = byteCount
    unsafe self.release = release
    // The block is `byteCount` bytes long and outlives this object.
    let bytes = unsafe RawSpan(_unsafeStart: base, byteCount: byteCount)
    directory = try ImageDirectory.read(bytes)
  }

  /// Copies a finished block into memory of its own.
  public convenience init(_ bytes: [UInt8]) throws(ImageError) {
    let copy = UnsafeMutableRawPointer.allocate(byteCount: max(bytes.count, 1), alignment: 64)
    unsafe bytes.withUnsafeBytes { source in
      // Both blocks are `bytes.count` long and distinct.
      if let start = source.baseAddress {
        unsafe copy.copyMemory(from: start, byteCount: source.count)
      }
    }
    try unsafe self.init(takingOver: UnsafeRawPointer(copy), byteCount: bytes.count) { start, _ in
      unsafe start.deallocate()
    }
  }

  /// Maps a part of a file, read-only and shared, so that pages are read only when they are touched and processes
  /// share them.
  ///
  /// The file must not get shorter while it is in use: it is replaced by renaming another over it, never written to.
  ///
  /// - Parameters:
  ///   - descriptor: an open file of at least `offset + byteCount` bytes; it may be closed afterwards.
  ///   - offset: where the image begins; a multiple of 64.
  /// - Throws: `ImageError.truncated` when the kernel refuses, or whatever is wrong with the directory.
  public convenience init(
    descriptor: Int32, offset: Int, byteCount: Int
  ) throws(ImageError) {
    guard offset >= 0, offset % 64 == 0, byteCount > 0, byteCount < Int.max - offset else {
      throw .truncated
    }
    // A new mapping at an address of the kernel's choice touches no memory in use.
    let start = unsafe mmap(nil, offset + byteCount, PROT_READ, MAP_SHARED, descriptor, 0)
    guard let start = unsafe start, unsafe start != MAP_FAILED else { throw .truncated }
    // The image lies inside the mapping, which begins on a page.
    try unsafe self.init(takingOver: UnsafeRawPointer(start) + offset, byteCount: byteCount) {
      // The very range that was mapped, when nobody uses it any more.
      _ = unsafe munmap(UnsafeMutableRawPointer(mutating: $0 - offset), offset + $1)
    }
  }

  deinit { unsafe release(base, byteCount) }

  /// The table in the section `tag`; an absent section is an empty table.
  ///
  /// - Throws: `ImageError.misfit` when the section is not a whole number of elements.
  public func table<Element: BitwiseCopyable>(
    _ tag: SectionTag, of type: Element.Type = Element.self
  ) throws(ImageError) -> Table<Element> {
    guard let range = directory[tag] else { return Table() }
    let stride = MemoryLayout<Element>.stride
    guard range.count % stride == 0 else { throw .misfit(tag) }
    guard !range.isEmpty else { return Table() }
    // The directory holds ranges inside the block that start on a multiple of 64 bytes, and any bit pattern is
    // a value of the plain integer types that images hold.
    let start = unsafe (base + range.lowerBound).assumingMemoryBound(to: Element.self)
    return unsafe Table(base: start, count: range.count / stride)
  }

  /// Lends the whole block.
  public func withBytes<Result>(_ body: (RawSpan) throws -> Result) rethrows -> Result {
    // The block lives as long as this object, which outlasts the call.
    try body(unsafe RawSpan(_unsafeStart: base, byteCount: byteCount))
  }
}

/// The name of a section.
///
/// Each set declares its own; numbers are never used again for another meaning.
public struct SectionTag: RawRepresentable, Hashable, Sendable {
  /// The number in the directory.
  public let rawValue: UInt32
  /// Makes a tag.
  public init(rawValue: UInt32) { self.rawValue = rawValue }
  /// Makes a tag from its number.
  public init(_ rawValue: UInt32) { self.rawValue = rawValue }
}

/// Why a block is no image.
public enum ImageError: Error, Equatable, Sendable {
  /// The block ends before its directory does.
  case truncated
  /// The block does not begin as an image does.
  case foreign
  /// A section reaches outside the block or does not start on a cache line.
  case misplaced(SectionTag)
  /// A section is not a whole number of elements.
  case misfit(SectionTag)
  /// The values in a section contradict each other.
  case inconsistent(SectionTag)
}
