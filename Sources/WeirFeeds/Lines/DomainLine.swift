import WeirModel

/// One line of a list of domain names: `name`, `*.name` or `.name`, then at most a comment.
enum DomainLine {
  /// The name in a trimmed, non-empty line.
  static func name(of line: Span<UInt8>) throws(RejectReason) -> DomainName {
    var end = 0
    while end < line.count, !isEnd(line[end]) { end += 1 }
    var start = 0
    if line[0] == UInt8(ascii: "*"), end > 2, line[1] == UInt8(ascii: ".") {
      start = 2
    } else if line[0] == UInt8(ascii: "."), end > 1 {
      start = 1
    }
    guard let name = DomainName(parsing: line.extracting(start..<end)) else {
      throw fault(of: line.extracting(start..<end))
    }
    guard end == line.count || line.isEmptyOrComment(from: end) else { throw .unexpectedColumns }
    return name
  }

  private static func isEnd(_ byte: UInt8) -> Bool {
    isBlank(byte) || byte == UInt8(ascii: "#") || byte == UInt8(ascii: ";")
  }

  /// Why a text is no name that can be listed.
  static func fault(of text: Span<UInt8>) -> RejectReason {
    for index in 0..<text.count where text[index] >= 0x80 { return .notASCII }
    if IPAddress(parsing: text) != nil { return .addressAmongNames }
    if text.contains(UInt8(ascii: "/")) || text.contains(UInt8(ascii: ":")) { return .url }
    if text.contains(UInt8(ascii: "*")) { return .wildcard }
    if text.contains(UInt8(ascii: ",")) { return .unexpectedColumns }
    if DomainName(parsing: text, allowsSingleLabel: true) != nil { return .singleLabel }
    return .invalidName
  }
}
