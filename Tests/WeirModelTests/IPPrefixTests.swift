import Testing
import WeirModel

/// Whether `address` has the first `length` bits of `base`, bit by bit.
private func slowContains(_ base: IPAddress, _ length: Int, _ address: IPAddress) -> Bool {
  guard base.family == address.family else { return false }
  func bit(_ value: IPAddress, _ index: Int) -> UInt64 {
    let position = 127 - (value.family == .v4 ? index + 96 : index)
    return (position >= 64 ? value.high >> UInt64(position - 64) : value.low >> UInt64(position))
      & 1
  }
  return (0..<length).allSatisfy { bit(base, $0) == bit(address, $0) }
}

@Test func aPrefixHoldsWhatSharesItsBits() {
  var random = Seeded(3)
  for round in 0..<20_000 {
    let base = Seeded.address(&random)
    let length = Int.random(in: 0...base.family.bits, using: &random)
    let prefix = IPPrefix(base, length: length)
    let others = [
      base, prefix.last, prefix.last.successor, Seeded.address(&random), IPAddress(v4: 0),
    ]
    for other in others.compactMap({ $0 }) {
      #expect(
        prefix.contains(other) == slowContains(base, length, other),
        "seed 3, round \(round): \(prefix) \(other)")
    }
    #expect(prefix.isHost == (length == base.family.bits))
    #expect(IPRange(prefix.address, prefix.last)?.prefix == prefix, "seed 3, round \(round)")
  }
}

@Test func aPrefixLengthIsClamped() {
  #expect(IPPrefix(IPAddress(v4: 1), length: 40).length == 32)
  #expect(IPPrefix(IPAddress(v4: 1), length: -1).description == "0.0.0.0/0")
  #expect(IPPrefix(IPAddress(v6High: 1, low: 1), length: 200).length == 128)
}

@Test func everyRangeOfASmallWorldIsItsPrefixes() {
  // All ranges of the 64 addresses at the top of each family, where overflow would show.
  let tops = [IPAddress(v4: .max - 63), IPAddress(v6High: .max, low: .max - 63)]
  for top in tops {
    for first in 0..<64 as Range<UInt64> {
      for last in first..<64 {
        let range = IPRange(top.advanced(first), top.advanced(last))
        var covered: [UInt64] = []
        range?.forEachPrefix { prefix in
          for offset in 0..<64 as Range<UInt64> where prefix.contains(top.advanced(offset)) {
            covered.append(offset)
          }
        }
        #expect(covered == Array(first...last), "\(top) \(first) \(last)")
      }
    }
  }
}

@Test func theLargestRangesNeedTheMostPrefixes() {
  var count = 0
  IPRange(IPAddress(v4: 1), IPAddress(v4: .max - 1))?.forEachPrefix { _ in count += 1 }
  #expect(count == 62)
  count = 0
  IPRange(IPAddress(v6High: 0, low: 1), IPAddress(v6High: .max, low: .max - 1))?
    .forEachPrefix { _ in count += 1 }
  #expect(count == 254)
  var whole: [IPPrefix] = []
  IPRange(IPAddress(v4: 0), IPAddress(v4: .max))?.forEachPrefix { whole.append($0) }
  #expect(whole == [IPPrefix(IPAddress(v4: 0), length: 0)])
}

@Test func aRangeHasTwoEndsOfOneFamilyInOrder() {
  #expect(IPRange(IPAddress(v4: 2), IPAddress(v4: 1)) == nil)
  #expect(IPRange(IPAddress(v4: 2), IPAddress(v6High: 0, low: 3)) == nil)
  #expect(IPRange(IPAddress(v4: 1), IPAddress(v4: 2))?.prefix == nil)
  #expect(IPRange(IPAddress(v4: 1), IPAddress(v4: 2))?.description == "0.0.0.1-0.0.0.2")
  #expect(IPRange(IPAddress(v4: 2), IPAddress(v4: 3))?.prefix?.description == "0.0.0.2/31")
}

@Test func anIndicatorIsTheSimplestValueThatSaysTheSame() throws {
  let first = IPAddress(v4: 0xc000_0200)
  #expect(IndicatorValue(IPPrefix(first, length: 32)) == .address(first))
  #expect(IndicatorValue(IPPrefix(first, length: 24)).kind == .cidr)
  let host = try #require(IPRange(first, first))
  #expect(IndicatorValue(host).kind == .ip)
  let prefix = try #require(IPRange(first, IPAddress(v4: 0xc000_02ff)))
  #expect(IndicatorValue(prefix) == .prefix(IPPrefix(first, length: 24)))
  let endpoint = IndicatorValue.endpoint(IPAddress(v6High: 0, low: 1), port: 53)
  #expect(endpoint.description == "[::1]:53")
  #expect(IndicatorValue.endpoint(first, port: 53).description == "192.0.2.0:53")
}

extension IPAddress {
  /// The address `offset` further on; the offset must not leave the lower half.
  fileprivate func advanced(_ offset: UInt64) -> IPAddress {
    family == .v4
      ? IPAddress(v4: v4Bits + UInt32(offset)) : IPAddress(v6High: high, low: low + offset)
  }
}
