import WeirModel

/// What Spamhaus says of a list in its last line, against what was read.
struct SpamhausTrailer: Sendable {
  fileprivate var rows = 0
  fileprivate var recordsPromised: Int?

  /// What does not fit, for the report; nil when all does.
  var fault: String? {
    guard let recordsPromised else { return "its last record is missing: it may be cut off" }
    guard recordsPromised != rows else { return nil }
    return "its last record tells of \(recordsPromised) entries, and it has \(rows)"
  }
}

/// One line of a list that Spamhaus publishes as JSON lines: `{"cidr":"192.0.2.0/24",…}`, and a record on the list
/// itself at the end.
enum SpamhausLine {
  /// Reads a trimmed, non-empty line.
  static func parse(
    _ line: Span<UInt8>, _ context: inout LineContext, into sink: (FeedEntry) -> Void
  ) throws(RejectReason) -> LineResult {
    var (prefix, system): (Range<Int>?, Range<Int>?) = (nil, nil)
    var (isTrailer, records): (Bool, Int?) = (false, nil)
    try JSONFields.forEach(in: line) { key, value in
      let (name, text) = (line.extracting(key), line.extracting(value))
      if name.equalsIgnoringCase("cidr") { prefix = value }
      if name.equalsIgnoringCase("asn") { system = value }
      if name.equalsIgnoringCase("type"), text.equalsIgnoringCase("metadata") { isTrailer = true }
      if name.equalsIgnoringCase("records") { records = number(text) }
    }
    if isTrailer {
      context.trailer.recordsPromised = records
      return .ignored
    }
    context.trailer.rows += 1
    if let system {
      sink(context.entry(try ValueType.autonomousSystem.value(of: line.extracting(system))))
      return .loaded
    }
    guard let prefix, !prefix.isEmpty else { throw .unexpectedColumns }
    sink(context.entry(try AddressLine.value(of: line.extracting(prefix))))
    return .loaded
  }

  /// Whether the first line of a text is one of such a list.
  static func isRecognizable(_ text: Span<UInt8>) -> Bool {
    let end = text.firstIndex(of: UInt8(ascii: "\n"), from: 0) ?? text.count
    let line = text.extracting(0..<end)
    return line.contains("\"rir\"") && (line.contains("\"cidr\"") || line.contains("\"asn\""))
  }

  private static func number(_ text: Span<UInt8>) -> Int? {
    guard !text.isEmpty, text.count < 10 else { return nil }
    var value = 0
    for index in 0..<text.count {
      guard let digit = hexadecimalDigit(text[index]), digit < 10 else { return nil }
      value = value * 10 + Int(digit)
    }
    return value
  }
}
