public import WeirModel

/// The time that a line tells.
///
/// Read are RFC 3339 and its relatives (`2026-11-23 20:06:11.237`, `2026/11/23 …`), the formats of web servers
/// (`23/Nov/2026:20:06:13 +0000`), BIND (`23-Nov-2026 …`), syslog (`Nov 23 20:06:05`, without a year) and ctime, and
/// seconds since 1970 at the beginning of a line. What names no zone is taken for UTC.
public enum LogTime {
  /// How far into a line a time is looked for, in bytes.
  private static let reach = 512

  /// The first time in a line.
  ///
  /// - Parameter year: taken when the line names none.
  public static func find(_ line: Span<UInt8>, year: Int) -> Timestamp? {
    if let epoch = epoch(line) { return epoch }
    var at = 2
    while at + 5 < min(line.count, reach) {
      if line[at] == UInt8(ascii: ":"), line[at + 3] == UInt8(ascii: ":"),
        let clock = clock(line, at - 2), let time = time(line, at - 2, clock, year)
      {
        return time
      }
      at += 1
    }
    return nil
  }

  /// Ten digits and perhaps a fraction, as squid and Zeek begin a line.
  private static func epoch(_ line: Span<UInt8>) -> Timestamp? {
    guard line.count > 10, let seconds = number(line, 0, 10), seconds >= 100_000_000 else {
      return nil
    }
    guard !LogByte.isAlphanumeric(line[10]), line[10] != UInt8(ascii: ":") else { return nil }
    return Timestamp(seconds: Int64(seconds), nanoseconds: fraction(line, 10).nanoseconds)
  }

  /// The second of the day at `hh:mm:ss`.
  private static func clock(_ line: Span<UInt8>, _ start: Int) -> Int? {
    guard start + 8 <= line.count, let hour = number(line, start, 2), hour < 24,
      let minute = number(line, start + 3, 2), minute < 60,
      let second = number(line, start + 6, 2), second <= 60
    else { return nil }
    return hour * 3600 + minute * 60 + second
  }

  /// Adds the date before and the zone behind a clock at `start`.
  private static func time(
    _ line: Span<UInt8>, _ start: Int, _ clock: Int, _ year: Int
  ) -> Timestamp? {
    let fraction = fraction(line, start + 8)
    guard let days = date(line, before: start, behind: fraction.end, year: year) else { return nil }
    let offset = zone(line, fraction.end)
    return Timestamp(
      seconds: Int64(days * 86_400 + clock - offset), nanoseconds: fraction.nanoseconds)
  }

  private static func fraction(
    _ line: Span<UInt8>, _ start: Int
  ) -> (nanoseconds: Int64, end: Int) {
    guard start < line.count, line[start] == UInt8(ascii: ".") || line[start] == UInt8(ascii: ",")
    else { return (0, start) }
    var (at, value, scale) = (start + 1, Int64(0), Int64(1_000_000_000))
    while at < line.count, LogByte.isDigit(line[at]) {
      if scale > 1 {
        scale /= 10
        value += Int64(line[at] - UInt8(ascii: "0")) * scale
      }
      at += 1
    }
    return at > start + 1 ? (value, at) : (0, start)
  }

  /// The days since 1970 of the date in front of a clock.
  private static func date(
    _ line: Span<UInt8>, before start: Int, behind end: Int, year: Int
  ) -> Int? {
    if start >= 12, let day = number(line, start - 12, 2), let month = month(line, start - 9),
      let own = number(line, start - 5, 4)
    {
      return days(own, month, day)
    }
    let at = start - 11
    if at >= 0, let own = number(line, at, 4), let month = number(line, at + 5, 2),
      let day = number(line, at + 8, 2), line[at + 4] == line[at + 7]
    {
      return days(own, month, day)
    }
    guard start >= 7, let month = month(line, start - 7) else { return nil }
    let hasSpace = line[start - 3] == UInt8(ascii: " ")
    guard let day = number(line, start - (hasSpace ? 2 : 3), hasSpace ? 1 : 2) else { return nil }
    // ctime names the year behind the clock.
    var own = year
    if end + 5 <= line.count, line[end] == UInt8(ascii: " "),
      let behind = number(line, end + 1, 4), behind >= 1970,
      end + 5 == line.count || !LogByte.isAlphanumeric(line[end + 5])
    {
      own = behind
    }
    return days(own, month, day)
  }

  /// Seconds east of Greenwich.
  private static func zone(_ line: Span<UInt8>, _ start: Int) -> Int {
    var at = start
    if at < line.count, line[at] == UInt8(ascii: " ") { at += 1 }
    guard at + 4 < line.count, line[at] == UInt8(ascii: "+") || line[at] == UInt8(ascii: "-"),
      let hours = number(line, at + 1, 2)
    else { return 0 }
    let colon = line[at + 3] == UInt8(ascii: ":") ? 1 : 0
    guard at + 5 + colon <= line.count, let minutes = number(line, at + 3 + colon, 2) else {
      return 0
    }
    let offset = hours * 3600 + minutes * 60
    return line[at] == UInt8(ascii: "-") ? -offset : offset
  }

  private static func number(_ line: Span<UInt8>, _ start: Int, _ digits: Int) -> Int? {
    guard start >= 0, start + digits <= line.count else { return nil }
    var value = 0
    for index in start..<start + digits {
      guard LogByte.isDigit(line[index]) else { return nil }
      value = value * 10 + Int(line[index] - UInt8(ascii: "0"))
    }
    return value
  }

  /// 1 to 12 for the three letters of a month.
  private static func month(_ line: Span<UInt8>, _ start: Int) -> Int? {
    guard start >= 0, start + 3 <= line.count else { return nil }
    let word = (0..<3).reduce(0) { $0 << 8 | Int(line[start + $1] | 0x20) }
    let names = [
      "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]
    let index = names.firstIndex { $0.utf8.reduce(0) { $0 << 8 | Int($1) } == word }
    return index.map { $0 + 1 }
  }

  /// The days since 1970 of a date (years from March on, so that the leap day is the last).
  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int? {
    guard (1...12).contains(month), (1...31).contains(day), (1678...2261).contains(year) else {
      return nil
    }
    let shifted = month <= 2 ? year - 1 : year
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let days = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400
    return days + dayOfYear - 719_468
  }
}
