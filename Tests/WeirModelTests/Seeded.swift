import WeirModel

/// A seeded generator (SplitMix64).
struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }

  /// An address of either family; IPv6 ones have many zero groups.
  static func address(_ random: inout Seeded) -> IPAddress {
    let bits = random.next()
    if bits & 1 == 0 { return IPAddress(v4: UInt32(truncatingIfNeeded: bits >> 16)) }
    return IPAddress(v6High: sparse(&random), low: sparse(&random))
  }

  private static func sparse(_ random: inout Seeded) -> UInt64 {
    let (groups, choice) = (random.next(), random.next())
    var mask: UInt64 = 0
    for group in 0..<4 where choice >> UInt64(group * 2) & 3 != 0 {
      let width: UInt64 = choice >> UInt64(16 + group) & 1 == 0 ? 0xffff : 0x00ff
      mask |= width << UInt64(group * 16)
    }
    return groups & mask
  }
}
