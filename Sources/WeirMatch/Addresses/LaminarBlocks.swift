/// A block of addresses cut into pieces such that any two pieces are nested or apart.
///
/// Prefixes are so by nature; ranges may cross. Whenever two blocks cross, the smaller one is cut at the end of the
/// larger one that lies inside it. Then the pieces that cover an address form a chain from the innermost to the
/// outermost, and that is also the order of the blocks by size. A predecessor search among the first
/// addresses finds the innermost piece that starts at or before an address; its ancestors are all that may cover it.
struct LaminarBlocks {
  /// One block: its ends as numbers, and the number that look-ups report.
  struct Block {
    var first: UInt128
    var last: UInt128
    var entry: UInt32
  }

  /// A piece of one block.
  struct Piece: Equatable {
    var first: UInt128
    var last: UInt128
    /// The number of the block, or `noEntry` for a marker.
    var entry: UInt32
    /// The index of the next larger piece, always below the own one, or `noPiece`.
    var parent: UInt32
  }

  /// The entry of a marker: a place where the search may land so that it need not climb over many
  /// pieces that have ended.
  static let noEntry = UInt32.max
  /// The parent of an outermost piece.
  static let noPiece = UInt32.max
  /// After so many ended pieces in a row stands a marker.
  static let climbMax = 4

  /// The pieces, sorted by first address, larger before smaller.
  private(set) var pieces: [Piece] = []

  private var open: [Open] = []  // From the largest block to the smallest.
  private var endedSinceLanding = 0
  private let piecesMax: Int

  private struct Open {
    var block: Block
    var piece: Int

    /// Larger blocks first; of equal ones the later entry counts as larger.
    static func isLarger(_ left: Block, than right: Block) -> Bool {
      let (leftSize, rightSize) = (left.last - left.first, right.last - right.first)
      return leftSize != rightSize ? leftSize > rightSize : left.entry > right.entry
    }
  }

  /// Cuts blocks, given in any order, of a space whose last address is `spaceLast`.
  ///
  /// - Throws: `AddressBuildError.crossing` when the pieces are more than a small multiple of the blocks.
  /// - Complexity: O(n log n + pieces).
  init(_ blocks: [Block], spaceLast: UInt128) throws(AddressBuildError) {
    piecesMax = max(1 << 20, 8 * blocks.count)
    let starts = blocks.sorted { left, right in
      left.first != right.first ? left.first < right.first : Open.isLarger(left, than: right)
    }
    // What ends with the space ends behind every search.
    let ends = blocks.filter { $0.last < spaceLast }.sorted { $0.last < $1.last }
    var (start, end) = (0, 0)
    while start < starts.count || end < ends.count {
      // The next place where something changes: a first address, or the one behind a last address.
      let place = min(
        start < starts.count ? starts[start].first : .max,
        end < ends.count ? ends[end].last + 1 : .max)
      var lowest = open.count
      while end < ends.count, ends[end].last < place {
        lowest = min(lowest, close(ends[end]))
        end += 1
      }
      while start < starts.count, starts[start].first == place {
        lowest = min(lowest, insert(starts[start]))
        start += 1
      }
      try land(at: place, from: lowest)
    }
  }

  /// Where a block stands, or belongs, in `open`.
  private func level(of block: Block) -> Int {
    var (low, high) = (0, open.count)
    while low < high {
      let middle = (low + high) / 2
      if Open.isLarger(open[middle].block, than: block) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private mutating func close(_ block: Block) -> Int {
    let level = level(of: block)
    pieces[open[level].piece].last = block.last
    open.remove(at: level)
    endedSinceLanding += 1
    return level
  }

  private mutating func insert(_ block: Block) -> Int {
    let level = level(of: block)
    open.insert(Open(block: block, piece: -1), at: level)
    return level
  }

  /// Begins new pieces at `place` for every open block from `lowest` up.
  private mutating func land(at place: UInt128, from lowest: Int) throws(AddressBuildError) {
    for level in lowest..<max(lowest, open.count) {
      if open[level].piece >= 0 { pieces[open[level].piece].last = place - 1 }
      open[level].piece = pieces.count
      try append(place, last: open[level].block.last, entry: open[level].block.entry, below: level)
    }
    guard endedSinceLanding >= LaminarBlocks.climbMax else { return }
    try append(place, last: place, entry: LaminarBlocks.noEntry, below: open.count)
  }

  private mutating func append(
    _ first: UInt128, last: UInt128, entry: UInt32, below level: Int
  ) throws(AddressBuildError) {
    guard pieces.count < piecesMax else { throw .crossing(piecesMax: piecesMax) }
    let parent = level > 0 ? UInt32(open[level - 1].piece) : LaminarBlocks.noPiece
    pieces.append(Piece(first: first, last: last, entry: entry, parent: parent))
    endedSinceLanding = 0
  }
}

/// Why addresses cannot be compiled.
public enum AddressBuildError: Error, Equatable, Sendable {
  /// Ranges cross each other so often that they would have to be cut into more than so many pieces.
  case crossing(piecesMax: Int)
}
