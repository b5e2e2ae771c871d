public import WeirModel

/// Millions of addresses, prefixes and ranges; which of them cover an address.
///
/// Look-ups do not allocate and cannot fail; in a damaged image they may miss entries or name wrong ones, no more.
public struct AddressSet: Sendable {
  @usableFromInline let v4Hosts: Table<UInt32>
  @usableFromInline let v6Highs: Table<UInt64>
  @usableFromInline let v6Lows: Table<UInt64>
  @usableFromInline let v4Firsts: Table<UInt32>
  @usableFromInline let v4Lasts: Table<UInt32>
  @usableFromInline let v4Parents: Table<UInt32>
  @usableFromInline let v4Entries: Table<UInt32>
  @usableFromInline let v6Firsts: Table<UInt64>
  @usableFromInline let v6Lasts: Table<UInt64>
  @usableFromInline let v6Parents: Table<UInt32>
  @usableFromInline let v6Entries: Table<UInt32>
  @usableFromInline let blockEnds: Table<UInt64>

  /// Finds the tables of the set in an image; absent sections are an empty set.
  ///
  /// - Throws: `ImageError` when they do not fit each other.
  public init(_ image: Image) throws(ImageError) {
    v4Hosts = try image.table(AddressSections.v4Hosts)
    v6Highs = try image.table(AddressSections.v6HostHighs)
    v6Lows = try image.table(AddressSections.v6HostLows)
    v4Firsts = try image.table(AddressSections.v4Firsts)
    v4Lasts = try image.table(AddressSections.v4Lasts)
    v4Parents = try image.table(AddressSections.v4Parents)
    v4Entries = try image.table(AddressSections.v4Entries)
    v6Firsts = try image.table(AddressSections.v6Firsts)
    v6Lasts = try image.table(AddressSections.v6Lasts)
    v6Parents = try image.table(AddressSections.v6Parents)
    v6Entries = try image.table(AddressSections.v6Entries)
    blockEnds = try image.table(AddressSections.blockEnds)
    guard v6Highs.count == v6Lows.count else { throw .inconsistent(AddressSections.v6HostLows) }
  }

  /// How many entries there are.
  public var count: Int { v4Hosts.count + v6Highs.count + blockEnds.count / 5 }
  /// Whether there are no entries.
  public var isEmpty: Bool { count == 0 }

  /// Asks for the memory that a look-up of an IPv4 address will touch first.
  @inlinable public func prefetch(v4: UInt32) {}

  /// Asks for the memory that a look-up of an IPv6 address will touch first.
  @inlinable public func prefetch(v6High high: UInt64, low: UInt64) {}

  /// Whether an entry may cover the IPv4 address; false is certain.
  @inlinable public func mayContain(v4: UInt32) -> Bool { !v4Hosts.isEmpty || !v4Firsts.isEmpty }

  /// Whether an entry may cover the IPv6 address; false is certain.
  @inlinable public func mayContain(v6High high: UInt64, low: UInt64) -> Bool {
    !v6Highs.isEmpty || !v6Firsts.isEmpty
  }

  /// Calls `body` with each entry that covers the IPv4 address, smallest first, ties by entry number.
  @inlinable public func forEachEntry(covering v4: UInt32, _ body: (UInt32) -> Void) {
    let host = partition(v4Hosts.count) { v4Hosts[$0, or: 0] < v4 }
    if host < v4Hosts.count, v4Hosts[host, or: 0] == v4 { body(UInt32(truncatingIfNeeded: host)) }
    var next = partition(v4Firsts.count) { v4Firsts[$0, or: 0] <= v4 } - 1
    while next >= 0 {
      if v4Lasts[next, or: 0] >= v4, v4Entries[next, or: .max] != .max {
        body(v4Entries[next, or: .max])
      }
      next = above(next, v4Parents[next, or: .max])
    }
  }

  /// Calls `body` with each entry that covers the IPv6 address, smallest first, ties by entry number.
  @inlinable public func forEachEntry(
    coveringV6High high: UInt64, low: UInt64, _ body: (UInt32) -> Void
  ) {
    let host = partition(v6Highs.count) { index in
      isBelow(v6Highs[index, or: 0], v6Lows[index, or: 0], high, low)
    }
    if host < v6Highs.count, v6Highs[host, or: 0] == high, v6Lows[host, or: 0] == low {
      body(UInt32(truncatingIfNeeded: v4Hosts.count + host))
    }
    var next =
      partition(v6Firsts.count / 2) { index in
        !isBelow(high, low, v6Firsts[2 * index, or: 0], v6Firsts[2 * index + 1, or: 0])
      } - 1
    while next >= 0 {
      if !isBelow(v6Lasts[2 * next, or: 0], v6Lasts[2 * next + 1, or: 0], high, low),
        v6Entries[next, or: .max] != .max
      {
        body(v6Entries[next, or: .max])
      }
      next = above(next, v6Parents[next, or: .max])
    }
  }

  /// Calls `body` with each entry that covers the address, smallest first, ties by entry number.
  public func forEachEntry(covering address: IPAddress, _ body: (UInt32) -> Void) {
    switch address.family {
    case .v4: forEachEntry(covering: address.v4Bits, body)
    case .v6: forEachEntry(coveringV6High: address.high, low: address.low, body)
    }
  }

  /// The addresses of an entry; of one that is not in the set, `0.0.0.0`.
  public func range(of entry: UInt32) -> IPRange {
    var index = Int(entry)
    if index < v4Hosts.count { return IPRange(host: IPAddress(v4: v4Hosts[index, or: 0])) }
    index -= v4Hosts.count
    if index < v6Highs.count {
      return IPRange(host: IPAddress(v6High: v6Highs[index, or: 0], low: v6Lows[index, or: 0]))
    }
    index = 5 * (index - v6Highs.count)
    let (first, last): (IPAddress, IPAddress)
    if blockEnds[index, or: 4] == 6 {
      first = IPAddress(v6High: blockEnds[index + 1, or: 0], low: blockEnds[index + 2, or: 0])
      last = IPAddress(v6High: blockEnds[index + 3, or: 0], low: blockEnds[index + 4, or: 0])
    } else {
      first = IPAddress(v4: UInt32(truncatingIfNeeded: blockEnds[index + 2, or: 0]))
      last = IPAddress(v4: UInt32(truncatingIfNeeded: blockEnds[index + 4, or: 0]))
    }
    return IPRange(first, last) ?? IPRange(host: first)
  }

  /// The first of `count` indices for which `isBefore` does not hold.
  @inlinable func partition(_ count: Int, _ isBefore: (Int) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isBefore(middle) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// A piece's parent, or -1. It lies before the piece, or the image is damaged.
  @inlinable func above(_ piece: Int, _ parent: UInt32) -> Int {
    Int(parent) < piece ? Int(parent) : -1
  }

  @inlinable func isBelow(
    _ high: UInt64, _ low: UInt64, _ otherHigh: UInt64, _ otherLow: UInt64
  ) -> Bool {
    high != otherHigh ? high < otherHigh : low < otherLow
  }
}

extension Table {
  @inlinable var isEmpty: Bool { count == 0 }
}

extension IPRange {
  /// The range of one address.
  init(host: IPAddress) {
    // The ends are equal, so the range exists.
    guard let range = IPRange(host, host) else { preconditionFailure("an address is a range") }
    self = range
  }
}
