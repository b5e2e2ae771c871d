/// The Internet checksum of RFC 1071, as a sum that parts can be added to in any order.
struct Checksum: Sendable {
  private var sum: UInt64 = 0

  /// Adds one 16-bit word.
  mutating func add(_ word: UInt16) { sum += UInt64(word) }

  /// Adds two 16-bit words.
  mutating func add(_ words: UInt32) { sum += UInt64(words >> 16) + UInt64(words & 0xFFFF) }

  /// Adds a partial sum of other parts that started at an even offset.
  mutating func add(sum part: UInt32) { sum += UInt64(part) }

  /// Adds bytes that start at an even offset; an odd last byte is followed by a zero.
  mutating func add(_ bytes: ArraySlice<UInt8>) {
    var position = bytes.startIndex
    while position + 1 < bytes.endIndex {
      sum += UInt64(bytes[position]) << 8 | UInt64(bytes[position + 1])
      position += 2
    }
    if position < bytes.endIndex { sum += UInt64(bytes[position]) << 8 }
  }

  /// The sum so far, folded to 16 bits.
  var folded: UInt16 {
    var rest = sum
    while rest > 0xFFFF { rest = (rest & 0xFFFF) + (rest >> 16) }
    return UInt16(rest)
  }

  /// What goes into the header: the complement of the sum.
  var complement: UInt16 { ~folded }
}
