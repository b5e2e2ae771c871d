import WeirModel

/// The bytes of all patterns, read in place.
struct PatternTextTable: Sendable {
  /// How many patterns there are.
  let count: Int
  private let starts: PatternTable<UInt32>
  private let bytes: PatternTable<UInt8>

  init(_ image: Image) throws(ImageError) {
    starts = PatternTable(try image.table(PatternSections.starts))
    bytes = PatternTable(try image.table(PatternSections.bytes))
    count = max(starts.count - 1, 0)
  }

  /// The pattern with this number.
  func pattern(_ number: UInt32) -> BytePattern {
    let (from, length, ignoresCase) = place(number)
    let text = (from..<from + length).map { bytes[$0] }
    guard let pattern = BytePattern(text, ignoresCase: ignoresCase) else {
      preconditionFailure("between 1 and `lengthMax` bytes by the bounds of its place")
    }
    return pattern
  }

  /// Compares the pattern with what begins at `start` of `text`.
  ///
  /// - Returns: whether it is there, and then its length; else how many bytes are equal.
  func compare(
    _ number: UInt32, _ text: Span<UInt8>, at start: Int
  ) -> (matches: Bool, length: Int) {
    guard Int(number) < count else { return (false, 0) }
    let (from, length, ignoresCase) = place(number)
    guard start >= 0, length <= text.count - start else { return (false, 0) }
    for offset in 0..<length {
      let byte = text[start + offset]
      if (ignoresCase ? asciiLowercased(byte) : byte) != bytes[from + offset] {
        return (false, offset)
      }
    }
    return (true, length)
  }

  private func place(_ number: UInt32) -> (from: Int, length: Int, ignoresCase: Bool) {
    let start = starts[number]
    let from = Int(start & ~PatternSections.ignoresCaseBit)
    let to = Int(starts[Int(number) + 1] & ~PatternSections.ignoresCaseBit)
    let length = max(min(to - from, BytePattern.lengthMax), 1)
    return (from, length, start & PatternSections.ignoresCaseBit != 0)
  }
}
