import CWeirSIMD

/// A run of bytes in a line that may be an address or a name.
public struct LogToken: Equatable, Sendable, BitwiseCopyable {
  /// What it may be.
  public enum Kind: UInt8, Sendable, BitwiseCopyable {
    /// A word that may begin with an IPv4 address.
    case quad
    /// A word that may hold a domain name.
    case name
    /// A word with colons that may be an IPv6 address.
    case wide
    /// A dot in brackets, around which somebody defanged an address or a name.
    case bracketed
  }

  private let bits: UInt64

  /// Takes a token as `weir_log_tokens` writes it.
  @inline(__always) init(bits: UInt64) { self.bits = bits }

  /// Makes a token.
  init(_ word: Range<Int>, _ kind: Kind) {
    bits =
      UInt64(word.lowerBound) | UInt64(word.upperBound) << 32 | UInt64(kind.rawValue) << 62
  }

  /// What it may be.
  @inline(__always) public var kind: Kind {
    Kind(rawValue: UInt8(truncatingIfNeeded: bits >> 62)) ?? .bracketed
  }
  /// Where it begins.
  @inline(__always) public var start: Int { Int(bits & 0xffff_ffff) }
  /// Where it ends.
  @inline(__always) public var end: Int { Int(bits >> 32 & 0x3fff_ffff) }
  /// Where it lies.
  @inline(__always) public var word: Range<Int> { start..<max(start, end) }

  var written: UInt64 { bits }
}

/// The classes of bytes that words are made of.
enum LogByte {
  /// Letters and digits.
  @inline(__always) static func isAlphanumeric(_ byte: UInt8) -> Bool {
    isDigit(byte) || isLetter(byte)
  }

  @inline(__always) static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

  @inline(__always) static func isLetter(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- UInt8(ascii: "a") < 26
  }

  /// Of a label: letters, digits, `-` and `_`.
  @inline(__always) static func isLabel(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
  }

  /// Of a word: of a label, or a dot.
  @inline(__always) static func isWord(_ byte: UInt8) -> Bool {
    isLabel(byte) || byte == UInt8(ascii: ".")
  }

  /// Of a wide word: of a word, or a colon.
  @inline(__always) static func isWide(_ byte: UInt8) -> Bool {
    isWord(byte) || byte == UInt8(ascii: ":")
  }
}
