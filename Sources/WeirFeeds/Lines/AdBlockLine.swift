import WeirModel

/// One AdBlock rule that is for a whole domain: `||name^` blocks it, `@@||name^` allows it.
///
/// The modifiers `all` and `important` are understood: the first says what a match of names does anyway; the
/// second is about the order among rules, and in Weir an allow entry wins in every order. Any other modifier
/// narrows the rule to some requests, which a match of names cannot do, so the rule is rejected.
struct AdBlockLine {
  /// The domain.
  let name: DomainName
  /// Whether the rule allows rather than blocks.
  let isException: Bool

  /// Reads a trimmed, non-empty line; nil for a comment or a header.
  init?(parsing text: Span<UInt8>) throws(RejectReason) {
    if AdBlockLine.isComment(text) { return nil }
    let line = text.extracting(0..<text.endBeforeNote)
    isException = line.hasBytes("@@")
    let start = isException ? 2 : 0
    guard line.hasBytes("||", at: start) else { throw AdBlockLine.fault(of: line) }
    let nameStart = start + 2
    var end = nameStart
    while end < line.count, !AdBlockLine.endsName(line[end]) { end += 1 }
    // Without the separator `||name` also means every longer name that begins so.
    guard end < line.count, line[end] == UInt8(ascii: "^") else {
      throw AdBlockLine.fault(of: line)
    }
    try AdBlockLine.checkModifiers(line, from: end + 1, isException: isException)
    let text = line.extracting(nameStart..<end)
    guard let name = DomainName(parsing: text) else { throw DomainLine.fault(of: text) }
    self.name = name
  }

  /// Whether a rejected line still shows that the file is an AdBlock list.
  static func isRecognizable(_ line: Span<UInt8>) -> Bool {
    line.hasBytes("||") || line.hasBytes("@@") || line.contains("##") || line.contains("#@#")
      || line.hasBytes("*$") || line.hasBytes("/") && line.contains("/$")
  }

  private static func isComment(_ line: Span<UInt8>) -> Bool {
    switch line[0] {
    case UInt8(ascii: "!"): true
    case UInt8(ascii: "["): line[line.count - 1] == UInt8(ascii: "]")
    // `##` and `#@#` hide parts of pages; a comment has a blank behind its sign.
    case UInt8(ascii: "#"): line.count == 1 || isBlank(line[1])
    default: false
    }
  }

  private static func endsName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "^"), UInt8(ascii: "/"), UInt8(ascii: "$"), UInt8(ascii: "|"): true
    default: false
    }
  }

  private static func checkModifiers(
    _ line: Span<UInt8>, from start: Int, isException: Bool
  ) throws(RejectReason) {
    if start == line.count { return }
    guard line[start] == UInt8(ascii: "$") else { throw .unsupportedRule }
    var position = start + 1
    while true {
      let end = line.firstIndex(of: UInt8(ascii: ","), from: position) ?? line.count
      let modifier = line.extracting(position..<end)
      let isKnown =
        modifier.count == 3 && modifier.hasBytes("all")
        || modifier.count == 9 && modifier.hasBytes("important")
      guard isKnown else { throw .unsupportedModifier }
      guard end < line.count else { return }
      position = end + 1
    }
  }

  private static func fault(of line: Span<UInt8>) -> RejectReason {
    if line.contains("##") || line.contains("#@#") || line.contains("#?#")
      || line.contains("#$#") || line.contains("#%#")
    {
      return .cosmeticRule
    }
    return line.contains(UInt8(ascii: "$")) ? .unsupportedModifier : .unsupportedRule
  }
}
