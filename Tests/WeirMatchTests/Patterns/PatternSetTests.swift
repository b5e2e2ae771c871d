import Testing
import WeirModel

@_spi(Measurement) @testable import WeirMatch

@Suite struct PatternSetTests {
  private let seed: UInt64 = 0x5ee_d001

  @Test(arguments: PatternVariant.allCases)
  func everyVariantFindsWhatTheNaiveSearchFinds(_ variant: PatternVariant) throws {
    for row in patternRows(seed: seed) {
      let set = try patternSet(row.patterns, variant.options)
      let expected = naiveOccurrences(row.patterns, row.text)
      #expect(occurrences(set, row.text) == expected, "\(row.name), seed \(seed)")
      for length in [1, 7, 8, 9, 15, 16, 17, 31, 33] where length < row.text.count {
        let tail = Array(row.text.suffix(length))
        let found = occurrences(set, tail)
        #expect(found == naiveOccurrences(row.patterns, tail), "\(row.name) \(length)")
      }
    }
  }

  @Test(arguments: PatternVariant.allCases)
  func allSmallSetsOverTwoLettersFindAllInAllSmallTexts(_ variant: PatternVariant) throws {
    let words = self.words(upTo: 3)
    let texts = (0...8).flatMap { self.texts(of: $0) }
    for first in words.indices {
      for second in first..<words.count {
        let patterns = Set([words[first], words[second]]).sorted { $0.count < $1.count }
          .map { pattern($0) }
        let set = try patternSet(patterns, variant.options)
        for text in texts {
          #expect(occurrences(set, text) == naiveOccurrences(patterns, text), "\(patterns) \(text)")
        }
      }
    }
    let all = words.map { pattern($0) }
    let set = try patternSet(all, variant.options)
    for text in texts {
      #expect(occurrences(set, text) == naiveOccurrences(all, text), "\(text)")
    }
  }

  @Test(arguments: PatternVariant.allCases)
  func everySplitOfAStreamFindsWhatTheWholeFinds(_ variant: PatternVariant) throws {
    for row in patternRows(seed: seed) {
      let set = try patternSet(row.patterns, variant.options)
      let text = Array(row.text.prefix(500))
      let whole = occurrences(set, text)
      let step = row.patterns.count > 50 ? 29 : 7
      for split in stride(from: 0, through: text.count, by: step) {
        let found = occurrences(set, segments: [text[..<split], text[split...]])
        #expect(found == whole, "\(row.name) split at \(split)")
      }
      let single = text.indices.map { text[$0...$0] }
      #expect(occurrences(set, segments: single) == whole, "\(row.name)")
    }
  }

  @Test(arguments: PatternVariant.allCases)
  func anySequenceOfSegmentsFindsWhatTheWholeFinds(_ variant: PatternVariant) throws {
    var generator = SeededGenerator(seed: seed)
    for row in patternRows(seed: seed) {
      let set = try patternSet(row.patterns, variant.options)
      let whole = occurrences(set, row.text)
      for _ in 0..<12 {
        var segments: [ArraySlice<UInt8>] = []
        var from = 0
        let largest = [0, 3, 40, 1500].randomElement(using: &generator) ?? 0
        while from < row.text.count {
          let length = Int.random(in: 0...max(largest, 1), using: &generator)
          segments.append(row.text[from..<min(from + length, row.text.count)])
          from += length
        }
        let found = occurrences(set, segments: segments)
        #expect(found == whole, "\(row.name), segments up to \(largest), seed \(seed)")
      }
    }
  }

  @Test func thePatternsCanBeReadBack() throws {
    for row in patternRows(seed: seed) {
      let set = try patternSet(row.patterns)
      #expect(set.count == row.patterns.count)
      #expect(set.longest == row.patterns.map(\.bytes.count).max())
      #expect(row.patterns.indices.map { set.pattern(UInt32($0)) } == row.patterns)
    }
  }

  @Test func anImageWithoutSectionsIsAnEmptySet() throws {
    let set = try patternSet([])
    #expect(set.isEmpty && set.longest == 0)
    #expect(occurrences(set, Array("anything".utf8)).isEmpty)
    #expect(occurrences(set, segments: [[1, 2, 3], []]).isEmpty)
  }

  @Test func theSamePatternsGiveTheSameBytes() throws {
    for row in patternRows(seed: seed).prefix(20) {
      var (first, second) = (ImageBuilder(), ImageBuilder())
      try PatternSetBuilder.add(row.patterns, to: &first)
      try PatternSetBuilder.add(row.patterns, to: &second)
      let (left, right) = (try first.finish(), try second.finish())
      #expect(left == right, "\(row.name)")
    }
  }

  @Test func aPatternGivenTwiceIsAnError() {
    var builder = ImageBuilder()
    let patterns = [pattern("b"), pattern("a"), pattern("a", ignoresCase: true), pattern("b")]
    #expect(throws: PatternBuildError.duplicate(first: 0, second: 3)) {
      try PatternSetBuilder.add(patterns, to: &builder)
    }
  }

  @Test func tooManyPatternsAreAnError() {
    var builder = ImageBuilder()
    let patterns = [BytePattern](repeating: pattern("a"), count: 500_001)
    #expect(throws: PatternBuildError.tooMany(count: 500_001, limit: 500_000)) {
      try PatternSetBuilder.add(patterns, to: &builder)
    }
  }

  private func words(upTo length: Int) -> [String] {
    (1...length).flatMap { length in
      texts(of: length).map { String(decoding: $0, as: UTF8.self) }
    }
  }

  private func texts(of length: Int) -> [[UInt8]] {
    (0..<1 << length).map { bits in
      (0..<length).map { UInt8(ascii: "a") + UInt8(bits >> $0 & 1) }
    }
  }
}
