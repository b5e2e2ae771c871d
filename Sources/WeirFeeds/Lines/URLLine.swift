import WeirModel

/// One line of a list of URLs: the URL, then at most a comment.
///
/// `http://host/path/*` is the URL with all that is below it; a `*` behind anything but a slash is a byte of the URL.
enum URLLine {
  /// The URL in a trimmed, non-empty line, and how far it reaches.
  static func url(of line: Span<UInt8>) throws(RejectReason) -> (WebURL, DomainScope) {
    let end = line.wordEnd(from: 0)
    let isAbove =
      end >= 2 && line[end - 1] == UInt8(ascii: "*") && line[end - 2] == UInt8(ascii: "/")
    guard let url = WebURL(parsing: line.extracting(0..<(isAbove ? end - 1 : end))) else {
      throw .invalidURL
    }
    guard end == line.count || line.isEmptyOrComment(from: end) else { throw .unexpectedColumns }
    return (url, isAbove ? .subdomains : .exact)
  }
}
