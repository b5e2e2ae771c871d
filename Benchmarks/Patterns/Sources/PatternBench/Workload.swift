import WeirModel

/// SplitMix64 (Steele, Lea and Flood, 2014).
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}

/// What patterns are made of.
enum PatternKind: String {
  /// Random bytes, 8 to 24 long.
  case binary
  /// Words and names with separators, as in rules about hosts, paths and headers, 8 to 32 long.
  case text
  /// Half of each, a quarter ignoring case.
  case mixed
  /// Half of each, 4 to 16 long.
  case short
  /// Random bytes, 8 or 9 long.
  case nine

  /// What is compared with the rival.
  static let measured: [PatternKind] = [.binary, .text, .mixed, .short]
}

/// Patterns and traffic, the same for the same seed.
struct Workload {
  private static let syllables = [
    "ka", "lo", "mi", "ter", "sen", "van", "dor", "pe", "ri", "us", "tion", "ing", "er", "an", "st",
    "con", "re", "al", "bo", "cu", "fi", "gra", "hel", "in", "jo", "mar", "net", "ol", "pro", "qu",
    "sta", "tra", "un", "ver", "wa", "ex", "yo", "zi",
  ]
  private static let joints = [
    ".", "/", "-", "_", "=", "?", " ", ".php", ".com", ".exe", "/img/", "&id=",
  ]
  private static let lines = [
    "GET /index.html HTTP/1.1\r\nHost: www.",
    "User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) ",
    "Accept: text/html,application/xhtml+xml\r\n", "<div class=\"", "\"><a href=\"https://",
    "</p>\n<p>",
    "Content-Type: text/html; charset=utf-8\r\n", "{\"name\":\"", "\",\"value\":",
    "Set-Cookie: id=",
    " the ", " and ", " of ", " to ", " in ", " is ", " with ", ", which ", ". It was ",
  ]

  static func words(_ count: Int, _ generator: inout SeededGenerator) -> String {
    (0..<count).map { _ in syllables[Int.random(in: syllables.indices, using: &generator)] }
      .joined()
  }

  static func patterns(
    _ kind: PatternKind, count: Int, _ generator: inout SeededGenerator
  ) -> [BytePattern] {
    var seen: Set<BytePattern> = []
    var patterns: [BytePattern] = []
    while patterns.count < count {
      let isText = kind == .text || kind != .binary && kind != .nine && patterns.count % 2 == 0
      let lengths = kind == .nine ? 8...9 : kind == .short ? 4...16 : isText ? 8...32 : 8...24
      let length = Int.random(in: lengths, using: &generator)
      var bytes: [UInt8] = []
      if isText {
        while bytes.count < length {
          bytes += Array(words(Int.random(in: 1...3, using: &generator), &generator).utf8)
          bytes += Array(joints[Int.random(in: joints.indices, using: &generator)].utf8)
        }
        bytes = Array(bytes.prefix(length))
      } else {
        bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
      }
      let folds = kind == .mixed && patterns.count % 4 == 0
      if let pattern = BytePattern(bytes, ignoresCase: folds), seen.insert(pattern).inserted {
        patterns.append(pattern)
      }
    }
    return patterns
  }

  /// Blocks of 1,400 bytes, the first half of each text, the second random; in one block of eight a pattern.
  static func traffic(
    blocks: Int, _ patterns: [BytePattern], _ generator: inout SeededGenerator
  ) -> [UInt8] {
    var traffic: [UInt8] = []
    for block in 0..<blocks {
      var bytes: [UInt8] = []
      while bytes.count < 700 {
        bytes += Array(lines[Int.random(in: lines.indices, using: &generator)].utf8)
        bytes += Array(words(Int.random(in: 1...4, using: &generator), &generator).utf8)
      }
      bytes = Array(bytes.prefix(700))
      for _ in 0..<700 { bytes.append(UInt8.random(in: 0...255, using: &generator)) }
      if block % 8 == 0, let planted = patterns.randomElement(using: &generator) {
        let at = Int.random(in: 0...1400 - planted.bytes.count, using: &generator)
        bytes.replaceSubrange(at..<at + planted.bytes.count, with: planted.bytes)
      }
      traffic += bytes
    }
    return traffic
  }
}
