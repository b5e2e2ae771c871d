import WeirModel

/// Where the parts of one resource record stand (RFC 1035, section 5.1): owner, time to live, class, type, data.
struct ZoneRecord {
  /// The owner; empty when the record has that of the one before.
  let owner: Range<Int>
  /// The type.
  let type: Range<Int>
  /// The first word of the data.
  let data: Range<Int>

  /// Finds the parts of a trimmed line; nil when there is no type that policy zones have.
  init?(_ line: Span<UInt8>) {
    let first = ZoneRecord.word(line, from: 0)
    let hasOwner =
      !ZoneRecord.isType(line.extracting(first)) && !ZoneRecord.isClass(line.extracting(first))
    owner = hasOwner ? first : 0..<0
    var word = hasOwner ? ZoneRecord.word(line, from: first.upperBound) : first
    // A time to live and a class may stand before the type, in either order.
    for _ in 0..<2 where ZoneRecord.isPrelude(line.extracting(word)) {
      word = ZoneRecord.word(line, from: word.upperBound)
    }
    guard ZoneRecord.isType(line.extracting(word)) else { return nil }
    type = word
    data = ZoneRecord.word(line, from: word.upperBound)
  }

  /// Whether the data is an address.
  func isAddress(in line: Span<UInt8>) -> Bool { has(type: "A", line) || has(type: "AAAA", line) }

  /// Whether the record is of a type.
  func has(type name: StaticText, _ line: Span<UInt8>) -> Bool {
    line.extracting(type).equalsIgnoringCase(name)
  }

  private static func word(_ line: Span<UInt8>, from start: Int) -> Range<Int> {
    let first = line.skippingBlanks(from: start)
    return first..<line.wordEnd(from: first)
  }

  private static func isPrelude(_ word: Span<UInt8>) -> Bool {
    guard !word.isEmpty else { return false }
    return isClass(word) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(word[0])
  }

  private static func isClass(_ word: Span<UInt8>) -> Bool { word.equalsIgnoringCase("IN") }

  private static func isType(_ word: Span<UInt8>) -> Bool {
    for type in types where word.equalsIgnoringCase(type) { return true }
    return false
  }

  private static let types: [StaticText] = ["CNAME", "A", "AAAA", "SOA", "NS", "TXT"]
}

extension Span where Element == UInt8 {
  /// Whether the bytes are those of `text` but for the case of ASCII letters.
  func equalsIgnoringCase(_ text: StaticText) -> Bool {
    guard count == text.bytes.count else { return false }
    for index in 0..<count where lowercased(self[index]) != lowercased(text.bytes[index]) {
      return false
    }
    return true
  }
}

private func lowercased(_ byte: UInt8) -> UInt8 {
  (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
}
