/// Base64 (RFC 4648) where each value has one text: what decodes encodes to the very same characters.
public enum Base64 {
  /// The alphabet and whether the text is filled up with `=`.
  public enum Form: Sendable {
    /// Section 4, with padding.
    case standard
    /// Section 5, without padding.
    case url
  }

  /// The text of bytes.
  public static func encode(_ bytes: [UInt8], _ form: Form) -> String {
    let alphabet = form == .url ? urlAlphabet : standardAlphabet
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let count = min(3, bytes.count - start)
      var group: UInt32 = 0
      for index in 0..<3 {
        group = group << 8 | (index < count ? UInt32(bytes[start + index]) : 0)
      }
      for index in 0..<4 {
        if index <= count {
          text.append(alphabet[Int(group >> UInt32(18 - 6 * index) & 63)])
        } else if form == .standard {
          text.append(UInt8(ascii: "="))
        }
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes of a text; nil when it is not what `encode` makes of them.
  public static func decode(_ text: String, _ form: Form) -> [UInt8]? {
    var bytes: [UInt8] = []
    var group: UInt32 = 0
    var bits = 0
    for character in text.utf8 where character != UInt8(ascii: "=") {
      guard let value = value(of: character, form) else { return nil }
      group = (group << 6 | value) & 0xffff
      bits += 6
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: group >> UInt32(bits)))
      }
    }
    return encode(bytes, form) == text ? bytes : nil
  }

  private static let standardAlphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let urlAlphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  private static func value(of character: UInt8, _ form: Form) -> UInt32? {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - 65)
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - 97 + 26)
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - 48 + 52)
    case form == .url ? UInt8(ascii: "-") : UInt8(ascii: "+"): 62
    case form == .url ? UInt8(ascii: "_") : UInt8(ascii: "/"): 63
    default: nil
    }
  }
}

/// Hexadecimal in lower case.
public enum Hexadecimal {
  /// The text of bytes, two digits each.
  public static func encode(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes of a text; nil when it has other characters or an odd length.
  public static func decode(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    var upper: UInt8?
    for character in text.utf8 {
      let value: UInt8
      switch character {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = character - 48
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = character - 87
      default: return nil
      }
      if let first = upper {
        bytes.append(first << 4 | value)
        upper = nil
      } else {
        upper = value
      }
    }
    return upper == nil ? bytes : nil
  }
}
