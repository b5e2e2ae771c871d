import Testing
import WeirMatch
import WeirModel

@Suite struct AddressSetTests {
  @Test func anImageWithoutSectionsIsAnEmptySet() throws {
    let image = try Image(ImageBuilder().finish())
    defer { keep(image) }
    let set = try AddressSet(image)
    #expect(set.isEmpty)
    #expect(answer(set, IPAddress(v4: 0)) == [])
    #expect(answer(set, IPAddress(v6High: 0, low: 0)) == [])
    #expect(!set.mayContain(v4: 1))
    #expect(!set.mayContain(v6High: 1, low: 1))
    #expect(set.range(of: 7).first == IPAddress(v4: 0))
  }

  @Test(arguments: [
    AddressWorld(["0.0.0.0", "255.255.255.255", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"]),
    AddressWorld(blocks: ["0.0.0.0/0", "::/0"]),
    AddressWorld(
      ["192.0.2.1", "192.0.2.255"],
      blocks: ["192.0.2.0/24", "192.0.0.0/16", "192.0.2.1/32", "0.0.0.0/0", "192.0.2.0/25"]),
    AddressWorld(
      blocks: [
        "10.0.0.0-10.0.0.9", "10.0.0.5-10.0.0.20", "10.0.0.7-10.0.0.7", "10.0.0.9-10.0.1.0",
        "9.255.255.255-10.0.0.5", "255.255.255.0-255.255.255.255", "0.0.0.0-0.0.0.3",
      ]),
    AddressWorld(
      ["2001:db8::1", "2001:db8::2", "2001:db8:0:1::1", "::ffff:192.0.2.1", "2001:db9::"],
      blocks: [
        "2001:db8::/32", "2001:db8::/48", "2001:db8::/64", "2001:db8::/127", "2000::/3",
        "2001:db8::1/128", "2001:db8::5-2001:db8:0:1::7", "2001:db8:0:1::-2001:db8:0:2::",
        "::ffff:0:0/96", "ffff:ffff::/32",
      ]),
  ])
  func cornersAreAnsweredAsByAScan(_ world: AddressWorld) throws {
    let image = try world.image()
    defer { keep(image) }
    let set = try AddressSet(image)
    #expect(set.count == world.entries.count)
    for address in world.corners {
      #expect(answer(set, address) == world.covering(address), "\(address)")
    }
  }

  @Test func everyEntryIsGivenBack() throws {
    let world = AddressWorld(
      ["192.0.2.1", "2001:db8::7"], blocks: ["10.0.0.3-10.0.0.9", "10.0.0.5-10.1.0.0", "::/7"])
    let image = try world.image()
    defer { keep(image) }
    let set = try AddressSet(image)
    for (entry, range) in world.entries.enumerated() {
      #expect(set.range(of: UInt32(entry)) == range)
    }
  }

  @Test func theSameInputGivesTheSameBytes() throws {
    var random = SeededRandom(seed: 3)
    let world = randomWorld(hosts: 300, blocks: 300, &random)
    let images = try [world.image(), world.image()].map(bytes)
    #expect(images[0] == images[1])
  }

  /// A world of 8 bits: every prefix of it, and every address.
  @Test(arguments: [0, 24, 60, 120], [UInt64](1...12))
  func everyPrefixOfASmallWorldIsFound(shift: Int, seed: UInt64) throws {
    let bits = shift == 0 || shift == 24 ? 32 : 128
    let address = { (value: Int) -> IPAddress in
      let number = UInt128(value) << UInt128(shift)
      return bits == 32
        ? IPAddress(v4: UInt32(number))
        : IPAddress(
          v6High: UInt64(number >> 64), low: UInt64(truncatingIfNeeded: number))
    }
    var random = SeededRandom(seed: seed)
    var blocks: [IPRange] = []
    for length in 0...8 {
      for value in stride(from: 0, to: 256, by: 1 << (8 - length))
      where seed == 1 || random.next() % seed == 0 {
        let prefix = IPPrefix(address(value), length: bits - 8 - shift + length)
        blocks += [IPRange(prefix.address, prefix.last)].compactMap(\.self)
      }
    }
    let hosts = (0..<256).filter { _ in random.next() % seed < 2 }.map(address)
    let world = AddressWorld(hosts: hosts, blocks: blocks)
    let image = try world.image()
    defer { keep(image) }
    let set = try AddressSet(image)
    for value in 0..<256 {
      let address = address(value)
      #expect(answer(set, address) == world.covering(address), "\(address) seed \(seed)")
    }
  }

  /// Ranges at random in a small space, so that they nest, cross and touch in every way.
  @Test(arguments: [UInt64](1...40))
  func crossingRangesAreFoundSmallestFirst(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let span = UInt32.random(in: 4...200, using: &random)
    let address = { (value: UInt32) -> IPAddress in
      seed % 2 == 0
        ? IPAddress(v4: value &- span / 2)
        : IPAddress(v6High: UInt64(value / 8), low: UInt64(value % 8) &- 4)
    }
    let blocks = (0..<Int.random(in: 1...60, using: &random)).compactMap { _ -> IPRange? in
      let ends = (0..<2).map { _ in address(.random(in: 0..<span, using: &random)) }
      return IPRange(ends[0], ends[1])
    }
    let world = AddressWorld(hosts: [], blocks: blocks)
    let image = try world.image()
    defer { keep(image) }
    let set = try AddressSet(image)
    for address in (0..<span).map(address) + world.corners {
      #expect(answer(set, address) == world.covering(address), "\(address) seed \(seed)")
    }
  }

  @Test func rangesThatAllCrossEachOtherAreRefused() throws {
    let blocks = (0..<UInt32(3_000)).compactMap { index in
      IPRange(IPAddress(v4: index), IPAddress(v4: 10_000 + index))
    }
    #expect(throws: AddressBuildError.crossing(piecesMax: 1 << 20)) {
      try AddressWorld(hosts: [], blocks: blocks).image()
    }
  }

  @Test func deepNestsDoNotSlowMissesDown() throws {
    // 20,000 ranges one in another: a miss behind them must not climb through them all.
    let blocks = (0..<UInt32(20_000)).compactMap { index in
      IPRange(IPAddress(v4: index), IPAddress(v4: 100_000 - index))
    }
    let image = try AddressWorld(hosts: [], blocks: blocks).image()
    defer { keep(image) }
    let set = try AddressSet(image)
    for value in 0..<UInt32(200_000) { #expect(answer(set, IPAddress(v4: 100_001 + value)) == []) }
    #expect(answer(set, IPAddress(v4: 2)) == [2, 1, 0])
    #expect(answer(set, IPAddress(v4: 99_999)) == [1, 0])
  }

  @Test func aMillionRandomLookUpsAgreeWithAPlainTwin() throws {
    var random = SeededRandom(seed: 20)
    let world = randomWorld(hosts: 20_000, blocks: 2_000, &random)
    let image = try world.image()
    defer { keep(image) }
    let set = try AddressSet(image)
    let twin = PlainTwin(world)
    let near = world.corners
    var wrong: [IPAddress] = []
    for round in 0..<1_000_000 {
      let address =
        round % 4 == 0
        ? randomAddress(&random) : near[Int.random(in: 0..<near.count, using: &random)]
      if answer(set, address) != twin.covering(address) { wrong.append(address) }
    }
    #expect(wrong.isEmpty, "seed 20, \(wrong.prefix(5))")
  }

  @Test func damagedImagesAreRefusedOrAnsweredButNeverTrap() throws {
    var random = SeededRandom(seed: 5)
    let world = randomWorld(hosts: 40, blocks: 30, &random)
    let good = try bytes(of: world.image())
    let probes = world.corners.prefix(60) + [IPAddress(v4: 0), IPAddress(v6High: .max, low: .max)]
    var answered = 0
    for offset in damagedOffsets(good.count) {
      for mask: UInt8 in [0xff, 0x01, 0x80] {
        var damaged = good
        damaged[offset] ^= mask
        guard let image = try? Image(damaged), let set = try? AddressSet(image) else { continue }
        defer { keep(image) }
        for probe in probes { set.forEachEntry(covering: probe) { _ = set.range(of: $0) } }
        answered += 1
      }
    }
    #expect(answered > 0)
    for length in stride(from: 0, to: good.count, by: max(1, good.count / 500)) {
      guard let image = try? Image(Array(good[..<length])) else { continue }
      _ = try? AddressSet(image)
    }
  }
}

/// Where to flip: all bytes of a small image; of a large one the head of it and a spread of the rest.
func damagedOffsets(_ byteCount: Int) -> [Int] {
  Array(0..<min(byteCount, 2_048))
    + Array(stride(from: min(byteCount, 2_048), to: byteCount, by: max(1, byteCount / 3_000)))
}

private func randomAddress(_ random: inout SeededRandom) -> IPAddress {
  random.next() % 2 == 0
    ? IPAddress(v4: UInt32.random(in: 0x0a00_0000...0x0a3f_ffff, using: &random))
    : IPAddress(
      v6High: 0x2001_0db8_0000_0000 | (random.next() & 0x0003_0003_0003),
      low: random.next() & 0xffff)
}

private func randomWorld(hosts: Int, blocks: Int, _ random: inout SeededRandom) -> AddressWorld {
  let hosts = (0..<hosts).map { _ in randomAddress(&random) }
  let blocks = (0..<blocks).compactMap { index -> IPRange? in
    let address = randomAddress(&random)
    if index % 16 == 0 {
      let length = UInt64.random(in: 1...4_000, using: &random)
      let last =
        address.family == .v4
        ? IPAddress(v4: address.v4Bits + UInt32(length))
        : IPAddress(v6High: address.high + length % 7, low: address.low &+ length)
      return IPRange(address, last)
    }
    let length =
      address.family == .v4
      ? Int.random(in: 14...32, using: &random) : Int.random(in: 24...128, using: &random)
    return IPRange(address.masked(to: length), address.filled(from: length))
  }
  return AddressWorld(hosts: hosts, blocks: blocks)
}

/// Hosts in a dictionary; blocks in lists by the first 16 (IPv4) or 64 bits (IPv6), each list scanned.
private struct PlainTwin {
  private var hosts: [IPAddress: UInt32] = [:]
  private var near: [UInt64: [(range: IPRange, entry: UInt32)]] = [:]
  private var wide: [(range: IPRange, entry: UInt32)] = []

  init(_ world: AddressWorld) {
    var blocks: [(range: IPRange, entry: UInt32)] = []
    for (entry, range) in world.entries.enumerated() {
      if entry < world.v4Hosts.count + world.v6Hosts.count {
        hosts[range.first] = UInt32(entry)
      } else {
        blocks.append((range, UInt32(entry)))
      }
    }
    blocks.sort { (size($0.range), $0.entry) < (size($1.range), $1.entry) }
    for block in blocks {
      let keys = (PlainTwin.key(block.range.first), PlainTwin.key(block.range.last))
      if keys.1 - keys.0 < 16 {
        for key in keys.0...keys.1 { near[key, default: []].append(block) }
      } else {
        wide.append(block)
      }
    }
  }

  func covering(_ address: IPAddress) -> [UInt32] {
    var found: [UInt32] = []
    if let host = hosts[address] { found.append(host) }
    // What is wide is larger than what is near.
    for block in near[PlainTwin.key(address)] ?? []
    where block.range.first <= address && address <= block.range.last {
      found.append(block.entry)
    }
    for block in wide where block.range.first <= address && address <= block.range.last {
      found.append(block.entry)
    }
    return found
  }

  private static func key(_ address: IPAddress) -> UInt64 {
    address.family == .v4 ? address.low >> 16 : address.high
  }
}
