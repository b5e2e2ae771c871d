/// Builds the tables of one tier; see `PatternTier`.
struct PatternTierBuilder {
  private let texts: PatternTexts
  private let numbers: [Int]
  /// Where each pattern's window begins, in the order of `numbers`.
  private let offsets: [Int]
  let gramLength: Int
  let windowLength: Int
  private let fold: UInt64

  var stride: Int { windowLength - gramLength + 1 }

  /// - Parameters:
  ///   - numbers: the patterns of the tier, none shorter than the window.
  ///   - offsets: where in each pattern its window begins.
  init(
    _ texts: PatternTexts, _ numbers: [Int], offsets: [Int], gramLength: Int, windowLength: Int
  ) {
    self.texts = texts
    self.numbers = numbers
    self.offsets = offsets
    self.gramLength = gramLength
    self.windowLength = windowLength
    fold = numbers.contains { texts.ignoresCase($0) } ? PatternKey.fold : 0
  }

  /// The Bloom filter of the grams at which a probe can fall into a window.
  func grams(words: Int) -> [UInt32] {
    var filter = [UInt32](repeating: 0, count: words)
    for (number, offset) in zip(numbers, offsets) {
      for step in 0..<stride {
        let hash = PatternKey.gramHash(word(number, offset + step), length: gramLength)
        let place = PatternKey.bits(of: hash, words: words)
        filter[place.place] |= place.bits
      }
    }
    return filter
  }

  /// What part of the probes into `sample` find a gram.
  func hitShare(_ grams: [UInt32], _ sample: [UInt8]) -> Double {
    var hits = 0
    for start in 0..<sample.count - 8 {
      let word = PatternKey.load(sample.span, start) | fold
      let hash = PatternKey.gramHash(word, length: gramLength)
      let place = PatternKey.bits(of: hash, words: grams.count)
      hits += grams[place.place] & place.bits == place.bits ? 1 : 0
    }
    return Double(hits) / Double(sample.count - 8)
  }

  /// Adds the tier's sections.
  func add(to image: inout ImageBuilder, _ index: Int, grams: [UInt32]) {
    let words = zip(numbers, offsets).map { word($0, $1) }
    let (buckets, entries) = hashTable(words.map { $0 & PatternKey.mask(windowLength) })
    addFilter(to: &image, index, grams: grams, windows: windows(words))
    let first = PatternSections.tier(index)
    image.add(SectionTag(first + PatternTierSections.buckets), buckets)
    image.add(SectionTag(first + PatternTierSections.entries), entries)
  }

  /// Adds the sections that are needed for sampling; the windows all pass when there are none.
  func addFilter(
    to image: inout ImageBuilder, _ index: Int, grams: [UInt32],
    windows: [UInt32] = [UInt32](repeating: .max, count: 16)
  ) {
    typealias Tags = PatternTierSections
    let first = PatternSections.tier(index)
    image.add(
      SectionTag(first + Tags.head),
      [UInt32(gramLength), UInt32(windowLength), UInt32(stride), fold == 0 ? 0 : 1])
    image.add(SectionTag(first + Tags.grams), grams)
    image.add(SectionTag(first + Tags.windows), windows)
  }

  /// The Bloom filter of the windows, given their first eight bytes: 16 bits or more for each.
  private func windows(_ words: [UInt64]) -> [UInt32] {
    var count = 16
    while count * 2 < numbers.count { count *= 2 }
    var filter = [UInt32](repeating: 0, count: count)
    for word in words {
      let hash = PatternKey.windowHash(word, length: windowLength)
      let place = PatternKey.bits(of: hash, words: count)
      filter[place.place] |= place.bits
    }
    return filter
  }

  /// Entries sorted by bucket, by counting.
  private func hashTable(_ keys: [UInt64]) -> (buckets: [UInt32], entries: [UInt32]) {
    var bucketCount = 16
    while bucketCount < numbers.count { bucketCount *= 2 }
    let slots = keys.map { PatternKey.slot(of: $0, buckets: bucketCount) }
    var buckets = [UInt32](repeating: 0, count: bucketCount + 1)
    for slot in slots { buckets[slot.bucket + 1] += 1 }
    for index in 1...bucketCount { buckets[index] += buckets[index - 1] }
    var next = buckets
    var entries = [UInt32](repeating: 0, count: 2 * numbers.count)
    for index in numbers.indices {
      let slot = slots[index]
      let at = 2 * Int(next[slot.bucket])
      entries[at] = UInt32(numbers[index])
      entries[at + 1] = UInt32(offsets[index]) << 16 | UInt32(slot.tag)
      next[slot.bucket] += 1
    }
    return (buckets, entries)
  }

  /// Eight bytes of a pattern from `offset` on, folded as the tier is; less at the end of all patterns.
  private func word(_ number: Int, _ offset: Int) -> UInt64 {
    PatternKey.load(texts.bytes.span, texts.range(number).lowerBound + offset) | fold
  }
}
