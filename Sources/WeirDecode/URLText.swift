import WeirModel

/// URLs as people read them.
public enum URLText {
  /// The URL that a request asks for: `http://host[:port]/path`, the host in canonical text.
  ///
  /// Port 80 is left out (RFC 9110, section 4.2.3). Bytes that no URL has (RFC 3986) are percent-encoded, so that the text is one
  /// line.
  ///
  /// - Parameters:
  ///   - payload: what `request` was read from.
  ///   - host: the request's host in canonical text.
  public static func url(
    _ payload: Span<UInt8>, _ request: HTTPRequest, host: borrowing NameBuffer
  ) -> [UInt8] {
    var url = Array("http://".utf8)
    append(host, to: &url)
    append(port: payload.extracting(request.port), to: &url)
    let path = payload.extracting(request.path)
    if path.isEmpty || path[0] != UInt8(ascii: "/") { url.append(UInt8(ascii: "/")) }
    for index in 0..<path.count { append(path[index], to: &url) }
    return url
  }

  /// The same URL in the form in which a `WebURL` has it, so that it can be looked up.
  ///
  /// - Parameter url: takes the text; its memory is used again.
  public static func writeCanonical(
    _ payload: Span<UInt8>, _ request: HTTPRequest, host: borrowing NameBuffer,
    to url: inout [UInt8]
  ) {
    url.removeAll(keepingCapacity: true)
    url.append(contentsOf: "http://".utf8)
    appendCanonical(host, to: &url)
    append(port: payload.extracting(request.port), to: &url)
    WebURL.append(target: payload.extracting(request.path), to: &url)
  }

  /// Port 80 is left out.
  private static func append(port: Span<UInt8>, to url: inout [UInt8]) {
    let isDefault = port.count == 2 && port[0] == 0x38 && port[1] == 0x30
    guard !port.isEmpty, !isDefault else { return }
    url.append(UInt8(ascii: ":"))
    for index in 0..<port.count { append(port[index], to: &url) }
  }

  private static func appendCanonical(_ host: borrowing NameBuffer, to url: inout [UInt8]) {
    host.withText { text in
      guard let address = IPAddress(parsing: text), address.family == .v6 else {
        return append(host, to: &url)
      }
      url.append(UInt8(ascii: "["))
      address.appendText(to: &url)
      url.append(UInt8(ascii: "]"))
    }
  }

  /// Only an IPv6 literal has colons; in a URL it stands in brackets.
  private static func append(_ host: borrowing NameBuffer, to url: inout [UInt8]) {
    host.withText { text in
      var hasColon = false
      for index in 0..<text.count where text[index] == UInt8(ascii: ":") { hasColon = true }
      if hasColon { url.append(UInt8(ascii: "[")) }
      for index in 0..<text.count { append(text[index], to: &url) }
      if hasColon { url.append(UInt8(ascii: "]")) }
    }
  }

  private static func append(_ byte: UInt8, to url: inout [UInt8]) {
    guard byte <= 0x20 || byte >= 0x7f else { return url.append(byte) }
    let digits = Array("0123456789ABCDEF".utf8)
    url.append(UInt8(ascii: "%"))
    url.append(digits[Int(byte >> 4)])
    url.append(digits[Int(byte & 15)])
  }
}
