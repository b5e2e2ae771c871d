/// Nested pieces with a way up from each to the next larger one.
///
/// A predecessor search among the first addresses finds the innermost piece that starts at or before an
/// address; only that piece and its ancestors can cover the address. Between it and the first ancestor that does
/// may lie pieces that have ended; where many have, a marker stands, so that no climb is long.
struct PieceForest {
  /// A piece in its place.
  struct Node: Equatable {
    var block: LaminarBlocks.Block
    /// The index of the next larger piece, always below the own one, or `noParent`.
    var parent: UInt32
  }

  /// The entry of a marker.
  static let noEntry = UInt32.max
  /// The parent of an outermost piece.
  static let noParent = UInt32.max
  /// After so many ended pieces in a row stands a marker: more than nest in the feeds there are.
  static let climbMax = 16

  /// The pieces and markers by first address, outer before inner.
  private(set) var nodes: [Node] = []
  private var open: [Int] = []
  private var ended = 0

  /// Links pieces that are laminar and sorted by first address, outer before inner, in a space whose last address
  /// is `spaceLast`.
  ///
  /// - Complexity: O(n); at most n / `climbMax` markers.
  init(_ pieces: [LaminarBlocks.Block], spaceLast: UInt128) {
    nodes.reserveCapacity(pieces.count)
    for piece in pieces {
      leave(before: piece.first)
      append(piece)
      open.append(nodes.count - 1)
    }
    leave(before: spaceLast)
  }

  /// Leaves the pieces that end before `place`.
  private mutating func leave(before place: UInt128) {
    while let top = open.last, nodes[top].block.last < place {
      let next = nodes[top].block.last + 1
      open.removeLast()
      ended += 1
      let isLastHere = open.last.map { nodes[$0].block.last >= next } ?? true
      if ended >= PieceForest.climbMax, isLastHere, next < place {
        append(LaminarBlocks.Block(first: next, last: next, entry: PieceForest.noEntry))
      }
    }
  }

  private mutating func append(_ block: LaminarBlocks.Block) {
    let parent = open.last.map { UInt32($0) } ?? PieceForest.noParent
    nodes.append(Node(block: block, parent: parent))
    ended = 0
  }
}
