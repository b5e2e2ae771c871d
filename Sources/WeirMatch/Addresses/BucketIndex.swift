/// Where the sorted 32-bit values with the same leading bits begin: `2^bits + 1` positions.
///
/// With about as many buckets as a quarter of the values, a search looks at a handful of neighbors.
@usableFromInline struct BucketIndex: Sendable {
  @usableFromInline let positions: Table<UInt32>
  @usableFromInline let shift: UInt32

  /// Reads an index; without positions there are no values.
  init?(_ positions: Table<UInt32>) {
    let buckets = positions.count - 1
    guard buckets < 0 || (buckets & (buckets - 1) == 0 && (1...65_536).contains(buckets)) else {
      return nil
    }
    self.positions = positions
    shift = buckets < 0 ? 31 : 32 - UInt32(buckets.trailingZeroBitCount)
  }

  /// The positions of the values that share the leading bits of `value`.
  @inlinable func bucket(of value: UInt32) -> (start: Int, end: Int) {
    let index = Int(UInt64(value) >> UInt64(shift))
    return (Int(positions[index, or: 0]), Int(positions[index + 1, or: 0]))
  }

  /// Builds the positions for ascending values.
  static func positions(of values: [UInt32], bits: Int) -> [UInt32] {
    guard !values.isEmpty else { return [] }
    var positions = [UInt32](repeating: 0, count: (1 << bits) + 1)
    for value in values { positions[Int(UInt64(value) >> UInt64(32 - bits)) + 1] += 1 }
    for index in 1..<positions.count { positions[index] += positions[index - 1] }
    return positions
  }

  /// How many leading bits to index by for so many values.
  static func bits(for count: Int) -> Int {
    var bits = 0
    while bits < 16, 4 << bits < count { bits += 1 }
    return bits
  }
}
