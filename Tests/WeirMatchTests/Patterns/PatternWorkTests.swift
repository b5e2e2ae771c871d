import Testing
import WeirModel

@_spi(Measurement) @testable import WeirMatch

/// The worst case, by counted work rather than by the clock.
@Suite struct PatternWorkTests {
  private let seed: UInt64 = 0x30c5

  @Test func craftedTextsCostLittleMoreThanTheAutomata() throws {
    var generator = SeededGenerator(seed: seed)
    for count in [3, 20, 300] {
      let patterns = (0..<count).map { _ in
        pattern((0..<18).map { _ in UInt8.random(in: 0...255, using: &generator) })
      }
      let set = try patternSet(patterns)
      let text = nearMisses(patterns, length: 200_000)
      let result = set.scanFiltered(text.span, after: 0) { _, _ in }
      // Every chunk may be tried again and be resumed; tries get rarer while they fail.
      #expect(result.checked <= set.candidatesMax(text.count), "\(count), seed \(seed)")
      #expect(result.stepped <= text.count + text.count / 20, "\(count), seed \(seed)")
      // The filter gives up where candidates cost more than the dense table.
      let quarter = set.candidatesMax(text.count) / 4
      #expect(!set.isDense || result.stepped > text.count / 2 && result.checked <= quarter)
    }
  }

  @Test func textsFullOfOccurrencesGoThroughTheAutomata() throws {
    let patterns = (1...60).map { pattern(Array(repeating: 97, count: $0)) }
    let text = [UInt8](repeating: 97, count: 20_000)
    let set = try patternSet(patterns)
    var found = 0
    let result = set.scanFiltered(text.span, after: 0) { _, _ in found += 1 }
    #expect(found == (1...60).reduce(0) { $0 + text.count - $1 + 1 })
    #expect(result.stepped <= text.count + text.count / 10)
    #expect(result.checked <= set.candidatesMax(text.count))
  }

  @Test func ordinaryTrafficHardlyMeetsTheAutomata() throws {
    var generator = SeededGenerator(seed: seed)
    let patterns = (0..<2000).map { _ in
      pattern((0..<12).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }
    let set = try patternSet(patterns)
    let text = PatternTrafficSample.bytes + (0..<4000).map { _ in .random(in: 0...255) }
    let result = set.scanFiltered(text.span, after: 0) { _, _ in }
    #expect(result.stepped == 0)
    #expect(result.checked < text.count / 100)
  }

  @Test func twiceTheTextIsTwiceTheWork() throws {
    let patterns = (0..<50).map { pattern("prefix-that-all-share-\($0)-x") }
    let set = try patternSet(patterns)
    let text = nearMisses(patterns, length: 100_000)
    let once = set.scanFiltered(text.span, after: 0) { _, _ in }
    let twice = set.scanFiltered((text + text).span, after: 0) { _, _ in }
    #expect(twice.stepped + twice.checked <= 2 * (once.stepped + once.checked) + 4096)
  }

  /// Each pattern with its first byte broken, then with its last.
  private func nearMisses(_ patterns: [BytePattern], length: Int) -> [UInt8] {
    var text: [UInt8] = []
    var number = 0
    while text.count < length {
      let bytes = patterns[number % patterns.count].bytes
      let breaksFirst = number / patterns.count % 2 == 0
      for (index, byte) in bytes.enumerated() {
        text.append(index == (breaksFirst ? 0 : bytes.count - 1) ? byte ^ 0x81 : byte)
      }
      number += 1
    }
    return text
  }
}
