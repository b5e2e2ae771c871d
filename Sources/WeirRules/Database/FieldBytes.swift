/// Writes numbers and texts one after the other, little-endian and with their lengths.
struct FieldWriter {
  private(set) var bytes: [UInt8] = []

  mutating func append<Number: FixedWidthInteger>(_ number: Number) {
    for shift in stride(from: 0, to: Number.bitWidth, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: number >> Number(shift)))
    }
  }

  mutating func append(_ text: String) {
    let text = Array(text.utf8)
    append(UInt32(text.count))
    bytes.append(contentsOf: text)
  }
}

/// Reads what `FieldWriter` wrote; nil where the bytes end too early.
struct FieldReader {
  private let bytes: [UInt8]
  private var offset = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Whether all has been read.
  var isAtEnd: Bool { offset == bytes.count }

  mutating func number<Number: FixedWidthInteger>(_ type: Number.Type = Number.self) -> Number? {
    let width = Number.bitWidth / 8
    guard bytes.count - offset >= width else { return nil }
    var number: Number = 0
    for index in (0..<width).reversed() {
      number = number << 8 | Number(truncatingIfNeeded: bytes[offset + index])
    }
    offset += width
    return number
  }

  mutating func text() -> String? {
    guard let count = number(UInt32.self), Int(count) <= bytes.count - offset else { return nil }
    defer { offset += Int(count) }
    return String(decoding: bytes[offset..<offset + Int(count)], as: UTF8.self)
  }
}

extension FixedWidthInteger where Self: UnsignedInteger {
  /// The number as a signed one; nil when it has no room there.
  var asCount: Int? { Int(exactly: self) }
}
