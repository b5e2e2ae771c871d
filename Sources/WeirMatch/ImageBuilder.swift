/// Collects sections and lays them out as one block.
public struct ImageBuilder: Sendable {
  /// What went wrong with a temporary file while sections were added; then the image cannot be had.
  public private(set) var failure: ScratchError?
  /// Where sections are kept.
  public let scratch: Scratch
  private var sections: [(tag: SectionTag, column: Column)] = []

  /// Makes a builder without sections.
  public init(scratch: Scratch = .memory) { self.scratch = scratch }

  /// Adds a section; a tag is used once.
  public mutating func add<Element: BitwiseCopyable>(_ tag: SectionTag, _ elements: [Element]) {
    do throws(ScratchError) {
      var writer = ColumnWriter(scratch)
      try writer.append(elements: elements)
      add(tag, try writer.finish())
    } catch {
      failure = error
    }
  }

  /// Adds a section that has been written already; a tag is used once.
  public mutating func add(_ tag: SectionTag, _ column: Column) {
    precondition(!sections.contains { $0.tag == tag }, "a section is added once")
    sections.append((tag, column))
  }

  /// Adds all sections of another builder.
  public mutating func add(contentsOf other: ImageBuilder) {
    for section in other.sections { add(section.tag, section.column) }
    failure = failure ?? other.failure
  }

  /// How long the finished block is, in bytes.
  public var byteCount: Int {
    sections.reduce(aligned(headByteCount)) { aligned($0) + $1.column.byteCount }
  }

  /// The finished block.
  ///
  /// The same sections give the same bytes.
  ///
  /// - Throws: what went wrong with a temporary file.
  public func finish() throws(ScratchError) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: byteCount)
    var start = 0
    for part in try parts() {
      try part.read(at: 0, into: &block, from: start, count: part.byteCount)
      start += part.byteCount
    }
    return block
  }

  /// The finished block, piece by piece, without putting it together in memory.
  ///
  /// - Throws: what went wrong with a temporary file.
  public func parts() throws(ScratchError) -> [Column] {
    if let failure { throw failure }
    var parts = [Column(head)]
    var offset = headByteCount
    for section in sections {
      parts.append(Column([UInt8](repeating: 0, count: aligned(offset) - offset)))
      parts.append(section.column)
      offset = aligned(offset) + section.column.byteCount
    }
    // A block without sections ends on a cache line too.
    if sections.isEmpty {
      parts.append(Column([UInt8](repeating: 0, count: aligned(offset) - offset)))
    }
    return parts
  }

  private var headByteCount: Int {
    ImageDirectory.headBytes + sections.count * ImageDirectory.entryBytes
  }

  private var head: [UInt8] {
    var offset = aligned(headByteCount)
    var head: [UInt8] = []
    append(ImageDirectory.magic, to: &head)
    append(UInt32(sections.count), to: &head)
    append(UInt64(0), to: &head)
    for section in sections {
      append(section.tag.rawValue, to: &head)
      append(UInt32(0), to: &head)
      append(UInt64(offset), to: &head)
      append(UInt64(section.column.byteCount), to: &head)
      offset = aligned(offset + section.column.byteCount)
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
