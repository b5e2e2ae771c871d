/// A URL of HTTP or HTTPS in one form (RFC 3986, section 6.2), as far as a request shows it.
///
/// Scheme and host are in lower case, the port is left out where it is the scheme's own, an empty path is `/`. User
/// names and fragments are left out, since no request shows them in its target. `WebURL.append(target:to:)` says
/// what becomes of path and query.
public struct WebURL: Hashable, Sendable {
  /// The text as ASCII; without a scheme when the feed gave none.
  public let bytes: [UInt8]
  /// Where the host stands in `bytes`, brackets left out.
  public let host: Range<Int>

  /// The longest text that is read.
  public static let lengthMax = 8192

  /// Reads a URL that fills `text`; nil when it is none, or of another scheme.
  ///
  /// - Parameter allowsMissingScheme: whether `host/path` is a URL too, of either scheme.
  public init?(parsing text: Span<UInt8>, allowsMissingScheme: Bool = false) {
    guard !text.isEmpty, text.count <= WebURL.lengthMax else { return nil }
    for index in 0..<text.count where text[index] <= 0x20 || text[index] == 0x7f { return nil }
    let scheme: URLScheme?
    if let found = URLScheme.allCases.first(where: { $0.begins(text) }) {
      scheme = found
    } else {
      guard allowsMissingScheme else { return nil }
      scheme = nil
    }
    let start = scheme.map(\.text.count) ?? 0
    var end = start
    while end < text.count, !WebURL.endsAuthority(text[end]) { end += 1 }
    var canonical = scheme?.text ?? []
    guard
      let host = WebURL.appendAuthority(text.extracting(start..<end), scheme, to: &canonical)
    else { return nil }
    WebURL.append(target: text.extracting(end..<text.count), to: &canonical)
    bytes = canonical
    self.host = host
  }

  /// Reads a URL from a string; nil when it is not one.
  public init?(_ text: String, allowsMissingScheme: Bool = false) {
    let bytes = Array(text.utf8)
    self.init(parsing: bytes.span, allowsMissingScheme: allowsMissingScheme)
  }

  private static func endsAuthority(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"): true
    default: false
    }
  }

  /// Appends host and port; where the host stands, or nil when there is none.
  private static func appendAuthority(
    _ text: Span<UInt8>, _ scheme: URLScheme?, to bytes: inout [UInt8]
  ) -> Range<Int>? {
    var start = 0
    for index in 0..<text.count where text[index] == UInt8(ascii: "@") { start = index + 1 }
    var end = text.count
    if start < end, text[start] == UInt8(ascii: "[") {
      guard let close = (start..<end).first(where: { text[$0] == UInt8(ascii: "]") }) else {
        return nil
      }
      end = close + 1
    } else if let colon = (start..<end).first(where: { text[$0] == UInt8(ascii: ":") }) {
      end = colon
    }
    guard let host = appendHost(text.extracting(start..<end), to: &bytes),
      appendPort(text.extracting(end..<text.count), scheme, to: &bytes)
    else { return nil }
    return host
  }

  private static func appendHost(_ text: Span<UInt8>, to bytes: inout [UInt8]) -> Range<Int>? {
    if text.count > 2, text[0] == UInt8(ascii: "[") {
      guard let address = IPAddress(parsing: text.extracting(1..<text.count - 1)),
        address.family == .v6
      else { return nil }
      let host = Array(address.description.utf8)
      bytes += [UInt8(ascii: "[")] + host + [UInt8(ascii: "]")]
      return bytes.count - 1 - host.count..<bytes.count - 1
    }
    let host: [UInt8]
    if let address = IPAddress(parsing: text), address.family == .v4 {
      host = Array(address.description.utf8)
    } else {
      guard let name = DomainName(parsing: text, allowsSingleLabel: true) else { return nil }
      host = name.bytes
    }
    bytes += host
    return bytes.count - host.count..<bytes.count
  }

  /// Appends a port that is not the scheme's own; false when it is none.
  private static func appendPort(
    _ text: Span<UInt8>, _ scheme: URLScheme?, to bytes: inout [UInt8]
  ) -> Bool {
    // `host:` without a number is the scheme's own port (RFC 3986, section 3.2.3).
    // Behind a name without a scheme it would be the end of another scheme.
    guard text.count > 1 else {
      return text.isEmpty || text[0] == UInt8(ascii: ":") && scheme != nil
    }
    guard text[0] == UInt8(ascii: ":"), text.count <= 6 else { return false }
    var port = 0
    for index in 1..<text.count {
      let digit = text[index] &- UInt8(ascii: "0")
      guard digit < 10 else { return false }
      port = port * 10 + Int(digit)
    }
    guard (1...65_535).contains(port) else { return false }
    if port != scheme?.port { bytes += Array(":\(port)".utf8) }
    return true
  }
}

extension WebURL: CustomStringConvertible {
  /// The canonical text.
  public var description: String { String(decoding: bytes, as: UTF8.self) }
}

/// The schemes of the web.
private enum URLScheme: CaseIterable {
  case http, https

  var text: [UInt8] { Array("\(self)://".utf8) }

  var port: Int { self == .http ? 80 : 443 }

  func begins(_ url: Span<UInt8>) -> Bool {
    let text = self.text
    guard url.count >= text.count else { return false }
    return text.indices.allSatisfy { asciiLowercased(url[$0]) == text[$0] }
  }
}
