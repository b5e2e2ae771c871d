import WeirModel

/// The head of an image: magic, the number of sections, then `tag, reserved, offset, byteCount` of each.
enum ImageDirectory {
  static let magic: UInt32 = 0x5249_4557  // "WEIR"
  static let headBytes = 16
  static let entryBytes = 24
  static let sectionsMax: UInt32 = 4096
  static let alignment = 64

  /// Reads and checks the directory of a block.
  static func read(_ bytes: RawSpan) throws(ImageError) -> [SectionTag: Range<Int>] {
    guard bytes.byteCount >= headBytes else { throw .truncated }
    guard load(bytes, at: 0, as: UInt32.self) == magic else { throw .foreign }
    let count = load(bytes, at: 4, as: UInt32.self)
    guard count <= sectionsMax else { throw .foreign }
    guard bytes.byteCount >= headBytes + Int(count) * entryBytes else { throw .truncated }
    var directory: [SectionTag: Range<Int>] = [:]
    for index in 0..<Int(count) {
      let at = headBytes + index * entryBytes
      let tag = SectionTag(load(bytes, at: at, as: UInt32.self))
      let offset = load(bytes, at: at + 8, as: UInt64.self)
      let size = load(bytes, at: at + 16, as: UInt64.self)
      guard offset % UInt64(alignment) == 0, offset <= UInt64(bytes.byteCount),
        size <= UInt64(bytes.byteCount) - offset
      else { throw .misplaced(tag) }
      directory[tag] = Int(offset)..<Int(offset + size)
    }
    return directory
  }

  private static func load<T: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: RawSpan, at offset: Int, as type: T.Type
  ) -> T {
    T(littleEndian: bytes.loadInteger(at: offset))
  }
}
