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

  /// - Parameter numbers: the patterns of the tier, none shorter than the window.
  init(
    _ texts: PatternTexts, _ numbers: [Int], gramLength: Int, windowLength: Int,
    _ frequency: PatternFrequency
  ) {
    self.texts = texts
    self.numbers = numbers
    self.gramLength = gramLength
    self.windowLength = windowLength
    fold = numbers.contains { texts.ignoresCase($0) } ? PatternKey.fold : 0
    offsets = numbers.map { number in
      frequency.rarestWindow(texts.bytes, texts.range(number), length: windowLength)
    }
  }

  /// The Bloom filter of the grams at which a probe can fall into a window.
  func grams(words: Int) -> [UInt64] {
    var filter = [UInt64](repeating: 0, count: words)
    for (number, offset) in zip(numbers, offsets) {
      for step in 0..<stride {
        insert(key(number, offset + step, gramLength), gramLength, into: &filter)
      }
    }
    return filter
  }

  /// What part of the probes into `sample` find a gram.
  func hitShare(_ grams: [UInt64], _ sample: [UInt8]) -> Double {
    var hits = 0
    for start in 0..<sample.count - 8 {
      let key = word(sample, start) | fold
      let place = PatternKey.bits(of: key, length: gramLength, words: grams.count)
      hits += grams[place.word] & place.bits == place.bits ? 1 : 0
    }
    return Double(hits) / Double(sample.count - 8)
  }

  /// Adds the tier's sections.
  func add(to image: inout ImageBuilder, _ index: Int, grams: [UInt64]) {
    typealias Tags = PatternTierSections
    let first = PatternSections.tier(index)
    var windows = [UInt64](repeating: 0, count: PatternTierBuilder.words(bits: 16 * numbers.count))
    let keys = zip(numbers, offsets).map { key($0, $1, windowLength) }
    for key in keys { insert(key, windowLength, into: &windows) }
    let (buckets, entries) = hashTable(keys)
    image.add(
      SectionTag(first + Tags.head),
      [UInt32(gramLength), UInt32(windowLength), UInt32(stride), fold == 0 ? 0 : 1])
    image.add(SectionTag(first + Tags.grams), grams)
    image.add(SectionTag(first + Tags.windows), windows)
    image.add(SectionTag(first + Tags.buckets), buckets)
    image.add(SectionTag(first + Tags.entries), entries)
  }

  /// A power of two of 64-bit words with at least `bits` bits.
  static func words(bits: Int) -> Int {
    var words = 16
    while words * 64 < bits { words *= 2 }
    return words
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

  private func insert(_ key: UInt64, _ length: Int, into filter: inout [UInt64]) {
    let place = PatternKey.bits(of: key, length: length, words: filter.count)
    filter[place.word] |= place.bits
  }

  private func key(_ number: Int, _ offset: Int, _ length: Int) -> UInt64 {
    let at = texts.range(number).lowerBound + offset
    return (word(texts.bytes, at) | fold) & PatternKey.mask(length)
  }

  private func word(_ bytes: [UInt8], _ start: Int) -> UInt64 { PatternKey.load(bytes.span, start) }
}
