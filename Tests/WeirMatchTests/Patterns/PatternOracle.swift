import WeirModel

@_spi(Measurement) @testable import WeirMatch

/// One pattern found at one place.
struct Occurrence: Hashable, Comparable, CustomStringConvertible {
  var end: Int
  var pattern: UInt32

  static func < (first: Occurrence, second: Occurrence) -> Bool {
    (first.end, first.pattern) < (second.end, second.pattern)
  }

  var description: String { "\(pattern)@\(end)" }
}

/// The slow and obvious search.
func naiveOccurrences(_ patterns: [BytePattern], _ text: [UInt8]) -> [Occurrence] {
  let folded = text.map(asciiLowercased)
  // The places of each byte, so that a pattern is only compared where it could begin.
  var places = [[[Int]]](repeating: [[Int]](repeating: [], count: 256), count: 2)
  for index in text.indices {
    places[0][Int(text[index])].append(index)
    places[1][Int(folded[index])].append(index)
  }
  var found: [Occurrence] = []
  for (number, pattern) in patterns.enumerated() {
    let source = pattern.ignoresCase ? folded : text
    for start in places[pattern.ignoresCase ? 1 : 0][Int(pattern.bytes[0])] {
      let end = start + pattern.bytes.count
      var offset = 1
      while offset < pattern.bytes.count, start + offset < source.count,
        source[start + offset] == pattern.bytes[offset]
      { offset += 1 }
      if offset == pattern.bytes.count {
        found.append(Occurrence(end: end, pattern: UInt32(number)))
      }
    }
  }
  return found.sorted()
}

/// Builds a set in memory.
func patternSet(
  _ patterns: [BytePattern], _ options: PatternBuildOptions = PatternBuildOptions()
) throws -> PatternSet {
  var builder = ImageBuilder()
  try PatternSetBuilder.add(patterns, to: &builder, options: options)
  return try PatternSet(Image(builder.finish()))
}

/// What a scan of the whole text names; ends that go backwards come out as an occurrence of no pattern.
func occurrences(_ set: PatternSet, _ text: [UInt8]) -> [Occurrence] {
  var found: [Occurrence] = []
  set.scan(text.span) { pattern, end in note(pattern, end, 0, &found) }
  return found.sorted()
}

/// What a scan of consecutive segments names, with ends counted from the start of the stream.
func occurrences(_ set: PatternSet, segments: [ArraySlice<UInt8>]) -> [Occurrence] {
  var found: [Occurrence] = []
  var state = PatternStreamState()
  var offset = 0
  for segment in segments {
    let bytes = Array(segment)
    set.scan(bytes.span, resuming: &state) { pattern, end in note(pattern, end, offset, &found) }
    offset += bytes.count
  }
  return found.sorted()
}

private func note(_ pattern: UInt32, _ end: Int, _ offset: Int, _ found: inout [Occurrence]) {
  if let last = found.last, last.end > end + offset {
    found.append(Occurrence(end: -1, pattern: .max))
  }
  found.append(Occurrence(end: end + offset, pattern: pattern))
}

/// A pattern of text; traps in the test when it is no pattern.
func pattern(_ text: String, ignoresCase: Bool = false) -> BytePattern {
  pattern(Array(text.utf8), ignoresCase: ignoresCase)
}

/// A pattern of bytes; traps in the test when it is no pattern.
func pattern(_ bytes: [UInt8], ignoresCase: Bool = false) -> BytePattern {
  guard let pattern = BytePattern(bytes, ignoresCase: ignoresCase) else {
    preconditionFailure("no pattern: \(bytes)")
  }
  return pattern
}

/// SplitMix64 (Steele, Lea and Flood, 2014).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
