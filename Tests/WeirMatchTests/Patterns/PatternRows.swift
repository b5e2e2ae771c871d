import WeirModel

@testable import WeirMatch

/// One set and one text that every variant of the matcher is tried on.
struct PatternRow {
  var name: String
  var patterns: [BytePattern]
  var text: [UInt8]
}

/// The rows of hand-made and seeded cases.
func patternRows(seed: UInt64) -> [PatternRow] {
  var generator = SeededGenerator(seed: seed)
  return handMadeRows() + randomRows(&generator)
}

private func handMadeRows() -> [PatternRow] {
  let everyByte = (0...255).map(UInt8.init)
  let nested = ["a", "ab", "abc", "bc", "c", "abcabc", "bcab", "cabcab"].map { pattern($0) }
  let periodic = [1, 2, 3, 7, 8, 9, 16, 40].map { pattern(String(repeating: "a", count: $0)) }
  let affixes = (1...24).flatMap { length in
    let text = "abacabadabacabaeabacabad"
    return Set([String(text.prefix(length)), String(text.suffix(length))]).sorted()
  }
  let bothCases = [
    pattern("GET /", ignoresCase: false), pattern("get /", ignoresCase: true),
    pattern("Host: "), pattern("host: ", ignoresCase: true), pattern("EvIl.ExAmPle"),
    pattern("evil.example", ignoresCase: true), pattern("[K]", ignoresCase: true), pattern("{k}"),
  ]
  return [
    PatternRow(
      name: "one byte", patterns: [pattern("x")], text: Array("xaxxbx".utf8)),
    PatternRow(
      name: "nested", patterns: nested, text: Array("abcabcabcxabcabbcabcab".utf8)),
    PatternRow(
      name: "periodic", patterns: periodic, text: Array(repeating: UInt8(ascii: "a"), count: 300)),
    PatternRow(
      name: "prefixes and suffixes", patterns: Set(affixes).sorted().map { pattern($0) },
      text: Array(String(repeating: "abacabadabacabaeabacabadx", count: 6).utf8)),
    PatternRow(
      name: "both cases", patterns: bothCases,
      text: Array("GET /get /GeT / Host: hOsT: EvIl.ExAmPle evil.example [k]{K}[K]{k}".utf8)),
    PatternRow(
      name: "every byte", patterns: everyByte.map { pattern([$0]) } + [pattern(everyByte)],
      text: everyByte + everyByte),
    PatternRow(
      name: "every byte, folded", patterns: [pattern(everyByte, ignoresCase: true)],
      text: everyByte + everyByte),
    PatternRow(
      name: "longest", patterns: [pattern(Array(repeating: 7, count: 1024)), pattern([7, 7, 8])],
      text: Array(repeating: 7, count: 2100) + [8]),
    PatternRow(name: "no text", patterns: [pattern("abc")], text: []),
  ]
}

/// Texts into which patterns are planted, over small and large alphabets, lengths and counts.
private func randomRows(_ generator: inout SeededGenerator) -> [PatternRow] {
  let shapes: [(count: Int, lengths: ClosedRange<Int>, alphabet: Int, text: Int)] = [
    (3, 1...4, 2, 400), (20, 1...8, 3, 2000), (64, 8...24, 256, 9000), (64, 4...9, 26, 5000),
    (200, 2...40, 4, 3000), (500, 3...12, 256, 20000), (40, 9...300, 2, 6000),
    (1000, 8...16, 26, 9000), (300, 1...3, 256, 2000), (90, 5...7, 200, 5000),
    (2500, 12...20, 256, 20000), (16, 1...1024, 256, 20000),
  ]
  var rows: [PatternRow] = []
  for shape in shapes {
    for foldedShare in [0, 1, 2] {
      rows.append(randomRow(shape, foldedShare: foldedShare, &generator))
    }
  }
  return rows
}

private func randomRow(
  _ shape: (count: Int, lengths: ClosedRange<Int>, alphabet: Int, text: Int), foldedShare: Int,
  _ generator: inout SeededGenerator
) -> PatternRow {
  func byte() -> UInt8 {
    // Letters of both cases for small alphabets, so that folding matters.
    let value = Int.random(in: 0..<shape.alphabet, using: &generator)
    if shape.alphabet == 256 { return UInt8(value) }
    return UInt8((Bool.random(using: &generator) ? 65 : 97) + value % 26)
  }
  var patterns: [BytePattern] = []
  var seen: Set<BytePattern> = []
  for _ in 0..<shape.count {
    let length = Int.random(in: shape.lengths, using: &generator)
    let folds = Int.random(in: 0..<2, using: &generator) < foldedShare
    let candidate = pattern((0..<length).map { _ in byte() }, ignoresCase: folds)
    if seen.insert(candidate).inserted { patterns.append(candidate) }
  }
  var text: [UInt8] = []
  while text.count < shape.text {
    let planted = patterns[Int.random(in: patterns.indices, using: &generator)]
    let cut = Int.random(in: 0...3, using: &generator) == 0 ? planted.bytes.count / 2 : 0
    for byte in planted.bytes.dropLast(cut) {
      let swapsCase = byte | 0x20 >= 97 && byte | 0x20 <= 122 && Bool.random(using: &generator)
      text.append(planted.ignoresCase && swapsCase ? byte ^ 0x20 : byte)
    }
    for _ in 0..<Int.random(in: 0...60, using: &generator) { text.append(byte()) }
  }
  return PatternRow(
    name: "random \(shape) folded \(foldedShare)", patterns: patterns, text: text)
}
