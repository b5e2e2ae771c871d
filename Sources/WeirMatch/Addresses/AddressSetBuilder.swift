public import WeirModel

/// Lays out the tables of an `AddressSet`. Pure: the same input gives the same bytes.
public enum AddressSetBuilder {
  /// Adds the sections of a set of single addresses and blocks.
  ///
  /// Entry numbers: `v4Hosts` take `0..<a` in order, `v6Hosts` `a..<a+b`, blocks `a+b..<a+b+c`.
  ///
  /// - Parameters:
  ///   - v4Hosts: single IPv4 addresses, ascending and distinct.
  ///   - v6Hosts: single IPv6 addresses, ascending and distinct.
  ///   - blocks: prefixes and ranges of both families, in any order; they may nest and cross, hosts may
  ///     lie in them.
  /// - Throws: `AddressBuildError` when ranges cross too often.
  /// - Complexity: O(n log n).
  public static func add(
    v4Hosts: [UInt32], v6Hosts: [IPAddress], blocks: [IPRange], to image: inout ImageBuilder
  ) throws(AddressBuildError) {
    precondition(isAscending(v4Hosts), "IPv4 hosts are ascending and distinct")
    precondition(isAscending(v6Hosts), "IPv6 hosts are ascending and distinct")
    image.add(
      AddressSections.numbering,
      [UInt32(v4Hosts.count), UInt32(v6Hosts.count), UInt32(blocks.count)])
    image.add(AddressSections.v4Hosts, v4Hosts)
    image.add(AddressSections.v6HostHighs, v6Hosts.map(\.high))
    image.add(AddressSections.v6HostLows, v6Hosts.map(\.low))
    let base = v4Hosts.count + v6Hosts.count
    let v4 = try LaminarBlocks(numbered(blocks, of: .v4, from: base), spaceLast: UInt128(UInt32.max)).pieces
    image.add(AddressSections.v4Firsts, v4.map { UInt32(truncatingIfNeeded: $0.first) })
    image.add(AddressSections.v4Lasts, v4.map { UInt32(truncatingIfNeeded: $0.last) })
    image.add(AddressSections.v4Parents, v4.map(\.parent))
    image.add(AddressSections.v4Entries, v4.map(\.entry))
    let v6 = try LaminarBlocks(numbered(blocks, of: .v6, from: base), spaceLast: .max).pieces
    image.add(AddressSections.v6Firsts, v6.flatMap { halves($0.first) })
    image.add(AddressSections.v6Lasts, v6.flatMap { halves($0.last) })
    image.add(AddressSections.v6Parents, v6.map(\.parent))
    image.add(AddressSections.v6Entries, v6.map(\.entry))
    image.add(AddressSections.blockEnds, blocks.flatMap(ends))
  }

  private static func isAscending<Value: Comparable>(_ values: [Value]) -> Bool {
    zip(values, values.dropFirst()).allSatisfy { $0 < $1 }
  }

  private static func numbered(
    _ blocks: [IPRange], of family: IPAddress.Family, from base: Int
  ) -> [LaminarBlocks.Block] {
    blocks.indices.lazy.filter { blocks[$0].first.family == family }.map { index in
      LaminarBlocks.Block(
        first: blocks[index].first.number, last: blocks[index].last.number,
        entry: UInt32(base + index))
    }
  }

  private static func halves(_ number: UInt128) -> [UInt64] {
    [UInt64(truncatingIfNeeded: number >> 64), UInt64(truncatingIfNeeded: number)]
  }

  /// Family, first and last address of a block.
  private static func ends(_ block: IPRange) -> [UInt64] {
    [
      UInt64(block.first.family.rawValue), block.first.high, block.first.low, block.last.high,
      block.last.low,
    ]
  }
}

extension IPAddress {
  /// The address as one number.
  var number: UInt128 { UInt128(high) << 64 | UInt128(low) }
}
