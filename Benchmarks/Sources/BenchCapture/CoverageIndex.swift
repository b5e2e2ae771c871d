/// Which addresses a list of prefixes covers, and by which entries: exact, for both families.
struct CoverageIndex: Sendable {
  /// The distinct prefixes, shortest first, then by address.
  let entries: [AddressPrefix]

  private let ranges4: MergedRanges
  private let ranges6: MergedRanges

  /// Sorts `prefixes` and drops repeats; O(n log n).
  init(_ prefixes: [AddressPrefix]) {
    let sorted = prefixes.sorted(by: CoverageIndex.precedes)
    var distinct: [AddressPrefix] = []
    distinct.reserveCapacity(sorted.count)
    for prefix in sorted where prefix != distinct.last { distinct.append(prefix) }
    entries = distinct
    ranges4 = MergedRanges(distinct.filter { $0.family == .ipv4 }, bits: 32)
    ranges6 = MergedRanges(distinct.filter { $0.family == .ipv6 }, bits: 128)
  }

  /// Whether the address is in any entry.
  func covers(_ family: AddressPrefix.Family, _ address: UInt128) -> Bool {
    family == .ipv4 ? ranges4.contains(address) : ranges6.contains(address)
  }

  /// The index in ``entries`` of every entry that covers the address; O(lengths × log n).
  func covering(_ family: AddressPrefix.Family, _ address: UInt128) -> [Int] {
    (0...family.bits).compactMap { length in
      position(of: AddressPrefix(family: family, address: address, length: length))
    }
  }

  private func position(of wanted: AddressPrefix) -> Int? {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if CoverageIndex.precedes(entries[middle], wanted) { low = middle + 1 } else { high = middle }
    }
    return low < entries.count && entries[low] == wanted ? low : nil
  }

  private static func precedes(_ left: AddressPrefix, _ right: AddressPrefix) -> Bool {
    if left.family != right.family { return left.family == .ipv4 }
    if left.length != right.length { return left.length < right.length }
    return left.first < right.first
  }
}

/// Disjoint ranges in order, with a directory over the leading 16 bits.
private struct MergedRanges: Sendable {
  private var firsts: [UInt128] = []
  private var lasts: [UInt128] = []
  private var directory: [Int32] = []
  private let shift: UInt128

  init(_ prefixes: [AddressPrefix], bits: Int) {
    shift = UInt128(bits - 16)
    for prefix in prefixes.sorted(by: { $0.first < $1.first }) {
      if let end = lasts.last, prefix.first <= end {
        lasts[lasts.count - 1] = max(end, prefix.last)
      } else {
        firsts.append(prefix.first)
        lasts.append(prefix.last)
      }
    }
    var position = 0
    for bucket in 0..<65_536 {
      while position < lasts.count, lasts[position] >> shift < UInt128(bucket) { position += 1 }
      directory.append(Int32(position))
    }
  }

  func contains(_ address: UInt128) -> Bool {
    var position = Int(directory[Int(truncatingIfNeeded: address >> shift)])
    while position < firsts.count, firsts[position] <= address {
      if lasts[position] >= address { return true }
      position += 1
    }
    return false
  }
}
