import Testing
import WeirCrypto
import WeirModel
import WeirTally

@Suite struct CountingTests {
  private func networks() throws -> CustomerNetworks {
    let four = try #require(IPAddress("100.64.0.0"))
    let six = try #require(IPAddress("2001:db8:4000::"))
    let first = try #require(CustomerNetworks.Network(IPPrefix(four, length: 10), unitBits: 32))
    let second = try #require(CustomerNetworks.Network(IPPrefix(six, length: 34), unitBits: 56))
    return try #require(CustomerNetworks([first, second]))
  }

  private func tag(
    _ networks: CustomerNetworks, _ address: String, _ key: borrowing MessageKey
  ) throws -> UnitTag? {
    let address = try #require(IPAddress(address))
    guard let block = networks.block(of: address) else { return nil }
    return block.tag(key)
  }

  @Test func codesAreThoseOfHMAC() throws {
    // Python: hmac.new(bytes(range(32)), struct.pack("<QQQ", 1, 2, 3), "sha256").digest()[:16] as two words.
    guard let key = MessageKey(Array(0..<32)) else { throw EntropyError() }
    let code = key.code(1, 2, 3)
    #expect(code.0 == 0x539bdd92fa5ed978)
    #expect(code.1 == 0x03fdbada78f9ae92)
  }

  @Test func blocksAreCutAtTheirUnit() throws {
    let networks = try networks()
    guard let key = MessageKey(Array(repeating: 7, count: 32)),
      let other = MessageKey(Array(repeating: 8, count: 32))
    else { throw EntropyError() }
    #expect(try tag(networks, "100.64.0.1", key) != tag(networks, "100.64.0.2", key))
    #expect(
      try tag(networks, "2001:db8:4000:ff::1", key) == tag(networks, "2001:db8:4000:1::2", key))
    #expect(
      try tag(networks, "2001:db8:4000:ff::1", key) != tag(networks, "2001:db8:4000:100::1", key))
    #expect(try tag(networks, "100.64.0.1", key) != tag(networks, "100.64.0.1", other))
    #expect(try tag(networks, "8.8.8.8", key) == nil)
    let customer = try #require(IPAddress("100.64.0.1"))
    let outside = try #require(IPAddress("8.8.8.8"))
    func isCounted(_ source: IPAddress, _ destination: IPAddress) -> Bool {
      let block = networks.block(source: source, destination: destination)
      return block != nil
    }
    #expect(isCounted(customer, outside))
    #expect(isCounted(outside, customer))
    #expect(!isCounted(customer, customer))
    #expect(!isCounted(outside, outside))
  }

  @Test func overlappingNetworksAreRefused() throws {
    let address = try #require(IPAddress("10.0.0.0"))
    let wide = try #require(CustomerNetworks.Network(IPPrefix(address, length: 8), unitBits: 32))
    let narrow = try #require(CustomerNetworks.Network(IPPrefix(address, length: 24), unitBits: 32))
    #expect(CustomerNetworks([wide, narrow]) == nil)
    #expect(CustomerNetworks.Network(IPPrefix(address, length: 24), unitBits: 16) == nil)
  }

  /// Counts events of blocks given by number.
  private func counts(
    _ events: [(unit: Int, cell: CellNumber)], cells: Int, _ key: borrowing MessageKey
  ) throws -> [UInt32] {
    let networks = try networks()
    var table = Contributions(cellsPerUnit: 3)
    for event in events {
      let address = IPAddress(v4: 0x6440_0000 + UInt32(event.unit))
      guard let block = networks.block(of: address) else { continue }
      table.count(event.cell, block.tag(key), key)
    }
    return table.counts(cellCount: cells)
  }

  @Test func orderOfEventsDoesNotMatterAndOneBlockChangesThreeCellsByOne() throws {
    guard let key = MessageKey(Array(repeating: 3, count: 32)) else { throw EntropyError() }
    var random = SystemRandomNumberGenerator()
    for _ in 0..<50 {
      let events = (0..<2000).map { _ in
        (
          unit: Int.random(in: 0..<120, using: &random),
          cell: CellNumber.random(in: 0..<40, using: &random)
        )
      }
      let whole = try counts(events, cells: 40, key)
      #expect(try counts(events.shuffled(using: &random), cells: 40, key) == whole)
      let removed = Int.random(in: 0..<120, using: &random)
      let fewer = try counts(events.filter { $0.unit != removed }, cells: 40, key)
      let differences = zip(whole, fewer).map { Int($0) - Int($1) }
      #expect(differences.allSatisfy { $0 == 0 || $0 == 1 })
      #expect(differences.reduce(0, +) <= 3)
      #expect(whole.reduce(0, +) <= 360)
    }
  }

  @Test func stateComesBackTheSame() throws {
    let bytes = Array(repeating: UInt8(9), count: 32)
    guard let key = MessageKey(bytes) else { throw EntropyError() }
    let networks = try networks()
    var table = Contributions(cellsPerUnit: 3)
    for unit in 0..<5000 {
      guard let block = networks.block(of: IPAddress(v4: 0x6440_0000 + UInt32(unit))) else {
        continue
      }
      table.count(CellNumber(unit % 17), block.tag(key), key)
    }
    let state = table.state(key: key)
    let restored = try #require(Contributions.restore(state, cellsPerUnit: 3))
    #expect(restored.key == bytes)
    #expect(restored.contributions.unitCount == 5000)
    #expect(restored.contributions.counts(cellCount: 17) == table.counts(cellCount: 17))
    for count in stride(from: 0, to: state.count, by: 97) {
      #expect(Contributions.restore(Array(state.prefix(count)), cellsPerUnit: 3) == nil)
    }
    #expect(Contributions.restore(state, cellsPerUnit: 4) == nil)
  }

  @Test func whoTheCustomersAreMakesNoDifference() throws {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<50 {
      let first = MessageKey.random(&random)
      let second = MessageKey.random(&random)
      // At most three cells a block, so that no choice among them is left to the key.
      let events = (0..<500).map { _ in
        (
          unit: Int.random(in: 0..<200, using: &random),
          cell: CellNumber.random(in: 0..<3, using: &random)
        )
      }
      let names = Array(0..<200).shuffled(using: &random)
      let renamed = events.map { (unit: names[$0.unit] + 5000, cell: $0.cell) }
      guard let one = MessageKey(first), let other = MessageKey(second) else {
        throw EntropyError()
      }
      #expect(try counts(events, cells: 3, one) == counts(renamed, cells: 3, other))
    }
  }
}

extension MessageKey {
  /// The bytes of a key.
  fileprivate static func random(_ random: inout SystemRandomNumberGenerator) -> [UInt8] {
    (0..<byteCount).map { _ in UInt8.random(in: 0...255, using: &random) }
  }
}
