import WeirModel

/// Tells a feed's format from its first bytes.
///
/// Every line format reads the first lines. The one that understands most of them wins, if that is at least
/// half of the lines that are neither blank nor comments; of equals, the stricter format. A list in which
/// addresses and names each make at least a twentieth of what is understood is `mixed`. For AdBlock, rules
/// that are recognized but not usable speak for the format too; for patterns, only lines with the marks of
/// the format do, since any text is a pattern.
public enum FormatDetector {
  /// How many bytes of a feed are looked at.
  public static let sampleBytes = 65_536
  /// How many lines that are neither blank nor comments are looked at, at most.
  static let linesMax = 1_000

  /// Why a feed cannot be read at all: a sentence for the report.
  public struct Refusal: Error, Hashable, Sendable {
    /// The reason, beginning in lower case and without a full stop.
    public let why: String
  }

  /// The format of a feed.
  ///
  /// - Parameters:
  ///   - sample: the first bytes, unpacked.
  ///   - isWhole: whether `sample` is the whole feed; if not, its last line is not looked at.
  public static func detect(
    _ sample: Span<UInt8>, isWhole: Bool
  ) throws(Refusal) -> FeedFormat {
    try checkText(sample)
    let start = sample.startsWithByteOrderMark ? 3 : 0
    let text = sample.extracting(start..<sample.count)
    try checkMarkup(text)
    if let format = try jsonFormat(text, isWhole: isWhole) { return format }
    var votes = Votes()
    votes.read(text, isWhole: isWhole)
    if let format = votes.winner { return format }
    throw votes.refusal
  }

  /// Refuses what is no text, whatever format it was said to be.
  static func checkText(_ sample: Span<UInt8>) throws(Refusal) {
    guard !sample.isEmpty else { throw Refusal(why: "empty") }
    if sample.count >= 2,
      sample[0] == 0xff && sample[1] == 0xfe || sample[0] == 0xfe && sample[1] == 0xff
    {
      throw Refusal(why: "text in UTF-16; convert it to UTF-8")
    }
    for (magic, name) in foreignContainers where sample.hasBytes(magic) {
      throw Refusal(why: "\(name), which is not read; unpack it")
    }
    var controls = 0
    for index in 0..<sample.count where isControl(sample[index]) && sample[index] > 0x0d {
      controls += 1
    }
    for index in 0..<sample.count where sample[index] < 9 { controls += 1 }
    if controls * 100 > sample.count { throw Refusal(why: "binary data, not text") }
  }

  /// Refuses an HTML or XML page: what a login page or an error sends in a feed's place.
  static func checkMarkup(_ text: Span<UInt8>) throws(Refusal) {
    let first = text.firstNonSpace
    if first < text.count, text[first] == UInt8(ascii: "<") {
      throw Refusal(why: "an HTML or XML page, not a feed")
    }
  }

  private static let foreignContainers: [(StaticText, String)] = [
    ("BZh", "packed with bzip2"),
    (StaticText(bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a]), "packed with xz"),
    ("PK\u{3}\u{4}", "a zip archive"),
    ("7z", "a 7z archive"), ("%PDF-", "a PDF document"),
  ]

  /// The format of a JSON text, nil when it is none.
  private static func jsonFormat(
    _ text: Span<UInt8>, isWhole: Bool
  ) throws(Refusal) -> FeedFormat? {
    let first = text.firstNonSpace
    guard first < text.count else { return nil }
    let rest = text.extracting(first + 1..<text.count)
    let second = rest.firstNonSpace
    let next = second < rest.count ? rest[second] : 0
    switch text[first] {
    case UInt8(ascii: "{"):
      if SpamhausLine.isRecognizable(text.extracting(first..<text.count)) { return .spamhausJSON }
    case UInt8(ascii: "["):
      guard next == UInt8(ascii: "{") || next == UInt8(ascii: "\"") || next == UInt8(ascii: "]")
      else { return nil }
      if next == UInt8(ascii: "{"), text.contains("\"hex\"") { return .patternsJSON }
    default: return nil
    }
    if let format = objectFormat(text) { return format }
    throw Refusal(why: "JSON of an unknown form; select=PATH names where its values stand")
  }

  /// The format of a JSON text by the names in it.
  private static func objectFormat(_ text: Span<UInt8>) -> FeedFormat? {
    let isSTIX =
      text.contains("\"spec_version\"") || text.contains("\"bundle--")
      || text.contains("\"indicator--")
    if isSTIX { return .stix }
    if text.contains("\"Attribute\"") || text.contains("\"Event\"") && text.contains("\"Orgc\"") {
      return .misp
    }
    if text.contains("\"list\"") && text.contains("\"description\"") { return .mispWarninglist }
    // A table is one when most of what looks like a row of it can be read. One object may be anything.
    var parser = FeedParser(format: .json, settings: FeedSettings(name: ""), path: "")
    var last: FeedEntry?
    var isList = false
    parser.parse(text) { entry in
      isList = isList || last != nil
      last = entry
    }
    let isTable = isList && parser.counts.entries >= parser.counts.rejectedTotal
    return isTable ? .json : nil
  }
}

