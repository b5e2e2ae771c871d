import CWeirSIMD

extension LineText {
  /// The place behind the first occurrence of `words` in a range.
  ///
  /// Traps when the range does not lie in the text.
  static func behind(_ words: StaticString, _ text: Span<UInt8>, _ range: Range<Int>) -> Int? {
    let part = text.extracting(range)
    let place = unsafe part.withUnsafeBufferPointer { bytes in
      // Both are readable for their counts, and the words live for ever.
      unsafe weir_log_find(bytes.baseAddress, bytes.count, words.utf8Start, words.utf8CodeUnitCount)
    }
    return place < range.count ? range.lowerBound + place + words.utf8CodeUnitCount : nil
  }
}
