/// What ends at each node: a bitmap of the nodes with outputs, counts before each of its words, and one pair
/// `pattern, next pair + 1` for each such node.
struct PatternOutputs {
  private(set) var bits: [UInt64] = []
  private(set) var ranks: [UInt32] = []
  private(set) var pairs: [UInt32] = []

  init() {}

  /// - Parameters:
  ///   - terminals: the pattern that ends at each node, or `UInt32.max`.
  ///   - nearest: the next node of each one's failure chain at which a pattern ends, or 0.
  init(terminals: [UInt32], nearest: [UInt32]) {
    let count = terminals.count
    bits = [UInt64](repeating: 0, count: (count + 63) / 64)
    for node in 0..<count where terminals[node] != UInt32.max || nearest[node] != 0 {
      bits[node / 64] |= 1 << UInt64(node % 64)
    }
    var before: UInt32 = 0
    for word in bits {
      ranks.append(before)
      before += UInt32(word.nonzeroBitCount)
    }
    pairs.reserveCapacity(2 * Int(before))
    for node in 0..<count where bits[node / 64] >> UInt64(node % 64) & 1 == 1 {
      pairs.append(terminals[node])
      pairs.append(nearest[node] == 0 ? 0 : UInt32(index(of: Int(nearest[node])) + 1))
    }
  }

  /// The place of a node's pair.
  private func index(of node: Int) -> Int {
    let below = bits[node / 64] & (1 << UInt64(node % 64) - 1)
    return Int(ranks[node / 64]) + below.nonzeroBitCount
  }
}