/// How many lines each format understands.
private struct Votes {
  /// The strictest first: of equals the first wins.
  private static let candidates: [FeedFormat] = [
    .hosts, .adblock, .ip, .domains, .patterns, .dnsmasq, .unbound, .rpz, .csv, .urls,
  ]

  private var recognized = [Int](repeating: 0, count: candidates.count)
  private var content = [Int](repeating: 0, count: candidates.count)
  private var lines = 0
  private var foreign: String?
  private var isZeekIntel = false
  private var context = LineContext(FeedSettings(name: ""))

  mutating func read(_ text: Span<UInt8>, isWhole: Bool) {
    var start = 0
    while start < text.count, lines < FormatDetector.linesMax {
      let newline = text.firstIndex(of: UInt8(ascii: "\n"), from: start)
      if newline == nil, !isWhole, start > 0 { return }
      let end = newline ?? text.count
      let line = text.extracting(start..<end)
      let range = line.trimmed()
      if !range.isEmpty { count(line.extracting(range)) }
      start = end + 1
    }
  }

  private mutating func count(_ line: Span<UInt8>) {
    // The header line of Zeek tables, without which their first column would pass for a plain list.
    if ZeekIntelLine.isHeader(line) {
      isZeekIntel = true
    } else if line.hasBytes("#fields\t") {
      foreign = "a Zeek table"
    }
    if foreign == nil, !isListComment(line) { foreign = foreignFormat(of: line) }
    for (index, format) in Votes.candidates.enumerated() {
      let result = format.parseLine(line, &context) { _ in }
      if result == .comment { continue }
      content[index] += 1
      if isRecognized(line, format, result) { recognized[index] += 1 }
    }
    if !isListComment(line) { lines += 1 }
  }

  private func isRecognized(
    _ line: Span<UInt8>, _ format: FeedFormat, _ result: LineResult
  ) -> Bool {
    switch (format, result) {
    case (.adblock, .rejected): AdBlockLine.isRecognizable(line)
    case (.patterns, .loaded): ((try? PatternLine(parsing: line))?.isMarked) ?? false
    case (.rpz, .rejected(.wildcard)): true
    case (_, .loaded), (_, .ignored): true
    default: false
    }
  }

  var winner: FeedFormat? {
    if isZeekIntel { return .zeekIntel }
    guard foreign != "a Zeek table" else { return nil }
    let addresses = recognized[2]
    let names = recognized[3]
    let both = addresses + names
    var best = 0
    for index in recognized.indices where recognized[index] > recognized[best] { best = index }
    if both > recognized[best], min(addresses, names) * 20 >= both {
      return both * 2 >= max(content[2], content[3]) ? .mixed : nil
    }
    return recognized[best] > 0 && recognized[best] * 2 >= content[best]
      ? Votes.candidates[best] : nil
  }

  var refusal: FormatDetector.Refusal {
    if lines == 0 { return FormatDetector.Refusal(why: "no entry: only comments and blank lines") }
    let what = foreign.map { "; it looks like \($0)" } ?? ""
    return FormatDetector.Refusal(why: "unknown format\(what)")
  }

  /// The name of a format that is not read, for the report.
  private func foreignFormat(of line: Span<UInt8>) -> String? {
    if line.contains(" -> ") && line.contains("(") { return "Suricata or Snort rules" }
    if line.hasBytes("\"") { return "CSV with quoted columns" }
    return nil
  }
}

extension Span where Element == UInt8 {
  /// The index of the first byte that is no space, tab or line end; `count` when there is none.
  fileprivate var firstNonSpace: Int {
    var index = 0
    while index < count, isBlank(self[index]) || (0x0a...0x0d).contains(self[index]) { index += 1 }
    return index
  }
}
