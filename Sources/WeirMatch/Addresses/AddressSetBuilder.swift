public import WeirModel

/// Lays out the tables of an `AddressSet`.
///
/// Pure: the same input gives the same bytes.
public enum AddressSetBuilder {
  /// Adds the sections of a set of single addresses and blocks.
  ///
  /// Entry numbers: `v4Hosts` take `0..<a` in order, `v6Hosts` `a..<a+b`, blocks `a+b..<a+b+c`.
  ///
  /// - Parameters:
  ///   - v4Hosts: single IPv4 addresses, ascending and distinct.
  ///   - v6Hosts: single IPv6 addresses, ascending and distinct.
  ///   - blocks: prefixes and ranges of both families; they may nest and cross, hosts may lie in them. Any
  ///     order works; by first address, of equal ones the wider first, is the smallest, as it
  ///     saves eight bytes for each block.
  /// - Throws: `AddressBuildError` when ranges cross too often.
  /// - Complexity: O(n log n).
  public static func add(
    v4Hosts: [UInt32], v6Hosts: [IPAddress], blocks: [IPRange], to image: inout ImageBuilder
  ) throws(AddressBuildError) {
    precondition(isAscending(v4Hosts), "IPv4 hosts are ascending and distinct")
    precondition(isAscending(v6Hosts), "IPv6 hosts are ascending and distinct")
    precondition(v6Hosts.allSatisfy { $0.family == .v6 }, "IPv6 hosts are IPv6 addresses")
    let base = v4Hosts.count + v6Hosts.count
    let v4Blocks = numbered(blocks, of: .v4, from: base)
    let v4Base = UInt32(base)
    let v6Base = UInt32(base + v4Blocks.count)
    try IPv4TablesBuilder.add(hosts: v4Hosts, blocks: v4Blocks, blockBase: v4Base, to: &image)
    let classes = try IPv6TablesBuilder.add(
      hosts: v6Hosts, blocks: numbered(blocks, of: .v6, from: base), blockBase: v6Base, to: &image)
    if base + blocks.count > 0 {
      image.add(
        AddressSections.counts,
        [
          UInt32(v4Hosts.count), UInt32(v6Hosts.count), UInt32(v4Blocks.count),
          UInt32(blocks.count - v4Blocks.count), classes,
        ])
    }
  }

  private static func isAscending<Value: Comparable>(_ values: [Value]) -> Bool {
    zip(values, values.dropFirst()).allSatisfy { $0 < $1 }
  }

  private static func numbered(
    _ blocks: [IPRange], of family: IPAddress.Family, from base: Int
  ) -> [LaminarBlocks.Block] {
    blocks.indices.filter { blocks[$0].first.family == family }.map { index in
      LaminarBlocks.Block(
        first: blocks[index].first.number, last: blocks[index].last.number,
        entry: UInt32(base + index))
    }
  }
}
