import WeirModel

/// The IPv6 half of an address set: a filter, then sorted hosts and nested prefixes below search trees.
@usableFromInline struct IPv6Tables: Sendable {
  @usableFromInline let filter: AnchorFilter
  @usableFromInline let hostHighs: Table<UInt64>
  @usableFromInline let hostLows: Table<UInt64>
  @usableFromInline let hostTree: SearchTree
  @usableFromInline let blockHighs: Table<UInt64>
  /// The lower halves of the prefixes; absent when all are zero.
  @usableFromInline let blockLows: Table<UInt64>
  @usableFromInline let blockLengths: Table<UInt8>
  @usableFromInline let blockTree: SearchTree
  @usableFromInline let owners: BlockOwners
  /// The number of the first host.
  @usableFromInline let hostBase: UInt32

  /// Finds the tables; hosts are numbered from `hostBase`, blocks from `blockBase`.
  init(_ image: Image, hostBase: UInt32, blockBase: UInt32, classes: UInt32) throws(ImageError) {
    self.hostBase = hostBase
    filter = AnchorFilter(
      wide: try image.table(AddressSections.v6Wide),
      words: try image.table(AddressSections.v6Anchors), classes: classes)
    hostHighs = try image.table(AddressSections.v6HostHighs)
    hostLows = try image.table(AddressSections.v6HostLows)
    blockHighs = try image.table(AddressSections.v6BlockHighs)
    blockLows = try image.table(AddressSections.v6BlockLows)
    blockLengths = try image.table(AddressSections.v6BlockLengths)
    owners = try BlockOwners(image, AddressSections.v6, base: blockBase, pieces: blockHighs.count)
    guard
      let hostTree = SearchTree(try image.table(AddressSections.v6HostTree), above: hostHighs),
      let blockTree = SearchTree(try image.table(AddressSections.v6BlockTree), above: blockHighs)
    else { throw .inconsistent(AddressSections.v6HostTree) }
    self.hostTree = hostTree
    self.blockTree = blockTree
  }

  @inlinable func forEachEntry(
    covering high: UInt64, _ low: UInt64, _ body: (UInt32) -> Void
  ) {
    if hostHighs.count > 0, filter.mayContain(high, anchor: 0) {
      let host = position(ofHigh: high, low)
      if host >= 0 { body(hostBase &+ UInt32(truncatingIfNeeded: host)) }
    }
    guard blockHighs.count > 0 else { return }
    // The last prefix whose first address is not above this one.
    var piece =
      blockHighs.endOfRun(from: blockTree.lowerBound(high)) { index in
        blockHighs[index, or: 0] == high && blockLows[index, or: 0] <= low
      } - 1
    while piece >= 0 {
      if covers(piece, high, low), let entry = owners.entry(of: piece) { body(entry) }
      piece = owners.parent(of: piece)
    }
  }

  /// The position of a host, or -1.
  @inlinable func position(ofHigh high: UInt64, _ low: UInt64) -> Int {
    let position = hostHighs.endOfRun(from: hostTree.lowerBound(high)) { index in
      hostHighs[index, or: 0] == high && hostLows[index, or: 0] < low
    }
    let isFound = hostHighs[position, or: ~high] == high && hostLows[position, or: ~low] == low
    return isFound ? position : -1
  }

  /// Whether as many leading bits agree as the prefix is long; a marker is longer than any address.
  @inlinable func covers(_ piece: Int, _ high: UInt64, _ low: UInt64) -> Bool {
    let length = Int(blockLengths[piece, or: .max])
    let different = blockHighs[piece, or: 0] ^ high
    if different != 0 { return different.leadingZeroBitCount >= length }
    return 64 + (blockLows[piece, or: 0] ^ low).leadingZeroBitCount >= length
  }

  /// The host at a position.
  func host(at position: Int) -> IPAddress {
    IPAddress(v6High: hostHighs[position, or: 0], low: hostLows[position, or: 0])
  }

  /// The first and the last address of a block; nil when it is not an IPv6 block.
  func block(_ entry: UInt32) -> IPRange? {
    guard let ends = owners.ends(of: entry) else { return nil }
    return IPRange(prefix(at: ends.first).address, prefix(at: ends.last).last)
  }

