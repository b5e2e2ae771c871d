/// Colors of a terminal, or none.
public struct TextStyle: Sendable {
  private let isColored: Bool

  /// Makes a style.
  public init(isColored: Bool) { self.isColored = isColored }

  func bold(_ text: String) -> String { wrap(text, "1") }
  func dim(_ text: String) -> String { wrap(text, "2") }
  func red(_ text: String) -> String { wrap(text, "1;31") }
  func yellow(_ text: String) -> String { wrap(text, "33") }
  func green(_ text: String) -> String { wrap(text, "32") }

  private func wrap(_ text: String, _ code: String) -> String {
    isColored && !text.isEmpty ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
  }
}

/// Columns of plain text.
enum Column {
  /// Cut or filled to a width, the text at the left.
  static func left(_ text: String, _ width: Int) -> String {
    let safe = printable(text)
    if safe.count > width { return String(safe.prefix(max(width - 1, 0))) + "…" }
    return safe + String(repeating: " ", count: width - safe.count)
  }

  /// Filled to a width, the text at the right.
  static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  /// Without control characters: names come from feeds and packets, and a terminal obeys what it is sent.
  static func printable(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) ? "?" : $0 }))
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value)
  }
}
