/// The fields of a JSON object that stands in one line.
enum JSONFields {
  /// Calls `body` with each key and value of the outermost object: strings without their quotes and with their
  /// escapes as they stand, other values as they are written.
  ///
  /// - Throws: `RejectReason.invalidJSON` when the line is no object, or something follows it.
  /// - Complexity: O(n), without recursion.
  static func forEach(
    in line: Span<UInt8>, _ body: (_ key: Range<Int>, _ value: Range<Int>) -> Void
  ) throws(RejectReason) {
    var position = try skip(UInt8(ascii: "{"), line, from: 0)
    if position < line.count, line[position] == UInt8(ascii: "}") {
      guard line.skippingBlanks(from: position + 1) == line.count else { throw .invalidJSON }
      return
    }
    while true {
      let key = try string(line, from: position)
      position = try skip(UInt8(ascii: ":"), line, from: key.upperBound + 1)
      let value: Range<Int>
      if position < line.count, line[position] == UInt8(ascii: "\"") {
        value = try string(line, from: position)
        position = value.upperBound + 1
      } else {
        value = try bare(line, from: position)
        position = value.upperBound
      }
      body(key, value)
      position = line.skippingBlanks(from: position)
      guard position < line.count else { throw .invalidJSON }
      if line[position] == UInt8(ascii: "}") { break }
      position = try skip(UInt8(ascii: ","), line, from: position)
    }
    guard line.skippingBlanks(from: position + 1) == line.count else { throw .invalidJSON }
  }

  /// Behind a mark and the blanks around it.
  private static func skip(
    _ mark: UInt8, _ line: Span<UInt8>, from start: Int
  ) throws(RejectReason) -> Int {
    let place = line.skippingBlanks(from: start)
    guard place < line.count, line[place] == mark else { throw .invalidJSON }
    return line.skippingBlanks(from: place + 1)
  }

  /// What stands between the quote at `start` and the one that closes it.
  private static func string(
    _ line: Span<UInt8>, from start: Int
  ) throws(RejectReason) -> Range<Int> {
    guard start < line.count, line[start] == UInt8(ascii: "\"") else { throw .invalidJSON }
    var end = start + 1
    while end < line.count, line[end] != UInt8(ascii: "\"") {
      end += line[end] == UInt8(ascii: "\\") ? 2 : 1
    }
    guard end < line.count else { throw .invalidJSON }
    return start + 1..<end
  }

  /// A number, a literal, or a list or an object with all that is in it.
  private static func bare(
    _ line: Span<UInt8>, from start: Int
  ) throws(RejectReason) -> Range<Int> {
    var (end, depth) = (start, 0)
    while end < line.count {
      switch line[end] {
      case UInt8(ascii: "\""): end = try string(line, from: end).upperBound
      case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        if depth == 0 { return try checked(start..<end) }
        depth -= 1
      case UInt8(ascii: ","), UInt8(ascii: " "), UInt8(ascii: "\t"):
        if depth == 0 { return try checked(start..<end) }
      default: break
      }
      end += 1
    }
    throw .invalidJSON
  }

  private static func checked(_ range: Range<Int>) throws(RejectReason) -> Range<Int> {
    guard !range.isEmpty else { throw .invalidJSON }
    return range
  }
}
