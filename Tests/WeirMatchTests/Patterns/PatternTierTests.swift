import Testing
import WeirModel

@testable import WeirMatch

/// The prefilter, step by step, beside the loops in C.
@Suite struct PatternTierTests {
  private let seed: UInt64 = 0x71e5

  @Test func vectorsNameTheSameWindowsAsPlainCodeAndAsTheSlowTwin() throws {
    for row in patternRows(seed: seed) {
      let set = try patternSet(row.patterns)
      for tier in set.tiers { compare(tier, row) }
      // The tiers only look into the set's image.
      withExtendedLifetime(set) {}
    }
  }

  @Test func everyLengthOfGramAndWindowIsHashedAlike() throws {
    var generator = SeededGenerator(seed: seed)
    for shortest in 1...16 {
      let patterns = (0..<40).map { _ in
        pattern((0..<shortest).map { _ in UInt8.random(in: 0...255, using: &generator) })
      }
      let text = patterns.flatMap(\.bytes) + patterns.reversed().flatMap(\.bytes)
      let texts = PatternTexts(patterns)
      let frequency = PatternFrequency(texts, sample: text)
      for gramLength in 1...min(8, shortest) {
        var builder = ImageBuilder()
        let windowLength = min(shortest, gramLength + 7)
        let offsets = patterns.indices.map {
          frequency.rarestWindow(texts.bytes, texts.range($0), length: windowLength)
        }
        let tierBuilder = PatternTierBuilder(
          texts, Array(patterns.indices), offsets: offsets, gramLength: gramLength,
          windowLength: windowLength)
        tierBuilder.add(to: &builder, 0, grams: tierBuilder.grams(words: 256))
        let image = try Image(builder.finish())
        let tier = try #require(try PatternTier(image, 0))
        let found = windows(tier, text, room: 8, vectors: true)
        withExtendedLifetime(image) {
          #expect(found == slowWindows(tier, text), "\(shortest) \(gramLength)")
        }
        // Every pattern is as long as the window or a little longer, so there is one in each.
        #expect(Set(found).count >= patterns.count, "\(shortest) \(gramLength), seed \(seed)")
      }
    }
  }

  private func compare(_ tier: PatternTier, _ row: PatternRow) {
    for length in [0, 1, 3, 7, 8, 9, 23, 24, 25, 60, 130, 1400] {
      let text = Array(row.text.prefix(length))
      let expected = slowWindows(tier, text)
      for (room, vectors) in [(8, false), (8, true), (99, true)] {
        let found = windows(tier, text, room: room, vectors: vectors)
        #expect(found == expected, "\(row.name) \(length) \(room) \(vectors)")
      }
    }
  }

  private func windows(_ tier: PatternTier, _ text: [UInt8], room: Int, vectors: Bool) -> [UInt32] {
    var found: [UInt32] = []
    var position = 0
    while position < text.count {
      var positions = [UInt32](repeating: 0, count: room)
      var span = positions.mutableSpan
      let count = tier.sample(
        text.span, from: &position, to: text.count, into: &span, vectors: vectors)
      found += positions.prefix(count)
    }
    return found.sorted()
  }

  /// The windows that the two Bloom filters pass, by the definition.
  private func slowWindows(_ tier: PatternTier, _ text: [UInt8]) -> [UInt32] {
    var found: [UInt32] = []
    for probe in stride(from: 0, to: text.count, by: tier.stride)
    where probe + tier.gramLength <= text.count {
      let gram = PatternKey.gramHash(
        PatternKey.load(text.span, probe) | tier.fold, length: tier.gramLength)
      guard contains(tier.grams, gram) else { continue }
      for start in max(0, probe - tier.stride + 1)...probe
      where start + tier.windowLength <= text.count {
        let window = PatternKey.windowHash(
          PatternKey.load(text.span, start) | tier.fold, length: tier.windowLength)
        if contains(tier.windows, window) { found.append(UInt32(start)) }
      }
    }
    return found.sorted()
  }

  private func contains(_ filter: PatternTable<UInt32>, _ hash: UInt32) -> Bool {
    let place = PatternKey.bits(of: hash, words: filter.count)
    return filter[place.place] & place.bits == place.bits
  }
}
