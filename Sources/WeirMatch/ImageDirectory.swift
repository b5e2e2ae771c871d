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

/// Collects sections and lays them out as one block.
public struct ImageBuilder: Sendable {
  private var sections: [(tag: SectionTag, bytes: [UInt8])] = []

  /// Makes a builder without sections.
  public init() {}

  /// Adds a section; a tag is used once.
  public mutating func add<Element: BitwiseCopyable>(_ tag: SectionTag, _ elements: [Element]) {
    precondition(!sections.contains { $0.tag == tag }, "a section is added once")
    sections.append((tag, elements.rawBytes()))
  }

  /// How long the finished block is, in bytes.
  public var byteCount: Int {
    sections.reduce(aligned(headBytes)) { aligned($0) + $1.bytes.count }
  }

  /// The finished block.
  ///
  /// The same sections give the same bytes.
  public func finish() -> [UInt8] {
    var block: [UInt8] = []
    block.reserveCapacity(byteCount)
    forEachPart { block.append(contentsOf: $0) }
    return block
  }

  /// Hands on the finished block piece by piece, without putting it together in memory.
  public func forEachPart<Failure: Error>(
    _ body: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    try body(head)
    var offset = headBytes
    for section in sections {
      try body([UInt8](repeating: 0, count: aligned(offset) - offset))
      try body(section.bytes)
      offset = aligned(offset) + section.bytes.count
    }
    // A block without sections ends on a cache line too.
    if sections.isEmpty { try body([UInt8](repeating: 0, count: aligned(offset) - offset)) }
  }

  private var headBytes: Int {
    ImageDirectory.headBytes + sections.count * ImageDirectory.entryBytes
  }

  private var head: [UInt8] {
    var offset = aligned(headBytes)
    var head: [UInt8] = []
    append(ImageDirectory.magic, to: &head)
    append(UInt32(sections.count), to: &head)
    append(UInt64(0), to: &head)
    for section in sections {
      append(section.tag.rawValue, to: &head)
      append(UInt32(0), to: &head)
      append(UInt64(offset), to: &head)
      append(UInt64(section.bytes.count), to: &head)
      offset = aligned(offset + section.bytes.count)
    }
    return head
  }

  private func aligned(_ offset: Int) -> Int {
    (offset + ImageDirectory.alignment - 1) & ~(ImageDirectory.alignment - 1)
  }

  private func append<T: FixedWidthInteger>(_ value: T, to bytes: inout [UInt8]) {
    for shift in stride(from: 0, to: T.bitWidth, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> T(shift)))
    }
  }
}
