/// Levels of separators above sorted 64-bit keys: a static B+ tree without pointers, eight keys to a cache line.
///
/// IPv6 addresses crowd into a few prefixes, so an index by leading bits would be lopsided; this one takes
/// the same few cache lines whatever the keys are. Level k+1 holds the largest key of every eight keys of level k,
/// padded to whole lines; the topmost level is one line and comes first.
@usableFromInline struct SearchTree: Sendable {
  @usableFromInline static let fanout = 8
  @usableFromInline static let levelsMax = 12

  @usableFromInline let keys: Table<UInt64>
  @usableFromInline let separators: Table<UInt64>
  @usableFromInline let levelStarts: InlineArray<12, Int>
  @usableFromInline let levels: Int

  /// Reads a tree above `keys`; nil when the separators are not as many as the keys ask for.
  init?(_ separators: Table<UInt64>, above keys: Table<UInt64>) {
    self.keys = keys
    self.separators = separators
    var sizes: [Int] = []
    var size = keys.count
    while size > SearchTree.fanout {
      size = (size + SearchTree.fanout - 1) / SearchTree.fanout
      sizes.append((size + SearchTree.fanout - 1) / SearchTree.fanout * SearchTree.fanout)
    }
    guard sizes.count <= SearchTree.levelsMax, sizes.reduce(0, +) == separators.count else {
      return nil
    }
    levels = sizes.count
    var starts = InlineArray<12, Int>(repeating: 0)
    var start = 0
    for (level, size) in sizes.reversed().enumerated() {
      starts[level] = start
      start += size
    }
    levelStarts = starts
  }

  /// The first position whose key is at least `key`; the count when there is none.
  ///
  /// - Complexity: O(log n), ⌈log₈ n⌉ cache lines.
  @inlinable func lowerBound(_ key: UInt64) -> Int {
    var block = 0
    for level in 0..<levels {
      let below = separators.countBelow(
        key, inEightFrom: levelStarts[level] + block * SearchTree.fanout)
      // Only in a damaged image, or behind the last key, is the count eight.
      block = block * SearchTree.fanout + below
    }
    let start = block * SearchTree.fanout
    return min(start + keys.countBelow(key, inEightFrom: start), keys.count)
  }

  /// The separators above ascending keys.
  static func separators(above keys: [UInt64]) -> [UInt64] {
    var levels: [[UInt64]] = []
    var level = keys
    while level.count > fanout {
      level = stride(from: 0, to: level.count, by: fanout).map { start in
        level[min(start + fanout, level.count) - 1]
      }
      let padding = (fanout - level.count % fanout) % fanout
      levels.append(level + [UInt64](repeating: .max, count: padding))
    }
    return levels.reversed().flatMap(\.self)
  }
}

extension Table where Element: Comparable {
  /// The end of the run of elements from `start` for which `isInRun` holds.
  ///
  /// - Complexity: O(log of the run's length) calls.
  @inlinable func endOfRun(from start: Int, _ isInRun: (Int) -> Bool) -> Int {
    var (low, step) = (start, 1)
    while low + step <= count, isInRun(low + step - 1) {
      low += step
      step *= 2
    }
    var high = min(low + step - 1, count)
    while low < high {
      let middle = (low + high) / 2
      if isInRun(middle) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The last position from `start` up to `end` whose element is not above `value`, or `start - 1`.
  @inlinable func lastNotAbove(_ value: Element, from start: Int, to end: Int) -> Int {
    var below = start - 1
    var length = Swift.min(end, count) - start
    guard length > 0, start >= 0 else { return below }
    // Halving without branches: the answer stays within `length` positions behind `below`.
    while length > 0 {
      let half = (length + 1) / 2
      below += self[below + half, or: value] <= value ? half : 0
      length -= half
    }
    return below
  }
}
