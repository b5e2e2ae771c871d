/// Finds where functions begin and end by counting braces.
///
/// A heuristic: a line with the word `func`, `deinit`, `subscript` or an `init` that is declared begins one; it reaches from
/// there to the brace that closes the first brace opened behind it at the same depth of parentheses. One that opens none,
/// as in a protocol, is none. Accessors of properties and closures stored in them are not measured.
enum FunctionFinder {
  /// The lines of each function, from its first word to its last brace, counted from 1.
  static func functions(in text: SwiftText) -> [ClosedRange<Int>] {
    text.lines.indices.filter { begins(text.lines[$0]) }.compactMap { start in
      end(of: start, in: text.lines).map { start + 1...$0 + 1 }
    }
  }

  private static func begins(_ line: Substring) -> Bool {
    let words = SwiftText.words(line)
    if words.contains("func") || words.contains("deinit") { return true }
    let text = line.drop { $0 == " " }
    if text.hasPrefix("subscript") { return true }
    // `Self.init(` and `.init(` are calls.
    return words.contains("init") && !text.contains(".init")
  }

  private static func end(of start: Int, in lines: [Substring]) -> Int? {
    var braces = 0
    var parentheses = 0
    var hasBody = false
    for number in start..<lines.count {
      if number > start, !hasBody, parentheses == 0, !continues(lines[number]) { return nil }
      for character in lines[number] {
        switch character {
        case "(": parentheses += 1
        case ")": parentheses -= 1
        case "{":
          braces += 1
          if parentheses == 0 { hasBody = true }
        case "}":
          braces -= 1
          if braces < 0 { return nil }
          if braces == 0, hasBody { return number }
        default: break
        }
      }
    }
    return nil
  }

  /// Whether a line goes on with a declaration whose parameters are complete.
  private static func continues(_ line: Substring) -> Bool {
    let text = line.drop { $0 == " " }
    return ["{", "->", ")", "throws", "rethrows", "where"].contains { text.hasPrefix($0) }
  }
}
