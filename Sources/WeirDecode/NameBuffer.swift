import WeirModel

/// A domain name on its way from a packet to the domain set: canonical text in a fixed place, made again for
/// each name so that nothing is allocated.
///
/// Canonical means lower case (ASCII), labels joined by dots, no final dot. A dot *inside* a label, which the
/// wire format allows, is stored as `dotInLabel`, so that it can never pass for a label boundary.
public struct NameBuffer: ~Copyable {
  /// The byte that stands for a dot inside a label: a capital, which no canonical text has.
  @inlinable public static var dotInLabel: UInt8 { UInt8(ascii: "D") }

  @usableFromInline var storage = InlineArray<256, UInt8>(repeating: 0)
  /// How many bytes the name has.
  public private(set) var count = 0

  /// An empty buffer.
  public init() {}

  /// Lends the name.
  @inlinable public func withText<Result: ~Copyable>(
    _ body: (Span<UInt8>) -> Result
  ) -> Result {
    body(storage.span.extracting(0..<count))
  }

  /// Forgets the name.
  public mutating func clear() { count = 0 }

  /// Appends one label of the wire format; false when the name becomes too long.
  public mutating func append(label: Span<UInt8>) -> Bool {
    let start = count == 0 ? 0 : count + 1
    guard start + label.count <= DomainName.lengthMax else { return false }
    if start > 0 { storage[count] = UInt8(ascii: ".") }
    for index in 0..<label.count {
      let byte = label[index]
      storage[start + index] =
        byte == UInt8(ascii: ".") ? NameBuffer.dotInLabel : asciiLowercased(byte)
    }
    count = start + label.count
    return true
  }

  /// Sets a name given as text, one final dot dropped; false when it is empty or too long.
  public mutating func set(text: Span<UInt8>) -> Bool {
    var length = text.count
    if length > 0, text[length - 1] == UInt8(ascii: ".") { length -= 1 }
    guard length > 0, length <= DomainName.lengthMax else {
      count = 0
      return false
    }
    for index in 0..<length { storage[index] = asciiLowercased(text[index]) }
    count = length
    return true
  }
}