  private func prefix(at piece: Int) -> IPPrefix {
    IPPrefix(
      IPAddress(v6High: blockHighs[piece, or: 0], low: blockLows[piece, or: 0]),
      length: Int(blockLengths[piece, or: 128]))
  }
}

/// Lays out the IPv6 half of an address set.
enum IPv6TablesBuilder {
  /// The length that marks a piece that covers nothing.
  static let markerLength = UInt8.max

  /// Adds the tables; returns which anchors the filter knows.
  static func add(
    hosts: [IPAddress], blocks: [LaminarBlocks.Block], blockBase: UInt32,
    to image: inout ImageBuilder
  ) throws(AddressBuildError) -> UInt32 {
    if hosts.isEmpty, blocks.isEmpty { return 0 }
    let prefixes = try prefixes(of: LaminarBlocks(blocks).pieces)
    let forest = PieceForest(prefixes, spaceLast: .max)
    var filter = AnchorFilter.Builder()
    for host in hosts { filter.insert(host.high, length: 128) }
    for prefix in prefixes { filter.insert(prefix.high, length: prefix.length) }
    let (words, classes) = filter.words()
    image.add(AddressSections.v6Wide, filter.wide)
    image.add(AddressSections.v6Anchors, words)
    let hostHighs = hosts.map(\.high)
    image.add(AddressSections.v6HostHighs, hostHighs)
    image.add(AddressSections.v6HostLows, hosts.map(\.low))
    image.add(AddressSections.v6HostTree, SearchTree.separators(above: hostHighs))
    let highs = forest.nodes.map(\.block.high)
    image.add(AddressSections.v6BlockHighs, highs)
    let lows = forest.nodes.map { UInt64(truncatingIfNeeded: $0.block.first) }
    if lows.contains(where: { $0 != 0 }) { image.add(AddressSections.v6BlockLows, lows) }
    image.add(
      AddressSections.v6BlockLengths,
      forest.nodes.map { node in
        node.block.entry == PieceForest.noEntry ? markerLength : UInt8(node.block.length)
      })
    image.add(AddressSections.v6BlockTree, SearchTree.separators(above: highs))
    BlockOwners.add(forest.nodes, base: blockBase, AddressSections.v6, to: &image)
    return classes
  }

  /// Cuts pieces that are not prefixes into prefixes.
  ///
  /// What lies in a piece and is a prefix lies in one of the fewest prefixes that together are the piece, so
  /// the result is laminar too.
  private static func prefixes(of pieces: [LaminarBlocks.Block]) -> [LaminarBlocks.Block] {
    guard let firstRange = pieces.firstIndex(where: { !$0.isPrefix }) else { return pieces }
    var prefixes: [(block: LaminarBlocks.Block, piece: Int)] = []
    for (index, piece) in pieces.enumerated() {
      if index < firstRange || piece.isPrefix {
        prefixes.append((piece, index))
      } else if let range = IPRange(IPAddress(v6: piece.first), IPAddress(v6: piece.last)) {
        range.forEachPrefix { prefix in
          let block = LaminarBlocks.Block(
            first: prefix.address.number, last: prefix.last.number, entry: piece.entry)
          prefixes.append((block, index))
        }
      }
    }
    // Wider ones first, and of equal ones that of the larger block: its piece has the lower index.
    prefixes.sort { left, right in
      if left.block.first != right.block.first { return left.block.first < right.block.first }
      if left.block.last != right.block.last { return left.block.last > right.block.last }
      return left.piece < right.piece
    }
    return prefixes.map(\.block)
  }
}

extension LaminarBlocks.Block {
  /// The upper half of the first address.
  var high: UInt64 { UInt64(truncatingIfNeeded: first >> 64) }
  /// How many leading bits all addresses of an IPv6 block share.
  var length: Int { (first ^ last).leadingZeroBitCount }
  /// Whether the IPv6 block is all the addresses that share these bits.
  var isPrefix: Bool {
    let rest: UInt128 = length == 128 ? 0 : .max >> UInt128(length)
    return first & rest == 0 && last & rest == rest
  }
}

extension IPAddress {
  /// The address as one number.
  var number: UInt128 { UInt128(high) << 64 | UInt128(low) }

  /// An IPv6 address from one number.
  init(v6 number: UInt128) {
    self.init(
      v6High: UInt64(truncatingIfNeeded: number >> 64), low: UInt64(truncatingIfNeeded: number))
  }
}
