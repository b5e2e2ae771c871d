/// Numbers as people read them.
enum NumberText {
  /// With commas between groups of three: `1,234,567`.
  static func grouped(_ number: some BinaryInteger) -> String {
    let digits = Array(String(number))
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0, digits[index - 1] != "-" { text.append(",") }
      text.append(digit)
    }
    return text
  }

  /// With a decimal prefix and three digits at most: `1.23 M`, `45.6 k`, `789`.
  static func short(_ number: Double) -> String {
    var value = number
    var prefix = ""
    for next in [" k", " M", " G", " T", " P"] {
      guard value >= 999.5 else { break }
      value /= 1000
      prefix = next
    }
    if prefix.isEmpty { return fixed(value, places: 0) }
    return fixed(value, places: value < 9.995 ? 2 : value < 99.95 ? 1 : 0) + prefix
  }

  /// Bytes with a decimal prefix: `1.23 MB`.
  static func bytes(_ count: UInt64) -> String {
    let text = short(Double(count))
    return count < 1000 ? "\(text) B" : "\(text)B"
  }

  /// Seconds with a unit that suits them: `12 ms`, `3.4 s`, `2 min 5 s`.
  static func duration(_ seconds: Double) -> String {
    if seconds < 1e-3 { return "\(fixed(seconds * 1e6, places: 0)) µs" }
    if seconds < 1 { return "\(fixed(seconds * 1e3, places: seconds < 0.01 ? 1 : 0)) ms" }
    if seconds < 60 { return "\(fixed(seconds, places: seconds < 10 ? 2 : 1)) s" }
    let whole = Int(seconds)
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole / 60 % 60) min"
  }

  /// With a fixed number of decimal places, rounded half away from zero.
  static func fixed(_ value: Double, places: Int) -> String {
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    let scaled = Int((value * scale).rounded())
    guard places > 0 else { return "\(scaled)" }
    let fraction = String(abs(scaled) % Int(scale))
    let zeros = String(repeating: "0", count: places - fraction.count)
    return "\(scaled < 0 ? "-" : "")\(abs(scaled) / Int(scale)).\(zeros)\(fraction)"
  }
}
