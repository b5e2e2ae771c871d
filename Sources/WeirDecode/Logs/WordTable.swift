/// Short words and a number for each, found by hash alone: for words of which it does no harm to take another for one.
struct WordTable: Sendable {
  private let hashes: [UInt64]
  private let values: [UInt8]
  private let mask: Int
  /// By the lower bits of a word's first byte, a bit for each length that occurs.
  private let lengths: [UInt32]

  /// Makes a table of words that are separated by spaces; each list has its own number.
  init(_ lists: [(UInt8, String)]) {
    let words = lists.flatMap { value, list in list.split(separator: " ").map { (value, $0) } }
    var size = 64
    while size < 4 * words.count { size *= 2 }
    var hashes = [UInt64](repeating: 0, count: size)
    var values = [UInt8](repeating: 0, count: size)
    var lengths = [UInt32](repeating: 0, count: 32)
    for (value, word) in words {
      let bytes = Array(word.utf8)
      lengths[Int(bytes[0] & 31)] |= 1 << UInt32(min(bytes.count, 31))
      let hash = WordTable.hash(bytes.span, 0..<bytes.count)
      var slot = Int(hash >> 32) & (size - 1)
      while hashes[slot] != 0, hashes[slot] != hash { slot = (slot + 1) & (size - 1) }
      hashes[slot] = hash
      values[slot] = value
    }
    (self.hashes, self.values, mask, self.lengths) = (hashes, values, size - 1, lengths)
  }

  /// The number of a word; 0 when it is not in the table.
  ///
  /// ASCII letters are folded.
  @inline(__always) func value(_ text: Span<UInt8>, _ word: Range<Int>) -> UInt8 {
    guard !word.isEmpty,
      lengths[Int(text[word.lowerBound] & 31)] >> UInt32(min(word.count, 31)) & 1 != 0
    else { return 0 }
    let hash = WordTable.hash(text, word)
    var slot = Int(hash >> 32) & mask
    while hashes[slot] != 0 {
      if hashes[slot] == hash { return values[slot] }
      slot = (slot + 1) & mask
    }
    return 0
  }

  /// FNV-1a with a last stir; never 0.
  @inline(__always) private static func hash(_ text: Span<UInt8>, _ word: Range<Int>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for index in word { hash = (hash ^ UInt64(text[index] | 0x20)) &* 0x0000_0100_0000_01b3 }
    return (hash ^ hash >> 29) &* 0x9e37_79b9_7f4a_7c15 | 1
  }
}
