import BenchKit
import Synchronization
import WeirMatch
import WeirModel

/// Rows for IPv4 and IPv6 sets of a given size.
enum AddressRows {
  static let batch = 256
  static let nanoseconds = Unit("ns/look-up", isHigherBetter: false)

  static func v4(_ size: Int, lookUps: Int) throws -> [Benchmark] {
    var random = SeededRandom(seed: 4)
    var hosts: Set<UInt32> = []
    while hosts.count < size { hosts.insert(UInt32(truncatingIfNeeded: random.next())) }
    var blocks: Set<IPRange> = []
    while blocks.count < size / 50 {
      let address = IPAddress(v4: UInt32(truncatingIfNeeded: random.next()))
      let prefix = IPPrefix(address, length: Int.random(in: 20...29, using: &random))
      if let range = IPRange(prefix.address, prefix.last) { blocks.insert(range) }
    }
    let sortedHosts = hosts.sorted()
    let sortedBlocks = blocks.sorted { ($0.first, $1.last) < ($1.first, $0.last) }
    let compiled = try Compiled(entries: hosts.count + blocks.count) { image in
      try AddressSetBuilder.add(
        v4Hosts: sortedHosts, v6Hosts: [], blocks: sortedBlocks, to: &image)
    }
    let misses = (0..<lookUps).map { _ in UInt32(truncatingIfNeeded: random.next()) }
    let hits = (0..<lookUps).map { _ in sortedHosts[Int(random.next() % UInt64(size))] }
    let twin = { @Sendable (addresses: [UInt32]) -> Int in
      let known = Set(sortedHosts)
      return addresses.reduce(0) { sum, address in
        var low = 0
        var high = sortedBlocks.count
        while low < high {  // How many blocks begin at or before the address.
          let middle = (low + high) / 2
          if sortedBlocks[middle].first <= IPAddress(v4: address) {
            low = middle + 1
          } else {
            high = middle
          }
        }
        // A block is at most 4,096 addresses, so those that cover one are near.
        let covering = sortedBlocks[max(0, low - 64)..<low].count {
          $0.last >= IPAddress(v4: address)
        }
        return sum + covering + (known.contains(address) ? 1 : 0)
      }
    }
    let bars = size == 1_000_000
    return [("random", misses, bars ? 4.0 : nil), ("listed", hits, nil)].map {
      kind, addresses, bar in
      row(
        "IPv4 \(size) + \(size / 50) prefixes, \(kind)", compiled, addresses.count, bar: bar,
        tableBytes: min(compiled.image.byteCount, 2 << 20), expected: { twin(addresses) },
        run: { count(compiled.addresses, v4: addresses) })
    }
  }

  static func v6(_ size: Int, lookUps: Int) throws -> [Benchmark] {
    var random = SeededRandom(seed: 6)
    let lengths = [32, 40, 44, 48, 48, 48, 56, 64, 64, 64]
    // Half are hosts and prefixes longer than /64, as feeds have them, among 5,000 /32s.
    var hosts: Set<IPAddress> = []
    var blocks: Set<IPRange> = []
    while hosts.count < size / 5 { hosts.insert(address(&random)) }
    while blocks.count < size - hosts.count {
      let length = lengths[Int(random.next() % 10)]
      let prefix = IPPrefix(address(&random), length: length)
      if let range = IPRange(prefix.address, prefix.last) { blocks.insert(range) }
    }
    let sortedHosts = hosts.sorted()
    let sortedBlocks = blocks.sorted { ($0.first, $1.last) < ($1.first, $0.last) }
    let compiled = try Compiled(entries: size) { image in
      try AddressSetBuilder.add(
        v4Hosts: [], v6Hosts: sortedHosts, blocks: sortedBlocks, to: &image)
    }
    let misses = (0..<lookUps).map { _ in
      IPAddress(v6High: 0x3000 << 48 | random.next() >> 8, low: random.next())
    }
    let hits = (0..<lookUps).map { index -> IPAddress in
      let pick = Int(random.next() % UInt64(size))
      if pick < sortedHosts.count { return sortedHosts[pick] }
      let block = sortedBlocks[pick - sortedHosts.count]
      return IPAddress(v6High: block.first.high, low: block.last.low & random.next())
    }
    let mixed = zip(misses, hits).flatMap { [$0, $1] }
    let listed = hosts
    let twin = { @Sendable (addresses: [IPAddress]) -> Int in
      let prefixes = Set(sortedBlocks.compactMap(\.prefix))
      return addresses.reduce(0) { sum, address in
        sum + (listed.contains(address) ? 1 : 0)
          + Set(lengths).count { prefixes.contains(IPPrefix(address, length: $0)) }
      }
    }
    return [("random", misses), ("listed", hits), ("half listed", mixed)].map { kind, addresses in
      row(
        "IPv6 \(size) mixed, \(kind)", compiled, addresses.count, bar: 1_000.0 / 15,
        tableBytes: compiled.image.byteCount, expected: { twin(addresses) },
        run: { count(compiled.addresses, v6: addresses) })
    }
  }

  private static func address(_ random: inout SeededRandom) -> IPAddress {
    let network = 0x2000_0000 + (random.next() % 5_000) &* 0x9e37 % 0x1000_0000
    return IPAddress(v6High: network << 32 | random.next() >> 32, low: random.next())
  }

  private static func row(
    _ name: String, _ compiled: Compiled, _ lookUps: Int, bar: Double?, tableBytes: Int,
    expected: @escaping @Sendable () -> Int, run: @escaping @Sendable () -> Int
  ) -> Benchmark {
    let loads = RandomLoads(bytes: tableBytes, loads: lookUps)
    let perLookUp = { @Sendable (seconds: Double) in seconds * 1e9 / Double(lookUps) }
    return Benchmark(
      name: name, unit: nanoseconds, bar: bar,
      check: { Answer(expected: expected(), found: run()) },
      subject: .timed("Weir", value: perLookUp) { blackHole(run()) },
      rivals: [
        .timed("one load", value: perLookUp) {
          blackHole(Int(truncatingIfNeeded: loads.independent()))
        },
        .timed("latency", value: perLookUp) { blackHole(Int(truncatingIfNeeded: loads.chase())) },
      ],
      note: { _ in compiled.remark })
  }

  private static func count(_ set: AddressSet, v4 addresses: [UInt32]) -> Int {
    var found = 0
    for start in stride(from: 0, to: addresses.count, by: batch) {
      let range = start..<min(start + batch, addresses.count)
      for index in range { set.prefetch(v4: addresses[index]) }
      for index in range where set.mayContain(v4: addresses[index]) {
        set.forEachEntry(covering: addresses[index]) { _ in found += 1 }
      }
    }
    return found
  }

  private static func count(_ set: AddressSet, v6 addresses: [IPAddress]) -> Int {
    var found = 0
    for start in stride(from: 0, to: addresses.count, by: batch) {
      let range = start..<min(start + batch, addresses.count)
      for index in range { set.prefetch(v6High: addresses[index].high, low: addresses[index].low) }
      for index in range
      where set.mayContain(v6High: addresses[index].high, low: addresses[index].low) {
        set.forEachEntry(coveringV6High: addresses[index].high, low: addresses[index].low) { _ in
          found += 1
        }
      }
    }
    return found
  }
}

/// Takes a result so that the work for it is not optimized away.
func blackHole(_ value: Int) { swallowed.store(value, ordering: .relaxed) }

private let swallowed = Atomic(0)
