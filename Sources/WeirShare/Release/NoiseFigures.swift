/// Numbers that anyone can compute from the public parameters of a release: threshold and interval.
///
/// In fixed point, so that the release side knows no rounding of floating point at all; each result is the smallest
/// integer for which the stated inequality holds, up to the 60 bits of the arithmetic.
public enum NoiseFigures {
  private static let one: UInt128 = 1 << 62

  /// The smallest count that is published: at most `expectedFalse` of `cells` cells whose truth is zero reach it.
  ///
  /// tau = max(k, ceil(b ln(N / (f (1 + q))))), the noise being discrete Laplace of scale b and q = exp(-1/b).
  public static func threshold(
    scale: Rational, cells: Int, expectedFalse: Rational, minimum: Int64
  ) -> Int64 {
    let q = ratio(scale)
    // cells * q^tau <= f (1 + q)
    let right = UInt128(expectedFalse.numerator) * (one + q) / UInt128(expectedFalse.denominator)
    let needed = smallest { exponent in
      UInt128(max(cells, 1)) * power(q, exponent) <= right
    }
    return max(minimum, needed)
  }

  /// The half-width of the interval that holds the noise with 95 %: the smallest m with 2 q^(m+1) / (1 + q) <= 0.05.
  public static func interval95(scale: Rational) -> Int64 {
    let q = ratio(scale)
    return smallest { 40 * power(q, $0 + 1) <= one + q }
  }

  /// exp(-1/scale) in units of 2^-62.
  private static func ratio(_ scale: Rational) -> UInt128 {
    let whole = scale.denominator / scale.numerator
    let rest = scale.denominator % scale.numerator
    // exp(-x) for x < 1 by its series, whose terms alternate and shrink; exp(-1) often enough for the rest.
    func series(_ numerator: UInt64, _ denominator: UInt64) -> UInt128 {
      var (sum, term) = (one, one)
      var index: UInt128 = 1
      while term > 0 {
        term = term * UInt128(numerator) / (UInt128(denominator) * index)
        sum = index & 1 == 1 ? sum - term : sum + term
        index += 1
      }
      return sum
    }
    let fraction = series(rest, scale.numerator)
    return whole == 0 ? fraction : fraction * power(series(1, 1), Int64(clamping: whole)) / one
  }

  private static func power(_ base: UInt128, _ exponent: Int64) -> UInt128 {
    var (result, square, rest) = (one, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result = result * square / one }
      square = square * square / one
      rest >>= 1
    }
    return result
  }

  /// The smallest number from 0 on for which something holds that stays true from then on.
  private static func smallest(_ holds: (Int64) -> Bool) -> Int64 {
    var high: Int64 = 1
    while !holds(high), high < 1 << 40 { high *= 2 }
    var low: Int64 = 0
    while low < high {
      let middle = (low + high) / 2
      if holds(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
