import WeirCrypto

/// Exact samples of the discrete Laplace distribution, P(x) = (1-q)/(1+q) q^|x| with q = exp(-1/scale).
///
/// Integers only, after Canonne, Kamath and Steinke, "The Discrete Gaussian for Differential Privacy" (NeurIPS 2020),
/// algorithms 1 and 2: no rounding can make a sample depend on what it hides.
public struct DiscreteLaplace: Sendable {
  /// The scale as a fraction.
  private let numerator: UInt64
  private let denominator: UInt64

  /// The largest numerator and denominator.
  public static let termMax: UInt64 = 1_000_000

  /// A distribution; nil when the scale is zero or its terms are larger than `termMax`.
  public init?(scale: Rational) {
    guard scale.numerator > 0, scale.numerator <= DiscreteLaplace.termMax,
      scale.denominator <= DiscreteLaplace.termMax
    else { return nil }
    numerator = scale.numerator
    denominator = scale.denominator
  }

  /// One sample.
  public func sample(_ source: inout some EntropySource & ~Copyable) throws(EntropyError) -> Int64 {
    while true {
      // A geometric number with ratio exp(-1/numerator): its remainder first, then its quotient.
      let remainder = try DiscreteLaplace.uniform(below: numerator, &source)
      guard try DiscreteLaplace.exponential(remainder, numerator, &source) else { continue }
      var quotient: UInt64 = 0
      while try DiscreteLaplace.exponential(1, 1, &source) { quotient += 1 }
      let magnitude = (remainder + numerator * quotient) / denominator
      let isNegative = try source.next() & 1 == 1
      // Zero would otherwise come twice, once with either sign.
      if isNegative, magnitude == 0 { continue }
      return isNegative ? -Int64(magnitude) : Int64(magnitude)
    }
  }

  /// True with the probability exp(-numerator/denominator), for a fraction of at most 1.
  private static func exponential(
    _ numerator: UInt64, _ denominator: UInt64, _ source: inout some EntropySource & ~Copyable
  ) throws(EntropyError) -> Bool {
    var count: UInt64 = 1
    // Ends with probability 1 - 1/count! behind `count` turns, so the product stays far below 2^64.
    while try uniform(below: denominator * count, &source) < numerator { count += 1 }
    return count & 1 == 1
  }

  /// A number from 0 to `limit` - 1, each as likely as any other.
  static func uniform(
    below limit: UInt64, _ source: inout some EntropySource & ~Copyable
  ) throws(EntropyError) -> UInt64 {
    // What lies in the last, incomplete run of `limit` numbers is thrown away.
    let rejected = (UInt64.max % limit + 1) % limit
    while true {
      let word = try source.next()
      if word <= UInt64.max - rejected { return word % limit }
    }
  }
}
