import WeirModel

/// A position in a TLS message that never passes its end (RFC 8446, section 3.4: vectors stand behind their length).
struct VectorReader {
  private(set) var position: Int
  let end: Int

  init(_ range: Range<Int>) {
    position = range.lowerBound
    end = range.upperBound
  }

  /// The bytes of the next vector, whose length has one, two or three bytes; nil when it is not all there.
  mutating func vector(_ message: Span<UInt8>, lengthBytes: Int) -> Range<Int>? {
    guard position + lengthBytes <= end else { return nil }
    var length = 0
    for index in 0..<lengthBytes { length = length << 8 | Int(message[position + index]) }
    let start = position + lengthBytes
    guard start + length <= end else { return nil }
    position = start + length
    return start..<position
  }

  /// The next two bytes; nil at the end.
  mutating func big16(_ message: Span<UInt8>) -> UInt16? {
    guard position + 2 <= end else { return nil }
    position += 2
    return message.bigEndian16(at: position - 2)
  }
}
