/// Draws an index with a probability in proportion to its weight, by whole numbers only.
struct WeightedChoice: Sendable {
  private var cumulative: [UInt64] = []

  /// A choice among `weights`, of which at least one must be above zero.
  init(weights: [UInt64]) {
    var total: UInt64 = 0
    for weight in weights {
      total += weight
      cumulative.append(total)
    }
    precondition(total > 0, "a choice needs something to choose")
  }

  /// The harmonic (Zipf, exponent 1) law over `count` indices: a few are drawn very often.
  static func harmonic(count: Int) -> WeightedChoice {
    WeightedChoice(weights: (1...count).map { (1 << 32) / UInt64($0) })
  }

  /// Draws one index; O(log n).
  func draw(_ random: inout SeededGenerator) -> Int {
    let total = cumulative[cumulative.count - 1]
    let target = UInt64(random.below(Int(total)))
    var low = 0
    var high = cumulative.count - 1
    while low < high {
      let middle = (low + high) / 2
      if cumulative[middle] > target { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
