/// Addresses of one family as ranges in ascending order that do not overlap.
///
/// `Bound` is `UInt32` for IPv4 and `UInt128` for IPv6, in host order: 8 or 32 bytes a range.
public struct AddressRanges<Bound: FixedWidthInteger & UnsignedInteger & Sendable>: Equatable,
  Sendable
{
  /// The lowest address of each range.
  public private(set) var firsts: [Bound] = []
  /// The highest address of each range.
  public private(set) var lasts: [Bound] = []

  /// No address.
  public init() {}

  /// Makes the ranges of a list in any order.
  ///
  /// A range within another disappears in it, and two that overlap become one; neighbors stay apart, so that the
  /// kernel counts them apart.
  ///
  /// - Complexity: O(n log n).
  public init(_ list: [(first: Bound, last: Bound)]) {
    firsts.reserveCapacity(list.count)
    lasts.reserveCapacity(list.count)
    for range in list.sorted(by: { ($0.first, $1.last) < ($1.first, $0.last) })
    where range.first <= range.last {
      if let last = lasts.last, range.first <= last {
        lasts[lasts.count - 1] = max(last, range.last)
      } else {
        firsts.append(range.first)
        lasts.append(range.last)
      }
    }
  }

  /// How many ranges there are.
  public var count: Int { firsts.count }

  /// Whether there is none.
  public var isEmpty: Bool { firsts.isEmpty }

  /// Whether an address lies in one of them.
  ///
  /// - Complexity: O(log n).
  public func contains(_ address: Bound) -> Bool {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if firsts[middle] <= address { low = middle + 1 } else { high = middle }
    }
    return low > 0 && address <= lasts[low - 1]
  }

  /// Adds a range that begins behind all others.
  mutating func append(_ first: Bound, _ last: Bound) {
    precondition(lasts.last.map { $0 < first } ?? true, "ranges come in ascending order")
    firsts.append(first)
    lasts.append(last)
  }

  /// Adds the ranges of another list, in which overlaps disappear.
  mutating func formUnion(_ other: AddressRanges) {
    let all = [self, other].flatMap { list in
      list.firsts.indices.map { (first: list.firsts[$0], last: list.lasts[$0]) }
    }
    self = AddressRanges(all)
  }

  /// The ranges of more than one address, or those of one address.
  func ranges(ofHosts hosts: Bool) -> AddressRanges {
    var chosen = AddressRanges()
    for index in firsts.indices where (firsts[index] == lasts[index]) == hosts {
      chosen.append(firsts[index], lasts[index])
    }
    return chosen
  }

  /// The ranges that `other` does not have as they are here.
  ///
  /// - Complexity: O(n).
  func subtracting(_ other: AddressRanges) -> AddressRanges {
    var rest = AddressRanges()
    var place = 0
    for index in firsts.indices {
      while place < other.count, other.firsts[place] < firsts[index] { place += 1 }
      let isThere =
        place < other.count && other.firsts[place] == firsts[index]
        && other.lasts[place] == lasts[index]
      if !isThere { rest.append(firsts[index], lasts[index]) }
    }
    return rest
  }
}
