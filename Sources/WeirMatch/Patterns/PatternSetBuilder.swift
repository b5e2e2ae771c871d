public import WeirModel

/// Why patterns cannot be compiled.
public enum PatternBuildError: Error, Equatable, Sendable {
  /// More patterns than a set holds.
  case tooMany(count: Int, limit: Int)
  /// The automaton would have more nodes than can be numbered.
  case tooLarge(nodes: Int, limit: Int)
  /// The same pattern twice, by index.
  case duplicate(first: Int, second: Int)
}

/// Which layout and filter a set gets; anything but `automatic` is for tests and measurements.
@_spi(Measurement) public struct PatternBuildOptions {
  /// How the automata are laid out: by size, or always in one way.
  public enum Layout { case automatic, compact, dense }
  /// Whether there is a prefilter.
  public enum Filter { case automatic, none }
  /// How the automata are laid out.
  public var layout = Layout.automatic
  /// Whether there is a prefilter.
  public var filter = Filter.automatic
  /// The most entries of a dense table: 1 MiB, what a second-level cache holds.
  static let denseEntriesMax = 1 << 18

  /// What users get.
  public init() {}
}

/// Compiles patterns to the sections that a `PatternSet` reads.
public enum PatternSetBuilder {
  /// The most patterns of a set.
  public static let countMax = 500_000

  /// Adds the sections for `patterns`, whose numbers are their indices; no patterns add nothing.
  ///
  /// A pure function: the same patterns give the same bytes. Takes time and memory linear in the sum of their
  /// lengths, apart from sorting.
  public static func add(
    _ patterns: [BytePattern], to image: inout ImageBuilder
  ) throws(PatternBuildError) {
    try add(patterns, to: &image, options: PatternBuildOptions())
  }

  /// Adds the sections for `patterns` in a chosen layout.
  @_spi(Measurement) public static func add(
    _ patterns: [BytePattern], to image: inout ImageBuilder, options: PatternBuildOptions
  ) throws(PatternBuildError) {
    guard !patterns.isEmpty else { return }
    guard patterns.count <= countMax else {
      throw .tooMany(count: patterns.count, limit: countMax)
    }
    let texts = PatternTexts(patterns)
    for ignoresCase in [false, true] {
      let order = texts.sorted(ignoresCase: ignoresCase)
      guard !order.isEmpty else { continue }
      let trie = try PatternTrie(texts, order)
      trie.add(
        to: &image, firstTag: PatternSections.automaton(ignoresCase: ignoresCase), options: options)
    }
    if options.filter == .automatic { PatternFilterBuilder(texts).add(to: &image) }
    image.add(
      PatternSections.head,
      [PatternSections.version, UInt32(patterns.count), UInt32(texts.longest), 0])
    image.add(PatternSections.starts, texts.starts)
    image.add(PatternSections.bytes, texts.bytes)
  }
}

/// The bytes of all patterns in one array.
struct PatternTexts {
  private(set) var bytes: [UInt8] = []
  /// Where each begins, one more than patterns; the top bit says that it ignores case.
  private(set) var starts: [UInt32] = []
  private(set) var longest = 0

  init(_ patterns: [BytePattern]) {
    starts.reserveCapacity(patterns.count + 1)
    bytes.reserveCapacity(patterns.reduce(0) { $0 + $1.bytes.count })
    for pattern in patterns {
      let flag = pattern.ignoresCase ? PatternSections.ignoresCaseBit : 0
      starts.append(UInt32(bytes.count) | flag)
      bytes.append(contentsOf: pattern.bytes)
      longest = max(longest, pattern.bytes.count)
    }
    starts.append(UInt32(bytes.count))
  }

  var count: Int { starts.count - 1 }

  func range(_ number: Int) -> Range<Int> {
    let mask = ~PatternSections.ignoresCaseBit
    return Int(starts[number] & mask)..<Int(starts[number + 1] & mask)
  }

  func ignoresCase(_ number: Int) -> Bool {
    starts[number] & PatternSections.ignoresCaseBit != 0
  }

  /// The numbers of the patterns of one kind in order of their bytes; equal ones in order of number.
  func sorted(ignoresCase: Bool) -> [Int] {
    var keys: [(head: UInt64, number: Int)] = []
    for number in 0..<count where self.ignoresCase(number) == ignoresCase {
      keys.append((head(range(number)), number))
    }
    keys.sort { first, second in
      if first.head != second.head { return first.head < second.head }
      return precedes(first.number, second.number)
    }
    return keys.map(\.number)
  }

  /// The first eight bytes as a number that sorts as they do; shorter texts are filled with zeros.
  private func head(_ range: Range<Int>) -> UInt64 {
    var head: UInt64 = 0
    for index in range.lowerBound..<range.lowerBound + 8 {
      head = head << 8 | (index < range.upperBound ? UInt64(bytes[index]) : 0)
    }
    return head
  }

  private func precedes(_ first: Int, _ second: Int) -> Bool {
    let (a, b) = (range(first), range(second))
    for offset in 0..<min(a.count, b.count) {
      let (x, y) = (bytes[a.lowerBound + offset], bytes[b.lowerBound + offset])
      if x != y { return x < y }
    }
    return a.count != b.count ? a.count < b.count : first < second
  }

  /// How many bytes two patterns begin with in common.
  func commonPrefix(_ first: Int, _ second: Int) -> Int {
    let (a, b) = (range(first), range(second))
    let length = min(a.count, b.count)
    var common = 0
    while common < length, bytes[a.lowerBound + common] == bytes[b.lowerBound + common] {
      common += 1
    }
    return common
  }
}
