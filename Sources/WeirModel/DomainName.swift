/// A domain name in canonical form: lower case, no final dot, IDN labels as punycode (RFC 5890).
public struct DomainName: Hashable, Sendable {
  /// The text as ASCII bytes, 1 to 253 of them.
  public let bytes: [UInt8]

  /// Reads a name that fills `text` exactly; one final dot is dropped and letters are folded.
  ///
  /// Labels are 1 to 63 bytes of letters, digits, `-` and `_`; underscores are not host names but are seen
  /// in DNS and in feeds. A name of digits and dots only is an address that went wrong, and refused. A name
  /// needs two labels unless `allowsSingleLabel`: a feed line of one word is far more often a slip than a
  /// whole top-level domain.
  public init?(parsing text: Span<UInt8>, allowsSingleLabel: Bool = false) {
    var end = text.count
    if end > 0, text[end - 1] == UInt8(ascii: ".") { end -= 1 }
    guard end >= 1, end <= DomainName.lengthMax else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(end)
    var label = 0
    var dots = 0
    var onlyDigits = true
    for index in 0..<end {
      let byte = text[index]
      if byte == UInt8(ascii: ".") {
        guard label > 0 else { return nil }
        (label, dots) = (0, dots + 1)
      } else {
        guard label < DomainName.labelLengthMax, isNameByte(byte) else { return nil }
        label += 1
        if !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { onlyDigits = false }
      }
      bytes.append(asciiLowercased(byte))
    }
    guard label > 0, !onlyDigits, dots > 0 || allowsSingleLabel else { return nil }
    self.bytes = bytes
  }

  /// Reads a name from a string; nil when it is not one.
  public init?(_ text: String, allowsSingleLabel: Bool = false) {
    let bytes = Array(text.utf8)
    self.init(parsing: bytes.span, allowsSingleLabel: allowsSingleLabel)
  }

  /// The longest name in text form, without the final dot (RFC 1035, section 2.3.4).
  public static let lengthMax = 253
  /// The longest label (RFC 1035, section 2.3.4).
  public static let labelLengthMax = 63

  /// Whether `self` is `other` or lies below it on a label boundary.
  public func isEqualOrBelow(_ other: DomainName) -> Bool {
    guard bytes.count >= other.bytes.count else { return false }
    let start = bytes.count - other.bytes.count
    guard bytes[start...].elementsEqual(other.bytes) else { return false }
    return start == 0 || bytes[start - 1] == UInt8(ascii: ".")
  }
}

extension DomainName: Comparable {
  /// By bytes.
  public static func < (left: DomainName, right: DomainName) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}

extension DomainName: CustomStringConvertible {
  /// The canonical text.
  public var description: String { String(decoding: bytes, as: UTF8.self) }
}

/// Folds an ASCII capital; every other byte stays.
@inlinable public func asciiLowercased(_ byte: UInt8) -> UInt8 {
  byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
}

private func isNameByte(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
    true
  default: false
  }
}
