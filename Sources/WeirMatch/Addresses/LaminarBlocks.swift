/// Blocks of addresses cut into pieces such that any two pieces are nested or apart.
///
/// Prefixes are so by nature; ranges may cross. Whenever two blocks cross, the smaller one is cut at the end of
/// the larger one that lies inside it. Then the pieces that cover an address form a chain from the
/// innermost to the outermost, and that is also the order of their blocks by size.
struct LaminarBlocks {
  /// A block or a piece of one: its ends as numbers, and the number that look-ups report.
  struct Block: Equatable {
    var first: UInt128
    var last: UInt128
    var entry: UInt32

    /// Orders by size; of equal blocks the later entry counts as larger.
    func isLarger(than other: Block) -> Bool {
      let (size, otherSize) = (last - first, other.last - other.first)
      return size != otherSize ? size > otherSize : entry > other.entry
    }
  }

  /// The pieces, sorted by first address, those of larger blocks before those of smaller ones.
  private(set) var pieces: [Block] = []

  private var open: [(block: Block, piece: Int)] = []  // From the largest block to the smallest.
  private let piecesMax: Int

  /// Cuts blocks, given in any order.
  ///
  /// - Throws: `AddressBuildError.crossing` when the pieces are more than a small multiple of the blocks.
  /// - Complexity: O(n log n + pieces).
  init(_ blocks: [Block]) throws(AddressBuildError) {
    piecesMax = max(1 << 20, 8 * blocks.count)
    let starts = LaminarBlocks.byFirst(blocks)
    // Their indices: a copy of the blocks would be twelve times as large.
    let ends = starts.indices.map { UInt32($0) }.sorted {
      starts[Int($0)].last < starts[Int($1)].last
    }
    var (start, end) = (0, 0)
    while start < starts.count {
      // What ends before the next block begins comes first, one place after the other.
      let endsNext = starts[Int(ends[end])].last
      let place = endsNext < starts[start].first ? endsNext + 1 : starts[start].first
      var lowest = open.count
      while starts[Int(ends[end])].last < place {
        lowest = min(lowest, close(starts[Int(ends[end])]))
        end += 1
      }
      while start < starts.count, starts[start].first == place {
        lowest = min(lowest, insert(starts[start]))
        start += 1
      }
      try begin(at: place, from: lowest)
    }
    while end < ends.count {
      let last = starts[Int(ends[end])].last
      var lowest = open.count
      while end < ends.count, starts[Int(ends[end])].last == last {
        lowest = min(lowest, close(starts[Int(ends[end])]))
        end += 1
      }
      if last < .max { try begin(at: last + 1, from: lowest) }
    }
  }

  /// The blocks by first address, the larger before the smaller; the same array when they are so already.
  private static func byFirst(_ blocks: [Block]) -> [Block] {
    func precedes(_ left: Block, _ right: Block) -> Bool {
      left.first != right.first ? left.first < right.first : left.isLarger(than: right)
    }
    let isSorted = blocks.indices.dropFirst().allSatisfy { !precedes(blocks[$0], blocks[$0 - 1]) }
    return isSorted ? blocks : blocks.sorted(by: precedes)
  }

  /// Where a block stands, or belongs, in `open`.
  private func level(of block: Block) -> Int {
    var (low, high) = (0, open.count)
    while low < high {
      let middle = (low + high) / 2
      if open[middle].block.isLarger(than: block) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private mutating func close(_ block: Block) -> Int {
    let level = level(of: block)
    open.remove(at: level)
    return level
  }

  private mutating func insert(_ block: Block) -> Int {
    let level = level(of: block)
    open.insert((block, -1), at: level)
    return level
  }

  /// Begins new pieces at `place` for every open block from `lowest` up.
  private mutating func begin(at place: UInt128, from lowest: Int) throws(AddressBuildError) {
    for level in lowest..<max(lowest, open.count) {
      guard pieces.count < piecesMax else { throw .crossing(piecesMax: piecesMax) }
      if open[level].piece >= 0 { pieces[open[level].piece].last = place - 1 }
      open[level].piece = pieces.count
      var piece = open[level].block
      piece.first = place
      pieces.append(piece)
    }
  }
}

/// Why addresses cannot be compiled.
public enum AddressBuildError: Error, Equatable, Sendable {
  /// Ranges cross each other so often that they would have to be cut into more than so many pieces.
  case crossing(piecesMax: Int)
}
