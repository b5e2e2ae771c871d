import WeirModel

/// The IPv4 half of an address set.
///
/// A presence bitmap by leading bits (by /24 in a large set, 2 MiB) settles nearly every miss with one load. Hosts
/// lie sorted behind an index by their leading 16 bits, so that only the other 16 bits are stored and
/// the position is the entry number. Blocks are nested pieces (`PieceForest`) behind an index of their own.
@usableFromInline struct IPv4Tables: Sendable {
  @usableFromInline let presence: PresenceBitmap
  @usableFromInline let hostIndex: BucketIndex
  /// The lower 16 bits of each host, when the index is by 16 bits.
  @usableFromInline let hostRests: Table<UInt16>
  /// The hosts, in a small set.
  @usableFromInline let hosts: Table<UInt32>
  @usableFromInline let blockIndex: BucketIndex
  @usableFromInline let firsts: Table<UInt32>
  @usableFromInline let lasts: Table<UInt32>
  @usableFromInline let owners: BlockOwners

  /// Finds the tables; `blockBase` is the number of the first block.
  init(_ image: Image, blockBase: UInt32) throws(ImageError) {
    guard let presence = try PresenceBitmap(image.table(AddressSections.v4Presence)) else {
      throw .inconsistent(AddressSections.v4Presence)
    }
    self.presence = presence
    hostRests = try image.table(AddressSections.v4HostRests)
    hosts = try image.table(AddressSections.v4Hosts)
    firsts = try image.table(AddressSections.v4Firsts)
    lasts = try image.table(AddressSections.v4Lasts)
    owners = try BlockOwners(image, AddressSections.v4, base: blockBase, pieces: firsts.count)
    guard let hostIndex = try BucketIndex(image.table(AddressSections.v4HostStarts)),
      let blockIndex = try BucketIndex(image.table(AddressSections.v4BlockStarts))
    else { throw .inconsistent(AddressSections.v4HostStarts) }
    self.hostIndex = hostIndex
    self.blockIndex = blockIndex
  }

  @inlinable var hostCount: Int { hostRests.count + hosts.count }

  /// Asks for the entries that `forEachEntry` will compare; it reads the two indexes itself.
  @inlinable func prefetchEntries(near address: UInt32) {
    let host = hostIndex.bucket(of: address).start
    if hostRests.count > 0 { hostRests.prefetch(host) } else { hosts.prefetch(host) }
    guard firsts.count > 0 else { return }
    let piece = blockIndex.bucket(of: address).start
    firsts.prefetch(piece)
    lasts.prefetch(piece)
  }

  @inlinable func forEachEntry(covering address: UInt32, _ body: (UInt32) -> Void) {
    let host = position(of: address)
    if host >= 0 { body(UInt32(truncatingIfNeeded: host)) }
    guard firsts.count > 0 else { return }
    let (start, end) = blockIndex.bucket(of: address)
    var piece = firsts.lastNotAbove(address, from: start, to: end)
    while piece >= 0 {
      if lasts[piece, or: 0] >= address, let entry = owners.entry(of: piece) { body(entry) }
      piece = owners.parent(of: piece)
    }
  }

  /// The position of a host, or -1.
  @inlinable func position(of address: UInt32) -> Int {
    let (start, end) = hostIndex.bucket(of: address)
    if hostRests.count > 0 {
      let rest = UInt16(truncatingIfNeeded: address)
      let position = hostRests.lastNotAbove(rest, from: start, to: end)
      return position >= start && hostRests[position, or: ~rest] == rest ? position : -1
    }
    let position = hosts.lastNotAbove(address, from: start, to: end)
    return position >= start && hosts[position, or: ~address] == address ? position : -1
  }

  /// The host at a position.
  func host(at position: Int) -> UInt32 {
    guard hostRests.count > 0 else { return hosts[position, or: 0] }
    var (low, high) = (0, 65_536)
    while low < high {
      let middle = (low + high) / 2
      if Int(hostIndex.positions[middle + 1, or: .max]) <= position {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return UInt32(truncatingIfNeeded: low << 16) | UInt32(hostRests[position, or: 0])
  }

  /// The first and the last address of a block; nil when it is not an IPv4 block.
  func block(_ entry: UInt32) -> IPRange? {
    guard let ends = owners.ends(of: entry) else { return nil }
    return IPRange(
      IPAddress(v4: firsts[ends.first, or: 0]), IPAddress(v4: lasts[ends.last, or: 0]))
  }
}

/// Lays out the IPv4 half of an address set.
enum IPv4TablesBuilder {
  /// From so many hosts on the index is by 16 bits.
  static let restsMin = 1 << 16

  static func add(
    hosts: [UInt32], blocks: [LaminarBlocks.Block], blockBase: UInt32, to image: inout ImageBuilder
  ) throws(AddressBuildError) {
    if hosts.isEmpty, blocks.isEmpty { return }
    let forest = try PieceForest(LaminarBlocks(blocks).pieces, spaceLast: UInt128(UInt32.max))
    image.add(AddressSections.v4Presence, presence(hosts, blocks))
    if hosts.count >= restsMin {
      image.add(AddressSections.v4HostStarts, BucketIndex.positions(of: hosts, bits: 16))
      image.add(AddressSections.v4HostRests, hosts.map { UInt16(truncatingIfNeeded: $0) })
    } else {
      let bits = BucketIndex.bits(for: hosts.count)
      image.add(AddressSections.v4HostStarts, BucketIndex.positions(of: hosts, bits: bits))
      image.add(AddressSections.v4Hosts, hosts)
    }
    let firsts = forest.nodes.map { UInt32(truncatingIfNeeded: $0.block.first) }
    let bits = BucketIndex.bits(for: firsts.count)
    image.add(AddressSections.v4BlockStarts, BucketIndex.positions(of: firsts, bits: bits))
    image.add(AddressSections.v4Firsts, firsts)
    image.add(
      AddressSections.v4Lasts, forest.nodes.map { UInt32(truncatingIfNeeded: $0.block.last) })
    BlockOwners.add(forest.nodes, base: blockBase, AddressSections.v4, to: &image)
  }

  /// About 16 bits for each entry, between 8 KiB and, one bit for each /24, 2 MiB.
  private static func presence(_ hosts: [UInt32], _ blocks: [LaminarBlocks.Block]) -> [UInt64] {
    var bits = 16
    while bits < 24, 1 << bits < 16 * (hosts.count + blocks.count) { bits += 1 }
    let shift = UInt32(32 - bits)
    var words = [UInt64](repeating: 0, count: (1 << bits) / 64)
    for host in hosts {
      let bit = UInt64(host >> shift)
      words[Int(bit >> 6)] |= 1 << (bit & 63)
    }
    for block in blocks {
      let first = Int(truncatingIfNeeded: block.first) >> Int(shift)
      words.setBits(first...Int(truncatingIfNeeded: block.last) >> Int(shift))
    }
    return words
  }
}

extension [UInt64] {
  /// Sets a run of bits.
  mutating func setBits(_ bits: ClosedRange<Int>) {
    let (first, last) = (bits.lowerBound >> 6, bits.upperBound >> 6)
    for word in first...last {
      var mask = UInt64.max
      if word == first { mask &= .max << UInt64(bits.lowerBound & 63) }
      if word == last { mask &= .max >> UInt64(63 - (bits.upperBound & 63)) }
      self[word] |= mask
    }
  }
}
