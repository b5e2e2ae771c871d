/// A number is too large for the arithmetic of budgets.
public struct RationalOverflow: Error, Equatable, Sendable {}

/// A positive fraction in lowest terms, or zero.
///
/// Privacy budgets are added exactly: no rounding, and an overflow is an error.
public struct Rational: Hashable, Sendable {
  /// The numerator.
  public let numerator: UInt64
  /// The denominator, at least 1.
  public let denominator: UInt64

  /// Zero.
  public static let zero = Rational(reduced: 0, 1)

  private init(reduced numerator: UInt64, _ denominator: UInt64) {
    self.numerator = numerator
    self.denominator = denominator
  }

  /// A fraction, reduced; nil when the denominator is zero.
  public init?(_ numerator: UInt64, _ denominator: UInt64 = 1) {
    guard denominator > 0 else { return nil }
    let common = Rational.greatestCommonDivisor(numerator, denominator)
    self.init(reduced: numerator / common, denominator / common)
  }

  /// Reads `1/2` or `5`.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, let first = parts.first, let numerator = UInt64(first) else {
      return nil
    }
    guard let denominator = parts.count == 2 ? UInt64(parts[1]) : 1 else { return nil }
    self.init(numerator, denominator)
  }

  private static func greatestCommonDivisor(_ left: UInt64, _ right: UInt64) -> UInt64 {
    var (larger, smaller) = (left, right)
    while smaller != 0 { (larger, smaller) = (smaller, larger % smaller) }
    return larger
  }

  /// The sum.
  public func adding(_ other: Rational) throws(RationalOverflow) -> Rational {
    let left = try Rational.product(numerator, other.denominator)
    let right = try Rational.product(other.numerator, denominator)
    let (sum, overflow) = left.addingReportingOverflow(right)
    guard !overflow else { throw RationalOverflow() }
    return Rational(sum, try Rational.product(denominator, other.denominator)) ?? .zero
  }

  /// A whole number divided by this.
  public func dividing(_ whole: UInt64) throws(RationalOverflow) -> Rational {
    guard
      let quotient = Rational(try Rational.product(whole, denominator), numerator)
    else { throw RationalOverflow() }
    return quotient
  }

  private static func product(_ left: UInt64, _ right: UInt64) throws(RationalOverflow) -> UInt64 {
    let (product, overflow) = left.multipliedReportingOverflow(by: right)
    guard !overflow else { throw RationalOverflow() }
    return product
  }
}

extension Rational: Comparable, CustomStringConvertible {
  /// By value; exact for all values.
  public static func < (left: Rational, right: Rational) -> Bool {
    UInt128(left.numerator) * UInt128(right.denominator)
      < UInt128(right.numerator) * UInt128(left.denominator)
  }

  /// `1/2`, or `5`.
  public var description: String {
    denominator == 1 ? "\(numerator)" : "\(numerator)/\(denominator)"
  }
}

extension Rational {
  /// The JSON object.
  var json: CanonicalJSON {
    ["num": .integer(Int64(clamping: numerator)), "den": .integer(Int64(clamping: denominator))]
  }

  /// Reads the JSON object; nil when it is not in lowest terms.
  init?(json: CanonicalJSON?) {
    guard let numerator = json?["num"]?.integer, let denominator = json?["den"]?.integer,
      numerator >= 0, denominator > 0,
      let value = Rational(UInt64(numerator), UInt64(denominator)),
      value.numerator == UInt64(numerator)
    else { return nil }
    self = value
  }
}
