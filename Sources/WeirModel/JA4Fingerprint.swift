/// A JA4 fingerprint of a TLS client: `t13d1516h2_8daaf6152771_b186095e22b6`.
///
/// Ten characters that can be read (transport, version, server name, counts, protocol) and two truncated hashes.
public struct JA4Fingerprint: Hashable, Sendable {
  /// The text, 36 bytes of ASCII.
  public let bytes: [UInt8]

  /// The length of every fingerprint.
  public static let byteCount = 36

  /// Reads a fingerprint that fills `text`; nil when it is none.
  public init?(parsing text: Span<UInt8>) {
    guard text.count == JA4Fingerprint.byteCount else { return nil }
    var bytes: [UInt8] = []
    for index in 0..<text.count {
      guard JA4Fingerprint.allows(text[index], at: index) else { return nil }
      bytes.append(text[index])
    }
    self.bytes = bytes
  }

  /// Reads a fingerprint from a string; nil when it is not one.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    self.init(parsing: bytes.span)
  }

  private static func allows(_ byte: UInt8, at index: Int) -> Bool {
    let isDigit = byte &- UInt8(ascii: "0") < 10
    switch index {
    case 0:
      return byte == UInt8(ascii: "t") || byte == UInt8(ascii: "q") || byte == UInt8(ascii: "d")
    case 3: return byte == UInt8(ascii: "d") || byte == UInt8(ascii: "i")
    case 4...7: return isDigit
    case 1, 2, 8, 9: return isDigit || asciiLowercased(byte) &- UInt8(ascii: "a") < 26
    case 10, 23: return byte == UInt8(ascii: "_")
    default: return isDigit || byte &- UInt8(ascii: "a") < 6
    }
  }
}

extension JA4Fingerprint: CustomStringConvertible {
  /// The text.
  public var description: String { String(decoding: bytes, as: UTF8.self) }
}
