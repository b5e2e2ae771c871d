import WeirModel

/// Whether a byte is a space or a tab.
@inline(__always) func isBlank(_ byte: UInt8) -> Bool {
  byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
}

extension Span where Element == UInt8 {
  /// The range from `start` without spaces, tabs and carriage returns at either end.
  func trimmed(from start: Int = 0) -> Range<Int> {
    var (first, last) = (start, count)
    while first < last, isBlank(self[first]) || self[first] == UInt8(ascii: "\r") { first += 1 }
    while first < last, isBlank(self[last - 1]) || self[last - 1] == UInt8(ascii: "\r") {
      last -= 1
    }
    return first..<last
  }

  /// The first index from `start` that holds no space or tab; `count` when there is none.
  func skippingBlanks(from start: Int) -> Int {
    var index = start
    while index < count, isBlank(self[index]) { index += 1 }
    return index
  }

  /// The first index from `start` that holds a space or a tab; `count` when there is none.
  func wordEnd(from start: Int) -> Int {
    var index = start
    while index < count, !isBlank(self[index]) { index += 1 }
    return index
  }

  /// Where a rule ends: at the first blank with `#` behind it, from where on lists note why it stands there.
  var endBeforeNote: Int {
    var start = 1
    while let sign = firstIndex(of: UInt8(ascii: "#"), from: start) {
      if isBlank(self[sign - 1]) { return extracting(0..<sign).trimmed().upperBound }
      start = sign + 1
    }
    return count
  }

  /// Whether the text is empty or a comment: `#`, `;`, `!` or `//`.
  func isEmptyOrComment(from start: Int) -> Bool {
    let start = skippingBlanks(from: start)
    return start == count || isListComment(extracting(start..<count))
  }

  /// Whether the bytes at `start` are `text`.
  func hasBytes(_ text: StaticText, at start: Int = 0) -> Bool {
    guard start + text.bytes.count <= count else { return false }
    for index in 0..<text.bytes.count where self[start + index] != text.bytes[index] {
      return false
    }
    return true
  }

  /// Whether `text` occurs anywhere.
  func contains(_ text: StaticText) -> Bool {
    var start = 0
    while start + text.bytes.count <= count {
      if hasBytes(text, at: start) { return true }
      start += 1
    }
    return false
  }

  /// Whether any byte is `byte`.
  func contains(_ byte: UInt8) -> Bool { firstIndex(of: byte, from: 0) != nil }

  /// The last index that holds `byte`, or nil.
  func lastIndex(of byte: UInt8) -> Int? {
    var index = count - 1
    while index >= 0 {
      if self[index] == byte { return index }
      index -= 1
    }
    return nil
  }

  /// Whether the bytes begin with the UTF-8 byte order mark.
  var startsWithByteOrderMark: Bool {
    count >= 3 && self[0] == 0xef && self[1] == 0xbb && self[2] == 0xbf
  }

  /// Whether there are control bytes other than the tab.
  var hasControlBytes: Bool {
    for index in 0..<count where isControl(self[index]) { return true }
    return false
  }
}

/// Whether a byte is an ASCII control character other than the tab.
func isControl(_ byte: UInt8) -> Bool {
  byte < 0x20 && byte != UInt8(ascii: "\t") || byte == 0x7f
}

/// A text to compare bytes with.
struct StaticText: ExpressibleByStringLiteral, Sendable {
  let bytes: [UInt8]

  init(bytes: [UInt8]) { self.bytes = bytes }

  init(stringLiteral value: String) { bytes = Array(value.utf8) }
}
