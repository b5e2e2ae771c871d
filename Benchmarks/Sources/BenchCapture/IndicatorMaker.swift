/// Makes lists of indicators from a seed.
struct IndicatorMaker {
  private var random: SeededGenerator

  init(seed: UInt64) {
    random = SeededGenerator(seed: seed ^ 0x1157_5EED)
  }

  /// Lists as large as `options` asks for.
  mutating func lists(_ options: CaptureOptions) -> IndicatorLists {
    var lists = IndicatorLists()
    lists.prefixes = prefixes4(
      options.generatedAddresses, prefixShare: Share(options.generatedPrefixShare))
    lists.prefixes += prefixes6(options.generatedAddresses6)
    lists.domains = domains(options.generatedDomains)
    lists.patterns = patterns(options.generatedPatterns)
    return lists
  }

  /// Distinct public IPv4 entries, of which `prefixShare` stand for more than one address.
  private mutating func prefixes4(_ count: Int, prefixShare: Share) -> [AddressPrefix] {
    var entries: [AddressPrefix] = []
    var seen: Set<AddressPrefix> = []
    let lengths = [24, 24, 24, 24, 24, 24, 28, 28, 22, 20]
    while entries.count < count {
      let length = random.chance(prefixShare) ? random.pick(lengths) : 32
      let address = PublicAddresses.ipv4(&random)
      let entry = AddressPrefix(family: .ipv4, address: UInt128(address), length: length)
      if seen.insert(entry).inserted { entries.append(entry) }
    }
    return entries
  }

  /// IPv6 entries: half of them /64, half single addresses.
  private mutating func prefixes6(_ count: Int) -> [AddressPrefix] {
    var entries: [AddressPrefix] = []
    var seen: Set<AddressPrefix> = []
    while entries.count < count {
      let site = UInt128(0x2A00_0000 | random.next() & 0xFF_FFFF) << 96
      let address = site | UInt128(random.next() & 0xFFFF_FFFF) << 64 | UInt128(random.next())
      let length = random.below(2) == 0 ? 64 : 128
      let entry = AddressPrefix(family: .ipv6, address: address, length: length)
      if seen.insert(entry).inserted { entries.append(entry) }
    }
    return entries
  }

  private mutating func domains(_ count: Int) -> [String] {
    var names: [String] = []
    var seen: Set<String> = []
    while names.count < count {
      let name = HostNames.word(syllables: 4, &random) + "-bad." + HostNames.ending(&random)
      if seen.insert(name).inserted { names.append(name) }
    }
    return names
  }

  /// Half of them random bytes, half letters and digits; an eighth ignore case.
  private mutating func patterns(_ count: Int) -> [BytePattern] {
    let symbols = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_/=.%".utf8)
    return (0..<count).map { index in
      let length = 8 + random.below(25)
      let isText = index % 2 == 1
      let bytes = (0..<length).map { _ in
        isText ? random.pick(symbols) : UInt8(truncatingIfNeeded: random.next())
      }
      return BytePattern(identifier: "g\(index)", bytes: bytes, ignoresCase: index % 8 == 1)
    }
  }
}

/// Random addresses of the public Internet.
enum PublicAddresses {
  /// From 1.0.0.0 to 223.255.255.255, without private, loopback and link-local ones.
  static func ipv4(_ random: inout SeededGenerator) -> UInt32 {
    while true {
      let address = UInt32(truncatingIfNeeded: random.next() >> 32)
      let top = address >> 24
      let isSpecial =
        top == 0 || top == 10 || top == 127 || top >= 224 || address >> 20 == 0xAC1
        || address >> 16 == 0xC0A8 || address >> 16 == 0xA9FE || address >> 22 == 0x191
      if !isSpecial { return address }
    }
  }
}
