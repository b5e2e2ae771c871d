import WeirModel

/// How often pairs of bytes occur in traffic and in the patterns themselves, to choose windows that are rare in both.
///
/// The traffic is a page of typical texts; the set's own counts steer away from what many patterns share, such as
/// a common beginning.
struct PatternFrequency {
  /// Minus the binary logarithm of each pair's share, in eighths of a bit; pairs in lower case.
  private var bits: [UInt16]

  init(_ texts: PatternTexts, sample: [UInt8]) {
    var traffic = [Int](repeating: 0, count: 1 << 16)
    for index in sample.indices.dropLast() {
      traffic[PatternFrequency.pair(sample[index], sample[index + 1])] += 1
    }
    var own = [Int](repeating: 0, count: 1 << 16)
    for index in texts.bytes.indices.dropLast() {
      own[PatternFrequency.pair(texts.bytes[index], texts.bytes[index + 1])] += 1
    }
    let (trafficTotal, ownTotal) = (sample.count, texts.bytes.count)
    bits = traffic.indices.map { pair in
      // Random bytes are part of any traffic, so no pair has a share of nothing.
      let share =
        1 / 65536 + Double(traffic[pair]) / Double(trafficTotal)
        + Double(own[pair]) / Double(ownTotal)
      return UInt16(8 * -PatternFrequency.binaryLogarithm(share / 3))
    }
  }

  /// Where, from the start of the pattern in `range` of `bytes`, its rarest window of `length` bytes begins.
  func rarestWindow(_ bytes: [UInt8], _ range: Range<Int>, length: Int) -> Int {
    let places = range.count - length
    guard places > 0, length > 1 else { return 0 }
    var sum = 0
    for index in range.lowerBound..<range.lowerBound + length - 1 { sum += rarity(bytes, index) }
    var (best, bestSum) = (0, sum)
    for offset in 1...places {
      let at = range.lowerBound + offset
      sum += rarity(bytes, at + length - 2) - rarity(bytes, at - 1)
      if sum > bestSum { (best, bestSum) = (offset, sum) }
    }
    return best
  }

  private func rarity(_ bytes: [UInt8], _ index: Int) -> Int {
    Int(bits[PatternFrequency.pair(bytes[index], bytes[index + 1])])
  }

  private static func pair(_ first: UInt8, _ second: UInt8) -> Int {
    Int(asciiLowercased(first)) << 8 | Int(asciiLowercased(second))
  }

  /// The binary logarithm, the fraction linear between powers of two.
  private static func binaryLogarithm(_ value: Double) -> Double {
    Double(value.exponent) + value.significand - 1
  }
}
