import BenchKit
import WeirMatch
import WeirModel

/// Rows for domain sets of a given size.
enum DomainRows {
  static let nanoseconds = Unit("ns/name", isHigherBetter: false)

  static func rows(_ size: Int, lookUps: Int) throws -> [Benchmark] {
    var random = SeededRandom(seed: 13)
    var made: Set<[UInt8]> = []
    while made.count < size { made.insert(name(&random)) }
    let listed = made
    let texts = made.sorted { $0.lexicographicallyPrecedes($1) }
    let names = texts.compactMap { DomainName(parsing: $0.span) }
    let compiled = try Compiled(entries: size) { try DomainSetBuilder.add(names, to: &$0) }
    let textBytes = Double(texts.reduce(0) { $0 + $1.count }) / Double(size)
    let www = Array("www.".utf8)
    // No listed label begins with a "q".
    let misses = (0..<lookUps).map { _ in
      var name = name(&random)
      let dot = UInt8(ascii: ".")
      let end = name.lastIndex(of: dot) ?? 0
      for start in 0..<end where start == 0 || name[start - 1] == dot {
        name[start] = UInt8(ascii: "q")
      }
      return name.count { $0 == UInt8(ascii: ".") } < 2 ? www + name : name
    }
    let hits = (0..<lookUps).map { _ in
      // Three labels: below a listed name of two, or a listed name of three.
      let text = texts[Int(random.next() % UInt64(size))]
      return text.count { $0 == UInt8(ascii: ".") } < 2 ? www + text : text
    }
    let bars = size == 1_000_000 ? (40.0, 1_000.0 / 12) : nil
    return [("misses", misses, bars?.0), ("hits", hits, bars?.1)].map { kind, queries, bar in
      row(
        "domains \(size), \(kind)", compiled, Queries(queries), bar: bar, textBytes: textBytes,
        expected: { twin(listed, queries) })
    }
  }

  private static func row(
    _ name: String, _ compiled: Compiled, _ queries: Queries, bar: Double?, textBytes: Double,
    expected: @escaping @Sendable () -> Int
  ) -> Benchmark {
    let loads = RandomLoads(bytes: compiled.image.byteCount, loads: queries.count)
    let perName = { @Sendable (seconds: Double) in seconds * 1e9 / Double(queries.count) }
    return Benchmark(
      name: name, unit: nanoseconds, bar: bar,
      check: {
        let (one, batch) = (
          queries.count(compiled.domains), queries.countInBatches(compiled.domains)
        )
        return Answer(expected: expected(), found: one == batch ? one : -1)
      },
      subject: .timed("Weir", value: perName) {
        blackHole(queries.countInBatches(compiled.domains))
      },
      rivals: [
        .timed("one by one", value: perName) { blackHole(queries.count(compiled.domains)) },
        .timed("one load", value: perName) {
          blackHole(Int(truncatingIfNeeded: loads.independent()))
        },
        .timed("latency", value: perName) { blackHole(Int(truncatingIfNeeded: loads.chase())) },
      ],
      note: { _ in compiled.remark + ", of which text \(hundredths(textBytes)) before compression" }
    )
  }

  /// Every suffix on a label boundary, looked up in a set of arrays.
  private static func twin(_ names: Set<[UInt8]>, _ queries: [[UInt8]]) -> Int {
    queries.reduce(0) { sum, query in
      sum
        + query.indices.count { start in
          (start == 0 || query[start - 1] == UInt8(ascii: "."))
            && names.contains(Array(query[start...]))
        }
    }
  }

  /// Names as phishing and tracking lists have them: words, some digits, two or three labels.
  private static func name(_ random: inout SeededRandom) -> [UInt8] {
    let tops = [
      "com", "com", "com", "com", "net", "org", "xyz", "top", "info", "ru", "co.uk", "online",
    ]
    var text = tops[Int(random.next() % 12)]
    for _ in 0..<(1 + random.next() % 2) {
      var label = ""
      for _ in 0..<(1 + random.next() % 3) {
        label += words[Int(random.next() % UInt64(words.count))]
      }
      if random.next() % 2 == 0 { label += String(random.next() % 1_000) }
      text = label + "." + text
    }
    return Array(text.utf8)
  }

  private static let words: [String] = {
    var random = SeededRandom(seed: 99)
    let syllables = [
      "ba", "se", "lo", "gin", "ver", "pay", "ad", "track", "mo", "ti", "ra", "cu", "sto", "mer",
    ]
    return (0..<2_000).map { _ in
      (0..<(1 + random.next() % 3)).map { _ in syllables[Int(random.next() % 14)] }.joined()
    }
  }()
}

/// Names one behind the other in one block, as they come from packets.
struct Queries: Sendable {
  private let bytes: [UInt8]
  private let names: [Range<Int>]

  init(_ names: [[UInt8]]) {
    bytes = names.flatMap(\.self)
    var end = 0
    self.names = names.map { name in
      end += name.count
      return end - name.count..<end
    }
  }

  var count: Int { names.count }

  func count(_ set: DomainSet) -> Int {
    var found = 0
    let span = bytes.span
    for name in names {
      set.forEachEntry(covering: span.extracting(name)) { _, _ in found += 1 }
    }
    return found
  }

  func countInBatches(_ set: DomainSet) -> Int {
    var found = 0
    let all = names.span
    for start in stride(from: 0, to: all.count, by: AddressRows.batch) {
      let batch = all.extracting(start..<min(start + AddressRows.batch, all.count))
      set.forEachEntry(coveringEach: batch, in: bytes.span) { _, _, _ in found += 1 }
    }
    return found
  }
}
