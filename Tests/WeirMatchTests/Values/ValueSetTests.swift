import Testing
import WeirMatch
import WeirModel

@Suite struct ValueSetTests {
  @Test func anImageWithoutSectionsIsAnEmptySet() throws {
    let image = try Image(ImageBuilder().finish())
    defer { keep(image) }
    let set = try ValueSet(image)
    #expect(set.isEmpty)
    #expect(set.entries(of: .url) == 0..<0)
    #expect(look(set, .hash, [0]) == nil)
    #expect(covering(set, "http://a.example/") == [])
    #expect(set.value(of: 7).bytes == [])
  }

  private static let urls = [
    "http://a.example/", "http://a.example/x", "http://a.example/x/", "http://a.example/d?q",
    "b.example/p",
  ]

  @Test(arguments: [
    ("http://a.example/", ["0!"]),
    ("http://a.example/x", ["1!", "0"]),
    ("http://a.example/x/", ["2!", "1", "0"]),
    ("http://a.example/x/y?z", ["2", "1", "0"]),
    ("http://a.example/x?/x/", ["1", "0"]),
    ("http://a.example/xx", ["0"]),
    ("http://a.example/d?q", ["3!", "0"]),
    ("http://a.example/d?q/", ["0"]),
    ("http://a.example//x", ["0"]),
    ("http://b.example/", []),
    ("http://b.example/p", ["4!"]),
    ("https://b.example/p/q", ["4"]),
    ("https://a.example/x", []),
    ("http://a.example.example/x", []),
    ("http://x", []),
    ("x", []),
    ("", []),
    ("://", []),
  ])
  func whatIsAboveAURLIsFoundTheLongestFirst(url: String, expected: [String]) throws {
    let image = try image(of: [.url: Self.urls.map { Array($0.utf8) }])
    defer { keep(image) }
    let set = try ValueSet(image)
    let found = covering(set, url).map { answer in
      let text = String(decoding: set.value(of: answer.entry).bytes, as: UTF8.self)
      return "\(Self.urls.firstIndex(of: text) ?? -1)" + (answer.isExact ? "!" : "")
    }
    #expect(found == expected)
  }

  @Test func everyURLAboveADeepOneIsFound() throws {
    let paths = (0..<100).map { "http://a.example/" + String(repeating: "d/", count: $0) }
    let image = try image(of: [.url: paths.map { Array($0.utf8) }])
    defer { keep(image) }
    let set = try ValueSet(image)
    let found = covering(set, paths[99])
    #expect(found.map(\.entry) == (0..<100).reversed().map { UInt32($0) })
    #expect(found.map(\.isExact) == [true] + [Bool](repeating: false, count: 99))
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func exactlyTheValuesOfAKindAreFound(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var values: [IndicatorKind: [[UInt8]]] = [:]
    for kind in ValueSet.kinds {
      // Few bytes and few letters, so that values begin each other and occur in several kinds.
      values[kind] = (0..<3_000).map { _ in word(1...14, &random) }
    }
    let image = try image(of: values)
    defer { keep(image) }
    let set = try ValueSet(image)
    let oracle = values.mapValues { Set($0) }
    #expect(set.count == oracle.values.reduce(0) { $0 + $1.count })
    var found = 0
    for _ in 0..<100_000 {
      let kind = ValueSet.kinds.randomElement(using: &random) ?? .url
      let value = word(0...15, &random)
      let entry = look(set, kind, value)
      let isKnown = oracle[kind]?.contains(value) ?? false
      #expect((entry != nil) == isKnown, "seed \(seed): \(kind) \(value)")
      guard let entry else { continue }
      found += 1
      #expect(set.value(of: entry) == (kind, value), "seed \(seed)")
      #expect(set.byteCount(of: entry) == value.count)
    }
    #expect(found > 10_000)
  }

  @Test func theSameValuesGiveTheSameBytes() throws {
    let values: [IndicatorKind: [[UInt8]]] = [.ja3: [[1, 2], [3]], .url: [[9], [8, 8]]]
    #expect(try builder(of: values).finish() == builder(of: values).finish())
  }

  @Test func damagedImagesAreRefusedOrAnsweredButNeverTrap() throws {
    let urls = (0..<40).map { "http://a.example/\($0)/x" }
    let digest = [UInt8](repeating: 7, count: 16)
    let good = try builder(of: [.url: urls.map { Array($0.utf8) }, .hash: [digest]]).finish()
    var answered = 0
    for offset in good.indices {
      for mask in [0xff, 0x01, 0x80] as [UInt8] {
        var damaged = good
        damaged[offset] ^= mask
        guard let image = try? Image(damaged), let set = try? ValueSet(image) else { continue }
        for url in urls.prefix(5) { answered += covering(set, url + "/y").count }
        answered += look(set, .hash, digest) == nil ? 0 : 1
        _ = set.value(of: UInt32(offset))
        keep(image)
      }
    }
    #expect(answered > 1_000)
  }

  private struct Answer: Equatable {
    var entry: UInt32
    var isExact: Bool
  }

  private func word(_ lengths: ClosedRange<Int>, _ random: inout SeededRandom) -> [UInt8] {
    (0..<Int.random(in: lengths, using: &random)).map { _ in .random(in: 1...3, using: &random) }
  }

  private func covering(_ set: ValueSet, _ url: String) -> [Answer] {
    var found: [Answer] = []
    let bytes = Array(url.utf8)
    set.forEachEntry(coveringURL: bytes.span) { found.append(Answer(entry: $0, isExact: $1)) }
    return found
  }

  private func look(_ set: ValueSet, _ kind: IndicatorKind, _ value: [UInt8]) -> UInt32? {
    set.entry(of: kind, value.span)
  }

  private func builder(of values: [IndicatorKind: [[UInt8]]]) throws -> ImageBuilder {
    var set = ValueSetBuilder(.memory)
    for kind in ValueSet.kinds {
      let distinct = Set(values[kind] ?? []).sorted { $0.lexicographicallyPrecedes($1) }
      for value in distinct { try set.append(kind, value.span) }
    }
    var image = ImageBuilder()
    try set.finish(&image)
    return image
  }

  private func image(of values: [IndicatorKind: [[UInt8]]]) throws -> Image {
    try Image(try builder(of: values).finish())
  }
}
