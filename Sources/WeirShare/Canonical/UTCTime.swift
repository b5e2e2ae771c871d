import WeirModel

/// A whole second in UTC, between the years 2000 and 2099.
public struct UTCTime: Hashable, Comparable, Sendable {
  /// Seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
  public let seconds: Int64

  /// A moment; nil when it lies in another century.
  public init?(seconds: Int64) {
    guard (946_684_800..<4_102_444_800).contains(seconds) else { return nil }
    self.seconds = seconds
  }

  /// Reads `2026-11-23T02:00:00Z`; any other spelling is nil.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 20 else { return nil }
    func number(_ range: Range<Int>) -> Int64? {
      Int64(String(decoding: bytes[range], as: UTF8.self))
    }
    guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
      let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
      hour < 24, minute < 60, second < 60, (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    let days = UTCTime.days(year: year, month: month, day: day)
    self.init(seconds: days * 86_400 + hour * 3600 + minute * 60 + second)
    // What does not come back the same was another spelling, or a day that its month does not have.
    guard description == text else { return nil }
  }

  /// The day, counted from the epoch.
  public var day: Int64 { seconds / 86_400 }

  /// A moment later by hours; stays within the century.
  public func adding(hours: Int64) -> UTCTime {
    UTCTime(seconds: seconds + hours * 3600) ?? self
  }

  /// By time.
  public static func < (left: UTCTime, right: UTCTime) -> Bool { left.seconds < right.seconds }

  /// Days since the epoch of a date of the proleptic Gregorian calendar; years begin in March here, so that the leap
  /// day is the last of its year.
  private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let year = month <= 2 ? year - 1 : year
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return year * 365 + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468
  }
}

extension UTCTime: CustomStringConvertible {
  /// `2026-11-23T02:00:00Z`.
  public var description: String {
    let text = Timestamp(seconds: seconds, nanoseconds: 0).description
    return text.prefix(19) + "Z"
  }
}
