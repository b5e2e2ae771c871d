import WeirModel

/// One line of a list of URLs: the URL, then at most a comment.
enum URLLine {
  /// The URL in a trimmed, non-empty line.
  static func url(of line: Span<UInt8>) throws(RejectReason) -> WebURL {
    let end = line.wordEnd(from: 0)
    guard let url = WebURL(parsing: line.extracting(0..<end)) else { throw .invalidURL }
    guard end == line.count || line.isEmptyOrComment(from: end) else { throw .unexpectedColumns }
    return url
  }
}
