/// A string of bytes to be found anywhere in a payload.
public struct BytePattern: Hashable, Sendable {
  /// The bytes, 1 to `lengthMax`; folded to lower case when `ignoresCase`.
  public let bytes: [UInt8]
  /// Whether ASCII letters match in either case.
  public let ignoresCase: Bool

  /// The longest pattern.
  public static let lengthMax = 1024

  /// Makes a pattern, or nil when it is empty or too long.
  public init?(_ bytes: [UInt8], ignoresCase: Bool) {
    guard !bytes.isEmpty, bytes.count <= BytePattern.lengthMax else { return nil }
    self.bytes = ignoresCase ? bytes.map(asciiLowercased) : bytes
    self.ignoresCase = ignoresCase
  }
}

extension BytePattern: CustomStringConvertible {
  /// Printable text as it is, every other byte between bars as in Suricata rules: `GET|0d 0a|`.
  ///
  /// The text reads back as the same bytes: what has a meaning in a list of patterns (`|`, `;`, `"`, `\`, a
  /// `#` in front, a space at either end) is printed as a byte.
  public var description: String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    var inHexadecimal = false
    for (index, byte) in bytes.enumerated() {
      let isPlain = isPlain(byte, at: index)
      if isPlain == inHexadecimal {
        text.append(UInt8(ascii: "|"))
        inHexadecimal.toggle()
      } else if inHexadecimal {
        text.append(UInt8(ascii: " "))
      }
      if isPlain {
        text.append(byte)
      } else {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
      }
    }
    if inHexadecimal { text.append(UInt8(ascii: "|")) }
    return String(decoding: text, as: UTF8.self)
  }

  private func isPlain(_ byte: UInt8, at index: Int) -> Bool {
    switch byte {
    case UInt8(ascii: "|"), UInt8(ascii: ";"), UInt8(ascii: "\""), UInt8(ascii: "\\"): false
    case UInt8(ascii: " "): index > 0 && index < bytes.count - 1
    case UInt8(ascii: "#"): index > 0
    default: byte > 0x20 && byte < 0x7f
    }
  }
}
