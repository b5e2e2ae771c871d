/// Divides patterns among tiers of the prefilter, and chooses each tier's gram and stride by counted work.
///
/// Long patterns allow long strides, so they are not mixed with short ones unless that is cheaper. The work is
/// estimated by probing a page of typical traffic and a page of random bytes.
struct PatternFilterBuilder {
  /// A choice for the patterns of one or more classes of lengths.
  private struct Choice {
    var builder: PatternTierBuilder
    var grams: [UInt32]
    /// Estimated work per byte of traffic; a probe in a filter that the first-level cache holds is 1.
    var cost: Double
  }

  /// The shortest length of each class.
  private static let classes = [1, 2, 4, 8]
  private let texts: PatternTexts
  private let frequency: PatternFrequency
  private let samples = [PatternTrafficSample.bytes, PatternFilterBuilder.noise()]

  init(_ texts: PatternTexts) {
    self.texts = texts
    frequency = PatternFrequency(texts, sample: PatternTrafficSample.bytes)
  }

  /// Adds the tiers' sections.
  func add(to image: inout ImageBuilder) {
    for (index, choice) in choices().enumerated() {
      choice.builder.add(to: &image, index, grams: choice.grams)
    }
    addPrefixes(to: &image)
  }

  /// Adds the tier for the first four bytes of each pattern that has them; shorter ones need no look-up.
  private func addPrefixes(to image: inout ImageBuilder) {
    let length = 4
    let numbers = (0..<texts.count).filter { texts.range($0).count >= length }
    let offsets = [Int](repeating: 0, count: numbers.count)
    let builder = PatternTierBuilder(
      texts, numbers, offsets: offsets, gramLength: length, windowLength: length)
    builder.addFilter(
      to: &image, PatternSections.prefixTier, grams: builder.grams(words: gramWords(numbers.count)))
  }

  /// One choice per tier, the longest patterns first.
  private func choices() -> [Choice] {
    var classes = [[Int]](repeating: [], count: PatternFilterBuilder.classes.count)
    for number in 0..<texts.count {
      let length = texts.range(number).count
      let place = PatternFilterBuilder.classes.lastIndex { $0 <= length } ?? 0
      classes[place].append(number)
    }
    var tiers: [(numbers: [Int], choice: Choice)] = []
    for numbers in classes.reversed() where !numbers.isEmpty {
      let alone = choose(numbers)
      guard let last = tiers.last else {
        tiers.append((numbers, alone))
        continue
      }
      let together = choose(last.numbers + numbers)
      if together.cost < last.choice.cost + alone.cost {
        tiers[tiers.count - 1] = (last.numbers + numbers, together)
      } else {
        tiers.append((numbers, alone))
      }
    }
    return tiers.map(\.choice)
  }

  /// The cheapest gram and window for `numbers`.
  private func choose(_ numbers: [Int]) -> Choice {
    let shortest = numbers.reduce(Int.max) { min($0, texts.range($1).count) }
    var best: Choice?
    var (offsets, offsetsLength): ([Int], Int) = ([], 0)
    for gramLength in min(3, shortest)...min(8, shortest) {
      let windowLength = min(shortest, gramLength + PatternKey.strideMax - 1)
      if windowLength != offsetsLength {
        offsetsLength = windowLength
        offsets = numbers.map { number in
          frequency.rarestWindow(texts.bytes, texts.range(number), length: windowLength)
        }
      }
      let builder = PatternTierBuilder(
        texts, numbers, offsets: offsets, gramLength: gramLength, windowLength: windowLength)
      let grams = builder.grams(words: gramWords(numbers.count * builder.stride))
      let cost = cost(builder, grams)
      if best.map({ cost < $0.cost }) ?? true {
        best = Choice(builder: builder, grams: grams, cost: cost)
      }
    }
    guard let best else { preconditionFailure("the shortest pattern is a gram itself") }
    return best
  }

  /// 32 bits or more a gram while that fits the first-level cache, else 16, and at most 1 MiB.
  private func gramWords(_ grams: Int) -> Int {
    var words = 16
    while words < grams, words < 1 << 12 { words *= 2 }
    while words * 2 < grams, words < 1 << 18 { words *= 2 }
    return words
  }

  private func cost(_ builder: PatternTierBuilder, _ grams: [UInt32]) -> Double {
    let share = samples.reduce(0) { $0 + builder.hitShare(grams, $1) } / Double(samples.count)
    let stride = Double(builder.stride)
    // A filter beyond the first-level cache costs more by probe; each hit checks all windows at once.
    let probe = grams.count <= 1 << 13 ? 1.0 : 1.5
    return (probe + share * 12) / stride
  }

  /// A page without structure, the same every time.
  private static func noise() -> [UInt8] {
    var state: UInt64 = 1
    return (0..<4096).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 56)
    }
  }
}
