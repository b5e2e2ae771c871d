import WeirModel

/// Cuts text into segments of whole lines.
enum LineCutter {
  /// The longest segment and so the longest line, in bytes.
  ///
  /// A longer line is cut, where no word is cut if that can be.
  static let segmentBytesMax = 1 << 20
  /// How far back from the end of a long line's piece a better place to cut it is looked for, in bytes.
  private static let backMax = 4096

  /// A segment, and whether it ends inside of a line.
  struct Segment: Equatable {
    var range: Range<Int>
    var isCut = false
  }

  /// The segment from `start` on.
  ///
  /// - Parameter isEnd: whether nothing follows these bytes, ever.
  /// - Returns: nil when there is no whole line yet.
  static func segment(_ bytes: Span<UInt8>, from start: Int, isEnd: Bool) -> Segment? {
    guard start < bytes.count else { return nil }
    let end = min(bytes.count, start + segmentBytesMax)
    if let feed = bytes.lastPlace(of: UInt8(ascii: "\n"), in: start..<end) {
      return Segment(range: start..<feed + 1)
    }
    if end == bytes.count, end - start < segmentBytesMax {
      return isEnd ? Segment(range: start..<end) : nil
    }
    var cut = end
    while cut > end - backMax, !isBetweenWords(bytes[cut - 1]) { cut -= 1 }
    return Segment(
      range: start..<(cut > end - backMax ? cut : end), isCut: !(isEnd && end == bytes.count))
  }

  /// Whether a byte stands between words for sure.
  private static func isBetweenWords(_ byte: UInt8) -> Bool {
    byte <= 0x20 || byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";")
      || byte == UInt8(ascii: "\"")
  }
}
