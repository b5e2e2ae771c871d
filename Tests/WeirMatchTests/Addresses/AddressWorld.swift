import WeirMatch
import WeirModel

/// SplitMix64: small, seeded, and the same everywhere.
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}

/// Keeps an image alive to the end of the scope that calls this in a `defer`: sets do not hold on to it.
func keep(_ image: Image) { withExtendedLifetime(image) {} }

/// The bytes of an image.
func bytes(of image: Image) -> [UInt8] {
  image.withBytes { bytes in (0..<bytes.byteCount).map { bytes.loadInteger(at: $0) } }
}

/// What is put into an address set, and the plain answer to every look-up: a scan of all of it.
struct AddressWorld {
  var v4Hosts: [UInt32] = []
  var v6Hosts: [IPAddress] = []
  var blocks: [IPRange] = []

  /// Sorts out what a random generator made.
  init(hosts: [IPAddress], blocks: [IPRange]) {
    v4Hosts = Set(hosts.filter { $0.family == .v4 }.map(\.v4Bits)).sorted()
    v6Hosts = Set(hosts.filter { $0.family == .v6 }).sorted()
    self.blocks = Set(blocks).sorted { ($0.first, $0.last) < ($1.first, $1.last) }
  }

  init(_ hosts: [String] = [], blocks texts: [String] = []) {
    self.init(hosts: hosts.compactMap { IPAddress($0) }, blocks: texts.compactMap(range))
  }

  func image() throws -> Image {
    var builder = ImageBuilder()
    try AddressSetBuilder.add(v4Hosts: v4Hosts, v6Hosts: v6Hosts, blocks: blocks, to: &builder)
    return try Image(builder.finish())
  }

  /// All entries as ranges, by entry number.
  var entries: [IPRange] {
    v4Hosts.compactMap { IPRange(IPAddress(v4: $0), IPAddress(v4: $0)) }
      + v6Hosts.compactMap { IPRange($0, $0) } + blocks
  }

  /// Every entry that covers an address, smallest first, ties by number.
  func covering(_ address: IPAddress) -> [UInt32] {
    entries.enumerated()
      .filter { $1.first <= address && address <= $1.last && $1.first.family == address.family }
      .sorted { (size($0.element), $0.offset) < (size($1.element), $1.offset) }
      .map { UInt32($0.offset) }
  }

  /// The ends of all entries and their neighbors: where answers change.
  var corners: [IPAddress] {
    entries.flatMap { entry in
      [entry.first, entry.last].flatMap { [step($0, by: .max), $0, step($0, by: 1)] }
    }
  }
}

/// Checks a look-up of one address, in every way there is to ask, against the plain answer.
func answer(_ set: AddressSet, _ address: IPAddress) -> [UInt32]? {
  var found: [UInt32] = []
  set.forEachEntry(covering: address) { found.append($0) }
  var direct: [UInt32] = []
  let mayContain: Bool
  if address.family == .v4 {
    set.prefetch(v4: address.v4Bits)
    mayContain = set.mayContain(v4: address.v4Bits)
    set.forEachEntry(covering: address.v4Bits) { direct.append($0) }
  } else {
    set.prefetch(v6High: address.high, low: address.low)
    mayContain = set.mayContain(v6High: address.high, low: address.low)
    set.forEachEntry(coveringV6High: address.high, low: address.low) { direct.append($0) }
  }
  guard direct == found, mayContain || found.isEmpty else { return nil }
  return found
}

/// The number of addresses in a range, minus one.
func size(_ range: IPRange) -> UInt128 { number(range.last) - number(range.first) }

private func number(_ address: IPAddress) -> UInt128 {
  UInt128(address.high) << 64 | UInt128(address.low)
}

private func step(_ address: IPAddress, by step: UInt128) -> IPAddress {
  let number = number(address) &+ step
  return address.family == .v4
    ? IPAddress(v4: UInt32(truncatingIfNeeded: number))
    : IPAddress(
      v6High: UInt64(truncatingIfNeeded: number >> 64), low: UInt64(truncatingIfNeeded: number))
}

/// Reads `address/length` or `first-last`.
func range(_ text: String) -> IPRange? {
  if let slash = text.firstIndex(of: "/"), let address = IPAddress(String(text[..<slash])),
    let length = Int(text[text.index(after: slash)...])
  {
    let prefix = IPPrefix(address, length: length)
    return IPRange(prefix.address, prefix.last)
  }
  let ends = text.split(separator: "-").compactMap { IPAddress(String($0)) }
  return ends.count == 2 ? IPRange(ends[0], ends[1]) : nil
}
