public import WeirCrypto

/// Which cells each customer block counts in: at most `cellsPerUnit`, whatever it did.
///
/// When a block meets more cells, those stay that come first in an order drawn from the window's key. That depends on the block and the
/// cells alone, neither on the order of events nor on other blocks, so that one block more or less changes at most `cellsPerUnit`
/// counts by 1.
public struct Contributions: Sendable {
  /// How many cells a block counts in at most.
  public let cellsPerUnit: Int
  /// How many blocks count somewhere.
  public private(set) var unitCount = 0
  /// Blocks that were left out because the table was full.
  public private(set) var overflow: UInt64 = 0
  /// Minutes of the window during which a running Weir counted; 0 when all was counted from captures or logs.
  public var coveredMinutes: UInt64 = 0
  /// The table is this large at most.
  public let unitsMax: Int

  private static let empty = CellNumber.max
  private var tags: [UnitTag]
  /// `cellsPerUnit` for each slot of `tags`.
  private var cells: [CellNumber]

  /// An empty table.
  ///
  /// - Parameter unitsMax: how many blocks are remembered; 28 bytes each, a third more when the table is not full.
  public init(cellsPerUnit: Int, unitsMax: Int = 1 << 21) {
    self.init(cellsPerUnit: cellsPerUnit, unitsMax: unitsMax, slots: 64)
  }

  private init(cellsPerUnit: Int, unitsMax: Int, slots: Int) {
    self.cellsPerUnit = cellsPerUnit
    self.unitsMax = unitsMax
    tags = Array(repeating: UnitTag(high: 0, low: 0), count: slots)
    cells = Array(repeating: Contributions.empty, count: slots * cellsPerUnit)
  }

  /// Counts a block in a cell.
  ///
  /// - Parameter key: the key that the tag was made with.
  public mutating func count(_ cell: CellNumber, _ tag: UnitTag, _ key: borrowing MessageKey) {
    if (unitCount + 1) * 5 > tags.count * 4 { grow() }
    var slot = home(tag)
    while tags[slot] != tag {
      if tags[slot].high == 0, tags[slot].low == 0 {
        guard unitCount < unitsMax else {
          overflow += 1
          return
        }
        tags[slot] = tag
        unitCount += 1
        break
      }
      slot = slot + 1 == tags.count ? 0 : slot + 1
    }
    keep(cell, slot: slot, tag, key)
  }

  private mutating func keep(
    _ cell: CellNumber, slot: Int, _ tag: UnitTag, _ key: borrowing MessageKey
  ) {
    let range = slot * cellsPerUnit..<(slot + 1) * cellsPerUnit
    for index in range {
      if cells[index] == cell { return }
      if cells[index] == Contributions.empty {
        cells[index] = cell
        return
      }
    }
    var (last, worst) = (-1, rank(cell, tag, key))
    for index in range {
      let other = rank(cells[index], tag, key)
      if other > worst { (last, worst) = (index, other) }
    }
    if last >= 0 { cells[last] = cell }
  }

  private func rank(_ cell: CellNumber, _ tag: UnitTag, _ key: borrowing MessageKey) -> UInt64 {
    // The third word of a block's tag is below 2^9, so no rank is ever the code of a block.
    key.code(tag.high, tag.low, 1 << 32 | UInt64(cell)).0
  }

  /// The slot that a tag is looked for from; tags are as good as random.
  private func home(_ tag: UnitTag) -> Int {
    Int(truncatingIfNeeded: tag.low.multipliedFullWidth(by: UInt64(tags.count)).high)
  }

  private mutating func grow() {
    let (oldTags, oldCells) = (tags, cells)
    let count = tags.count + tags.count / 2
    tags = Array(repeating: UnitTag(high: 0, low: 0), count: count)
    cells = Array(repeating: Contributions.empty, count: count * cellsPerUnit)
    for (index, tag) in oldTags.enumerated() where tag.high != 0 || tag.low != 0 {
      insert(tag, oldCells[index * cellsPerUnit..<(index + 1) * cellsPerUnit])
    }
  }

