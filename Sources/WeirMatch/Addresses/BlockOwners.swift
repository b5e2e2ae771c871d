/// Whose the pieces of one family are, and how they nest.
///
/// Blocks that were given in the order of their pieces (first address ascending, wider first) and did not have to
/// be cut need no table: piece i is entry `base + i`.
@usableFromInline struct BlockOwners: Sendable {
  @usableFromInline let base: UInt32
  @usableFromInline let parents: Table<UInt32>
  @usableFromInline let entries: Table<UInt32>
  /// Pieces in the order of their entries.
  let owned: Table<UInt32>
  let pieces: Int

  /// Finds the tables for `pieces` pieces whose blocks are numbered from `base`.
  init(_ image: Image, _ sections: BlockSections, base: UInt32, pieces: Int) throws(ImageError) {
    self.base = base
    self.pieces = pieces
    parents = try image.table(sections.parents)
    entries = try image.table(sections.entries)
    owned = try image.table(sections.owned)
  }

  /// The next larger piece, or -1.
  ///
  /// It lies before the piece, or the image is damaged.
  @inlinable func parent(of piece: Int) -> Int {
    let parent = Int(parents[piece, or: .max])
    return parent < piece ? parent : -1
  }

  /// The entry that a piece belongs to; nil for a marker.
  @inlinable func entry(of piece: Int) -> UInt32? {
    guard entries.count > 0 else { return base &+ UInt32(truncatingIfNeeded: piece) }
    let entry = entries[piece, or: .max]
    return entry == .max ? nil : entry
  }

  /// The first and the last piece of an entry; nil when it is not of this family.
  func ends(of entry: UInt32) -> (first: Int, last: Int)? {
    guard entries.count > 0 else {
      guard entry >= base, Int(entry - base) < pieces else { return nil }
      return (Int(entry - base), Int(entry - base))
    }
    let start = partition { $0 < entry }
    let end = partition { $0 <= entry }
    guard start < end else { return nil }
    return (Int(owned[start, or: 0]), Int(owned[end - 1, or: 0]))
  }

  /// The first position in `owned` whose entry is not before.
  private func partition(_ isBefore: (UInt32) -> Bool) -> Int {
    var (low, high) = (0, owned.count)
    while low < high {
      let middle = (low + high) / 2
      if isBefore(entries[Int(owned[middle, or: 0]), or: .max]) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }

  /// Adds the tables for the pieces of blocks that are numbered from `base`.
  static func add(
    _ nodes: [PieceForest.Node], base: UInt32, _ sections: BlockSections,
    to image: inout ImageBuilder
  ) {
    if nodes.contains(where: { $0.parent != PieceForest.noParent }) {
      image.add(sections.parents, nodes.map(\.parent))
    }
    let entries = nodes.map(\.block.entry)
    guard entries.indices.contains(where: { entries[$0] != base + UInt32($0) }) else { return }
    image.add(sections.entries, entries)
    let owned = entries.indices.filter { entries[$0] != PieceForest.noEntry }
      .sorted { (entries[$0], $0) < (entries[$1], $1) }
    image.add(sections.owned, owned.map { UInt32($0) })
  }
}
