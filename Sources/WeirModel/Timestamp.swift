/// A moment: nanoseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
public struct Timestamp: Hashable, Comparable, Sendable, BitwiseCopyable {
  /// Nanoseconds since the epoch; 1677 to 2262 can be said.
  public let nanoseconds: Int64

  /// Makes a moment from nanoseconds since the epoch.
  @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// Makes a moment from seconds and a fraction, clamped to what can be said.
  @inlinable public init(seconds: Int64, nanoseconds: Int64) {
    let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, overflow2) = scaled.addingReportingOverflow(nanoseconds)
    self.nanoseconds = overflow || overflow2 ? (seconds < 0 ? .min : .max) : sum
  }

  /// Whole seconds since the epoch, rounded down.
  @inlinable public var seconds: Int64 {
    nanoseconds >= 0 ? nanoseconds / 1_000_000_000 : -((-(nanoseconds + 1)) / 1_000_000_000) - 1
  }

  /// By time.
  @inlinable public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.nanoseconds < right.nanoseconds
  }
}

extension Timestamp: CustomStringConvertible {
  /// RFC 3339 in UTC with microseconds: `2026-11-23T10:00:00.000000Z`.
  public var description: String {
    var bytes: [UInt8] = []
    appendText(to: &bytes)
    bytes.append(UInt8(ascii: "Z"))
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends `2026-11-23T10:00:00.000000`, without a zone.
  public func appendText(to bytes: inout [UInt8]) {
    let seconds = self.seconds
    let (days, secondOfDay) = seconds.quotientFloored(by: 86_400)
    let date = civilDate(daysSinceEpoch: days)
    appendDecimal(date.year, width: 4, to: &bytes)
    bytes.append(UInt8(ascii: "-"))
    appendDecimal(date.month, width: 2, to: &bytes)
    bytes.append(UInt8(ascii: "-"))
    appendDecimal(date.day, width: 2, to: &bytes)
    bytes.append(UInt8(ascii: "T"))
    appendDecimal(secondOfDay / 3600, width: 2, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    appendDecimal(secondOfDay / 60 % 60, width: 2, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    appendDecimal(secondOfDay % 60, width: 2, to: &bytes)
    bytes.append(UInt8(ascii: "."))
    let fraction = nanoseconds.quotientFloored(by: 1_000_000_000).remainder
    appendDecimal(fraction / 1000, width: 6, to: &bytes)
  }
}

extension Int64 {
  fileprivate func quotientFloored(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}

/// The proleptic Gregorian date of a day number.
///
/// Years are taken to begin in March, so that the leap day is the last of its year and months have
/// a fixed pattern of 153 days in five.
private func civilDate(daysSinceEpoch: Int64) -> (year: Int64, month: Int64, day: Int64) {
  let shifted = daysSinceEpoch + 719_468  // days since 0000-03-01
  let (era, dayOfEra) = shifted.quotientFloored(by: 146_097)
  let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let marchMonth = (5 * dayOfYear + 2) / 153
  let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
  let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
  return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
}

private func appendDecimal(_ value: Int64, width: Int, to bytes: inout [UInt8]) {
  var divisor: Int64 = 1
  for _ in 1..<width { divisor *= 10 }
  while divisor > 0 {
    bytes.append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
    divisor /= 10
  }
}
