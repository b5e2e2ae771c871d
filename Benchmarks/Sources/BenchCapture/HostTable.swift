/// One machine of the capture, in one family.
struct Host: Sendable {
  let address: UInt128
  /// The sum of the address's 16-bit words, for checksums.
  let sum: UInt32
  /// Its Ethernet address, in the low 48 bits.
  let hardware: UInt64

  init(family: AddressPrefix.Family, address: UInt128, number: Int) {
    self.address = address
    var checksum = Checksum()
    for shift in stride(from: 0, to: family.bits, by: 32) {
      checksum.add(UInt32(truncatingIfNeeded: address >> UInt128(shift)))
    }
    sum = UInt32(checksum.folded)
    // Locally administered: 02-00 and the number.
    hardware = 0x0200_0000_0000 | UInt64(number)
  }
}

/// The hosts of one family: clients, then servers, then those with a listed address.
struct HostTable: Sendable {
  private(set) var hosts: [Host] = []
  /// Where the listed hosts begin.
  let firstListed: Int
  /// For each listed host, the entries that cover it.
  private(set) var covering: [[Int]] = []

  private let family: AddressPrefix.Family

  /// Draws background addresses that no entry covers, and listed ones from `used` entries.
  init(
    _ family: AddressPrefix.Family, options: CaptureOptions, avoiding index: CoverageIndex,
    _ random: inout SeededGenerator
  ) throws(CaptureError) {
    self.family = family
    firstListed = options.clients + options.servers
    for number in 0..<firstListed {
      let isClient = number < options.clients
      let address = try HostTable.unlisted(family, isClient: isClient, index, &random)
      hosts.append(Host(family: family, address: address, number: number))
    }
    plant(options.used, index, &random)
  }

  /// How many hosts have a listed address.
  var listedCount: Int { hosts.count - firstListed }

  private mutating func plant(
    _ count: Int, _ index: CoverageIndex, _ random: inout SeededGenerator
  ) {
    var candidates = index.entries.filter { $0.family == family }
    for position in 0..<min(count, candidates.count) {
      candidates.swapAt(position, position + random.below(candidates.count - position))
      let entry = candidates[position]
      let hostBits = min(family.bits - entry.length, 40)
      let offset = random.next() & ((1 << UInt64(hostBits)) - 1)
      let address = entry.first | UInt128(offset)
      covering.append(index.covering(family, address))
      hosts.append(Host(family: family, address: address, number: hosts.count))
    }
  }

  private static func unlisted(
    _ family: AddressPrefix.Family, isClient: Bool, _ index: CoverageIndex,
    _ random: inout SeededGenerator
  ) throws(CaptureError) -> UInt128 {
    for attempt in 0..<10_000 {
      let address =
        family == .ipv4
        ? UInt128(isClient && attempt < 50 ? privateIPv4(&random) : PublicAddresses.ipv4(&random))
        : ipv6(isClient: isClient, &random)
      if !index.covers(family, address) { return address }
    }
    throw .listsCoverTooMuch("addresses")
  }

  private static func privateIPv4(_ random: inout SeededGenerator) -> UInt32 {
    let number = UInt32(truncatingIfNeeded: random.next())
    switch random.below(3) {
    case 0: return 0x0A00_0000 | number & 0x3F_FFFF
    case 1: return 0xAC10_0000 | number & 0x0F_FFFF
    default: return 0xC0A8_0000 | number & 0xFFFF
    }
  }

  private static func ipv6(isClient: Bool, _ random: inout SeededGenerator) -> UInt128 {
    let sites: [UInt128] =
      isClient
      ? [0x2001_0DB8, 0x3FFF_0001] : [0x2606_4700, 0x2A00_1450, 0x2404_4408, 0x2001_4860]
    let site = random.pick(sites) << 96
    let network = UInt128(random.next() & 0xFFFF_FFFF) << 64
    return site | network | UInt128(random.next() >> 1 | 1)
  }
}
