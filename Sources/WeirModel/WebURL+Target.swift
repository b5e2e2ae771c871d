extension WebURL {
  /// Appends path and query of a URL in their one form (RFC 3986, section 6.2.2).
  ///
  /// Segments `.` and `..` are taken out of the path; `%41` becomes `A` where a URL may say so, and other digits behind
  /// `%` capitals; bytes that no URL has are written with `%` (RFC 3987, section 3.1). What follows `#` is left out,
  /// and an empty path is `/`.
  ///
  /// - Complexity: O(bytes).
  public static func append(target text: Span<UInt8>, to bytes: inout [UInt8]) {
    let start = bytes.count
    if text.isEmpty || text[0] != UInt8(ascii: "/") { bytes.append(UInt8(ascii: "/")) }
    var index = 0
    var isPath = true
    while index < text.count, text[index] != UInt8(ascii: "#") {
      let byte = text[index]
      if isPath, byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") {
        isPath = byte == UInt8(ascii: "/")
        if bytes.count > start, endSegment(&bytes, from: start), isPath {
          // The slash before the segment that was taken out is there already.
          index += 1
          continue
        }
      }
      index += append(byteAt: index, of: text, to: &bytes)
    }
    if isPath { _ = endSegment(&bytes, from: start) }
  }

  /// Takes the last segment of a path out when it is `.`, and the one before it too when it is `..`.
  ///
  /// - Returns: whether it did; then the path ends with a slash.
  private static func endSegment(_ bytes: inout [UInt8], from start: Int) -> Bool {
    var slash = bytes.count - 1
    while slash > start, bytes[slash] != UInt8(ascii: "/") { slash -= 1 }
    let dots = bytes.count - slash - 1
    guard dots == 1 || dots == 2, bytes[slash + 1] == UInt8(ascii: "."),
      bytes[bytes.count - 1] == UInt8(ascii: ".")
    else { return false }
    if dots == 2, slash > start {
      repeat { slash -= 1 } while slash > start && bytes[slash] != UInt8(ascii: "/")
    }
    bytes.removeLast(bytes.count - slash - 1)
    return true
  }

  /// Appends a byte, or the three of `%41`; how many were read.
  private static func append(
    byteAt index: Int, of text: Span<UInt8>, to bytes: inout [UInt8]
  ) -> Int {
    let byte = text[index]
    guard byte == UInt8(ascii: "%"), index + 2 < text.count,
      let high = hexadecimalDigit(text[index + 1]), let low = hexadecimalDigit(text[index + 2])
    else {
      // A `%` that begins no code stands for itself; left as it is, it could begin one behind it.
      if byte > 0x20, byte < 0x7f, byte != UInt8(ascii: "%") {
        bytes.append(byte)
      } else {
        appendEncoded(byte, to: &bytes)
      }
      return 1
    }
    let meant = high << 4 | low
    if isUnreserved(meant) { bytes.append(meant) } else { appendEncoded(meant, to: &bytes) }
    return 3
  }

  private static func appendEncoded(_ byte: UInt8, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "%"))
    bytes.append(digit(byte >> 4))
    bytes.append(digit(byte & 15))
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
  }

  /// Whether `%` before a byte says nothing (RFC 3986, section 2.3).
  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: "_"), UInt8(ascii: "~"):
      true
    default: false
    }
  }
}
