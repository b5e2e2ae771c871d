import Glibc
import Testing
import WeirCrypto

@testable import WeirShare

/// Whether the noise keeps its promise, seen from outside, and whether such a look would notice when it did not.
@Suite struct AuditPowerTests {
  /// How many of `trials` releases publish all three cells of one customer, with and without it.
  private func published(_ noise: DiscreteLaplace, truth: Int64, trials: Int) throws -> Double {
    var source = KernelEntropy()
    var count = 0
    for _ in 0..<trials {
      var isAll = true
      for _ in 0..<3 where try noise.sample(&source) + truth < 1 { isAll = false }
      if isAll { count += 1 }
    }
    return Double(count)
  }

  /// The lowest epsilon that the counts allow, but for one chance in a million.
  private func leastEpsilon(scale: String, trials: Int) throws -> (bound: Double, estimate: Double)
  {
    let scale = try #require(Rational(scale))
    let noise = try #require(DiscreteLaplace(scale: scale))
    let with = try published(noise, truth: 1, trials: trials)
    let without = try published(noise, truth: 0, trials: trials)
    let estimate = log(with / without)
    return (estimate - 4.75 * (1 / with + 1 / without).squareRoot(), estimate)
  }

  @Test func oneCustomerChangesTheOddsByAtMostWhatIsClaimed() throws {
    // Three cells, epsilon 1/5: scale 15. The first look is repeated with more when it fails, as one in a million would.
    var found = try leastEpsilon(scale: "15", trials: 80_000)
    if found.bound > 0.2 { found = try leastEpsilon(scale: "15", trials: 320_000) }
    #expect(found.bound <= 0.2)
    #expect(found.estimate > 0.1)
  }

  @Test func lessNoiseThanClaimedIsSeen() throws {
    #expect(try leastEpsilon(scale: "8", trials: 80_000).bound > 0.2)
  }
}
