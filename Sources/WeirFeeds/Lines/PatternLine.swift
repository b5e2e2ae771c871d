import WeirModel

/// One byte pattern: text with bytes between bars, then options: `GET /gate|0d 0a|; nocase; id=NAME`.
///
/// As in Suricata rules, `\` makes `|`, `;`, `:`, `"` and itself plain. Blanks around the text do not belong
/// to it; `|20|` does.
struct PatternLine {
  /// What is looked for.
  let pattern: BytePattern
  /// The name given by `id=`, or the canonical text of the pattern.
  let id: String
  /// Whether the line has marks of the format, bytes between bars or an option: any text is a pattern, so
  /// only these tell that a file is a list of them.
  let isMarked: Bool

  /// The longest id, in bytes.
  static let idLengthMax = 256

  /// Reads a trimmed, non-empty line.
  init(parsing line: Span<UInt8>) throws(RejectReason) {
    var text = PatternText()
    let end = try text.read(line)
    var options = PatternOptions()
    if end < line.count { try options.read(line, from: end + 1) }
    guard let pattern = BytePattern(text.bytes, ignoresCase: options.ignoresCase) else {
      throw .patternLength
    }
    self.pattern = pattern
    id = options.id ?? pattern.description
    isMarked = text.hasBars || options.ignoresCase || options.id != nil
  }

  /// An id from bytes: printable ASCII or UTF-8 without control characters, 1 to `idLengthMax` bytes.
  static func id(_ text: Span<UInt8>) throws(RejectReason) -> String {
    guard !text.isEmpty, text.count <= idLengthMax, !text.hasControlBytes else { throw .invalidID }
    var bytes: [UInt8] = []
    for index in 0..<text.count { bytes.append(text[index]) }
    guard let id = String(validating: bytes, as: UTF8.self) else { throw .invalidID }
    return id
  }
}

/// The bytes of a pattern while its text is read.
private struct PatternText {
  private(set) var bytes: [UInt8] = []
  private(set) var hasBars = false
  /// How many bytes stay when blanks at the end go.
  private var kept = 0

  /// Reads up to the first free `;` and returns where that is.
  mutating func read(_ line: Span<UInt8>) throws(RejectReason) -> Int {
    var index = 0
    while index < line.count, line[index] != UInt8(ascii: ";") {
      switch line[index] {
      case UInt8(ascii: "|"): index = try readHexadecimal(line, from: index + 1)
      case UInt8(ascii: "\\"): index = try readEscape(line, at: index)
      case UInt8(ascii: "\""): throw .invalidPattern
      default:
        if isControl(line[index]) { throw .notText }
        bytes.append(line[index])
        if !isBlank(line[index]) { kept = bytes.count }
        index += 1
      }
    }
    bytes.removeLast(bytes.count - kept)
    return index
  }

  private mutating func readEscape(
    _ line: Span<UInt8>, at index: Int
  ) throws(RejectReason) -> Int {
    guard index + 1 < line.count else { throw .invalidPattern }
    switch line[index + 1] {
    case UInt8(ascii: "|"), UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "\""),
      UInt8(ascii: "\\"):
      bytes.append(line[index + 1])
      kept = bytes.count
      return index + 2
    default: throw .invalidPattern
    }
  }

  /// Reads pairs of digits up to the closing bar and returns what follows it.
  private mutating func readHexadecimal(
    _ line: Span<UInt8>, from start: Int
  ) throws(RejectReason) -> Int {
    guard let close = line.firstIndex(of: UInt8(ascii: "|"), from: start) else {
      throw .invalidHex
    }
    let before = bytes.count
    try appendHexadecimal(line.extracting(start..<close), to: &bytes)
    guard bytes.count > before else { throw .invalidHex }
    hasBars = true
    kept = bytes.count
    return close + 1
  }
}

/// Appends the bytes that pairs of hexadecimal digits say; blanks may stand between pairs.
func appendHexadecimal(_ text: Span<UInt8>, to bytes: inout [UInt8]) throws(RejectReason) {
  var index = 0
  while index < text.count {
    if isBlank(text[index]) {
      index += 1
      continue
    }
    guard index + 1 < text.count, let high = hexadecimalDigit(text[index]),
      let low = hexadecimalDigit(text[index + 1])
    else { throw .invalidHex }
    bytes.append(high << 4 | low)
    index += 2
  }
}

/// What stands behind a pattern's text.
private struct PatternOptions {
  private(set) var ignoresCase = false
  private(set) var id: String?

  mutating func read(_ line: Span<UInt8>, from start: Int) throws(RejectReason) {
    var position = start
    while position <= line.count {
      let end =
        position < line.count
        ? line.firstIndex(of: UInt8(ascii: ";"), from: position) ?? line.count : line.count
      let piece = line.extracting(position..<end)
      try readOption(piece.extracting(piece.trimmed()))
      position = end + 1
    }
  }

  private mutating func readOption(_ option: Span<UInt8>) throws(RejectReason) {
    if option.isEmpty { return }
    if option.count == 6, option.hasBytes("nocase") {
      ignoresCase = true
    } else if option.hasBytes("id="), id == nil {
      id = try PatternLine.id(option.extracting(3..<option.count))
    } else {
      throw .unsupportedOption
    }
  }
}
