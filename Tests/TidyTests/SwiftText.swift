/// Swift source without what stands in comments and strings, line for line: each such character is a blank.
///
/// A heuristic, not a parser: it knows line and nested block comments, plain, raw and multi-line strings and what is
/// interpolated in them, but no regular expression literals.
struct SwiftText {
  /// The lines of code.
  let lines: [Substring]
  /// All of it.
  let code: String

  init(_ source: String) {
    var eraser = Eraser(Array(source.utf8))
    code = eraser.erased()
    lines = code.split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// Whether the code holds a word that stands alone.
  func contains(word: String) -> Bool { !linesHolding(word: word).isEmpty }

  /// The numbers of the lines that hold a word, counted from 1.
  func linesHolding(word: String) -> [Int] {
    lines.enumerated().filter { SwiftText.words($0.element).contains(Substring(word)) }
      .map { $0.offset + 1 }
  }

  /// The names and numbers of a line.
  static func words(_ line: some StringProtocol) -> [Substring] {
    Substring(line).split { !($0.isLetter || $0.isNumber || $0 == "_") }
  }
}

/// Walks over source once and blanks out what is not code.
private struct Eraser {
  private var bytes: [UInt8]
  private var at = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func erased() -> String {
    code(untilParenthesis: false)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Passes over code, to the end or to the parenthesis that ends an interpolation.
  private mutating func code(untilParenthesis: Bool) {
    var depth = 0
    while at < bytes.count {
      if starts("//") {
        while at < bytes.count, bytes[at] != UInt8(ascii: "\n") { blank() }
      } else if starts("/*") {
        comment()
      } else if let hashes = hashesBeforeQuote() {
        string(hashes: hashes)
      } else {
        if bytes[at] == UInt8(ascii: "(") { depth += 1 }
        if bytes[at] == UInt8(ascii: ")") {
          depth -= 1
          if untilParenthesis, depth < 0 { return }
        }
        at += 1
      }
    }
  }

  private mutating func comment() {
    var depth = 0
    repeat {
      if starts("/*") {
        depth += 1
        blank(2)
      } else if starts("*/") {
        depth -= 1
        blank(2)
      } else {
        blank()
      }
    } while depth > 0 && at < bytes.count
  }

  private mutating func string(hashes: Int) {
    let fence = String(repeating: "#", count: hashes)
    at += hashes
    let quotes = starts("\"\"\"") ? "\"\"\"" : "\""
    at += quotes.utf8.count
    while at < bytes.count {
      if starts(quotes + fence) {
        at += quotes.utf8.count + hashes
        return
      }
      if starts("\\" + fence + "(") {
        blank(1 + hashes)
        at += 1
        code(untilParenthesis: true)
        at = min(at + 1, bytes.count)
      } else {
        blank(starts("\\" + fence) ? 2 + hashes : 1)
      }
    }
  }

  /// How many number signs stand before a quotation mark here; nil when no string begins.
  private func hashesBeforeQuote() -> Int? {
    var end = at
    while end < bytes.count, bytes[end] == UInt8(ascii: "#") { end += 1 }
    return end < bytes.count && bytes[end] == UInt8(ascii: "\"") ? end - at : nil
  }

  private func starts(_ text: String) -> Bool { bytes[at...].starts(with: text.utf8) }

  private mutating func blank(_ count: Int = 1) {
    for _ in 0..<count where at < bytes.count {
      if bytes[at] != UInt8(ascii: "\n") { bytes[at] = UInt8(ascii: " ") }
      at += 1
    }
  }
}
