public import WeirModel

/// Millions of addresses, prefixes and ranges; which of them cover an address.
///
/// Look-ups do not allocate and cannot fail; in a damaged image they may miss entries or name wrong ones, no
/// more. For a batch, ask in three passes: `prefetch` all, `mayContain` all, `forEachEntry` for those that pass.
public struct AddressSet: Sendable {
  @usableFromInline let v4: IPv4Tables
  @usableFromInline let v6: IPv6Tables
  /// How many entries there are.
  public let count: Int

  /// Finds the tables of the set in an image; absent sections are an empty set.
  ///
  /// The image has to outlive the set.
  ///
  /// - Throws: `ImageError` when they do not fit each other.
  public init(_ image: Image) throws(ImageError) {
    let counts: Table<UInt32> = try image.table(AddressSections.counts)
    let v4Hosts = counts[0, or: 0]
    let v6Hosts = counts[1, or: 0]
    let (base, v4Blocks) = (UInt64(v4Hosts) + UInt64(v6Hosts), UInt64(counts[2, or: 0]))
    let all = base + v4Blocks + UInt64(counts[3, or: 0])
    guard all < UInt32.max else { throw .inconsistent(AddressSections.counts) }
    count = Int(all)
    v4 = try IPv4Tables(image, blockBase: UInt32(base))
    v6 = try IPv6Tables(
      image, hostBase: v4Hosts, blockBase: UInt32(base + v4Blocks), classes: counts[4, or: 0])
    guard v4.hostCount == Int(v4Hosts), v6.hostHighs.count == Int(v6Hosts) else {
      throw .inconsistent(AddressSections.counts)
    }
  }

  /// Whether there are no entries.
  public var isEmpty: Bool { count == 0 }

  /// Which blocks of IPv4 addresses hold entries.
  public var presence: PresenceBitmap { v4.presence }

  /// Asks for the memory that `mayContain` will touch for an IPv4 address.
  @inlinable public func prefetch(v4 address: UInt32) { v4.presence.prefetch(address) }

  /// Asks for the memory that `mayContain` will touch for an IPv6 address.
  @inlinable public func prefetch(v6High high: UInt64, low: UInt64) { v6.filter.prefetch(high) }

  /// Whether an entry may cover the IPv4 address; false is certain.
  @inlinable public func mayContain(v4 address: UInt32) -> Bool {
    v4.presence.mayContain(address)
  }

  /// Whether an entry may cover the IPv6 address; false is certain.
  @inlinable public func mayContain(v6High high: UInt64, low: UInt64) -> Bool {
    v6.filter.mayContain(high)
  }

  /// Asks for the entries around an IPv4 address that `mayContain` has let pass.
  @inlinable public func prefetchEntries(near address: UInt32) {
    v4.prefetchEntries(near: address)
  }

  /// Calls `body` with each entry that covers the IPv4 address, smallest first, ties by entry number.
  @inlinable public func forEachEntry(covering address: UInt32, _ body: (UInt32) -> Void) {
    v4.forEachEntry(covering: address, body)
  }

  /// Calls `body` with each entry that covers the IPv6 address, smallest first, ties by entry number.
  @inlinable public func forEachEntry(
    coveringV6High high: UInt64, low: UInt64, _ body: (UInt32) -> Void
  ) {
    v6.forEachEntry(covering: high, low, body)
  }

  /// Calls `body` with each entry that covers the address, smallest first, ties by entry number.
  public func forEachEntry(covering address: IPAddress, _ body: (UInt32) -> Void) {
    switch address.family {
    case .v4: v4.forEachEntry(covering: address.v4Bits, body)
    case .v6: v6.forEachEntry(covering: address.high, address.low, body)
    }
  }

  /// Whether an entry is a single IPv4 address.
  @inlinable public func isIPv4Host(_ entry: UInt32) -> Bool { Int(entry) < v4.hostCount }

  /// The addresses of an entry; of one that is not in the set, `0.0.0.0`.
  public func range(of entry: UInt32) -> IPRange {
    let index = Int(entry)
    let v6Index = index - v4.hostCount
    if v6Index < 0 { return IPRange(host: IPAddress(v4: v4.host(at: index))) }
    if v6Index < v6.hostHighs.count { return IPRange(host: v6.host(at: v6Index)) }
    return v4.block(entry) ?? v6.block(entry) ?? IPRange(host: IPAddress(v4: 0))
  }
}

extension IPRange {
  /// The range of one address.
  init(host: IPAddress) {
    // The ends are equal, so the range exists.
    guard let range = IPRange(host, host) else { preconditionFailure("an address is a range") }
    self = range
  }
}