  private mutating func insert(_ tag: UnitTag, _ held: ArraySlice<CellNumber>) {
    var slot = home(tag)
    while tags[slot].high != 0 || tags[slot].low != 0 {
      slot = slot + 1 == tags.count ? 0 : slot + 1
    }
    tags[slot] = tag
    for (offset, cell) in held.enumerated() { cells[slot * cellsPerUnit + offset] = cell }
  }

  /// How many blocks count in each cell.
  ///
  /// - Parameter cellCount: how many cells there are; others are left out.
  public func counts(cellCount: Int) -> [UInt32] {
    var counts = [UInt32](repeating: 0, count: cellCount)
    for cell in cells where cell != Contributions.empty && Int(cell) < cellCount {
      counts[Int(cell)] += 1
    }
    return counts
  }
}

// MARK: The state that outlives a process

extension Contributions {
  private static let mark = Array("weir-window-1\n".utf8)

  /// The text of a window's state: for a file on tmpfs that only its owner can read, and nowhere else.
  public func state(key: borrowing MessageKey) -> [UInt8] {
    var bytes = Contributions.mark + key.bytes()
    func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
      var rest = value
      for _ in 0..<MemoryLayout.size(ofValue: value) {
        bytes.append(UInt8(truncatingIfNeeded: rest))
        rest >>= 8
      }
    }
    append(UInt32(cellsPerUnit), to: &bytes)
    append(UInt64(unitCount), to: &bytes)
    append(overflow, to: &bytes)
    append(coveredMinutes, to: &bytes)
    for (slot, tag) in tags.enumerated() where tag.high != 0 || tag.low != 0 {
      append(tag.high, to: &bytes)
      append(tag.low, to: &bytes)
      for index in 0..<cellsPerUnit { append(cells[slot * cellsPerUnit + index], to: &bytes) }
    }
    return bytes
  }

  /// Reads a state; nil when it is damaged.
  public static func restore(
    _ bytes: [UInt8], cellsPerUnit: Int
  ) -> (contributions: Contributions, key: [UInt8])? {
    var next = mark.count
    func number<Value: FixedWidthInteger>(_ type: Value.Type) -> Value? {
      let size = MemoryLayout<Value>.size
      guard next + size <= bytes.count else { return nil }
      defer { next += size }
      return (0..<size).reversed().reduce(0) {
        $0 << 8 | Value(truncatingIfNeeded: bytes[next + $1])
      }
    }
    guard bytes.starts(with: mark), bytes.count >= next + MessageKey.byteCount else { return nil }
    let key = Array(bytes[next..<next + MessageKey.byteCount])
    next += MessageKey.byteCount
    guard number(UInt32.self) == UInt32(cellsPerUnit), let units = number(UInt64.self),
      let overflow = number(UInt64.self), let minutes = number(UInt64.self),
      units == UInt64((bytes.count - next) / (16 + 4 * cellsPerUnit)),
      (bytes.count - next) % (16 + 4 * cellsPerUnit) == 0
    else { return nil }
    // Tags come in the order of their slots: in a table that still had to grow they would all fall into its first part.
    var table = Contributions(
      cellsPerUnit: cellsPerUnit, unitsMax: max(1 << 21, Int(units)), slots: Int(units) * 3 / 2 + 64
    )
    table.overflow = overflow
    table.coveredMinutes = minutes
    for _ in 0..<units {
      guard let high = number(UInt64.self), let low = number(UInt64.self), high != 0 || low != 0
      else { return nil }
      var held: [CellNumber] = []
      for _ in 0..<cellsPerUnit { held.append(number(UInt32.self) ?? empty) }
      table.insert(UnitTag(high: high, low: low), held[...])
      table.unitCount += 1
    }
    return (table, key)
  }
}
