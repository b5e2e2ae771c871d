import Glibc
import Testing
import WeirCrypto

@testable import WeirShare

@Suite struct SamplerTests {
  /// Pearson's chi-square against the exact distribution, tails pooled to at least 20 expected; as the standard normal
  /// deviate of Wilson and Hilferty.
  private func deviate(_ scale: Rational, samples: Int) throws -> Double {
    let noise = try #require(DiscreteLaplace(scale: scale))
    var source = KernelEntropy()
    var counts: [Int64: Int] = [:]
    for _ in 0..<samples { counts[try noise.sample(&source), default: 0] += 1 }
    let q = exp(-Double(scale.denominator) / Double(scale.numerator))
    func expected(_ x: Int64) -> Double {
      Double(samples) * (1 - q) / (1 + q) * pow(q, Double(abs(x)))
    }
    func tail(_ x: Int64) -> Double { Double(samples) * pow(q, Double(x)) / (1 + q) }
    var edge: Int64 = 0
    while tail(edge + 1) >= 20 { edge += 1 }
    var square = 0.0
    for x in -edge + 1..<max(edge, -edge + 2) {
      square += pow(Double(counts[x] ?? 0) - expected(x), 2) / expected(x)
    }
    for sign in [-1, 1] as [Int64] {
      let seen = counts.filter { $0.key * sign >= edge }.values.reduce(0, +)
      if edge > 0 { square += pow(Double(seen) - tail(edge), 2) / tail(edge) }
    }
    let degrees = Double(2 * edge)
    return (cbrt(square / degrees) - (1 - 2 / (9 * degrees))) / (2 / (9 * degrees)).squareRoot()
  }

  /// A millionth of honest runs has a deviate beyond 4.75; such a one is tried again with four times the samples.
  @Test(arguments: ["1/3", "1", "5/2", "6", "24/5"])
  func samplesFollowTheExactDistribution(text: String) throws {
    let scale = try #require(Rational(text))
    let first = try deviate(scale, samples: 100_000)
    if first > 4.75 { #expect(try deviate(scale, samples: 400_000) < 4.75) }
  }

  @Test func wrongScaleIsSeen() throws {
    // The test above must be able to fail: the same samples against a scale a tenth larger.
    let scale = try #require(Rational(6))
    let noise = try #require(DiscreteLaplace(scale: scale))
    var source = KernelEntropy()
    var zeros = 0
    for _ in 0..<100_000 where try noise.sample(&source) == 0 { zeros += 1 }
    let q = exp(-1 / 6.6)
    let expected = 100_000 * (1 - q) / (1 + q)
    #expect(abs(Double(zeros) - expected) / expected.squareRoot() > 4)
  }

  @Test func uniformNumbersReachEveryValue() throws {
    var source = KernelEntropy()
    var seen = Set<UInt64>()
    for _ in 0..<1000 { seen.insert(try DiscreteLaplace.uniform(below: 7, &source)) }
    #expect(seen == Set(0..<7))
  }
}
