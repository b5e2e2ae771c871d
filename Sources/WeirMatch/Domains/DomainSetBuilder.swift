public import WeirModel

/// Lays out the tables of a `DomainSet`.
///
/// Pure: the same input gives the same bytes.
public enum DomainSetBuilder {
  /// From so many names on the text is compressed.
  private static let compressedMin = 512
  /// How many seeds are tried.
  private static let seedsMax: UInt64 = 8

  /// Adds names, sorted by bytes and distinct; entry numbers are indices.
  ///
  /// - Throws: `DomainBuildError` when there are too many.
  /// - Complexity: O(bytes).
  public static func add(
    _ names: [DomainName], to image: inout ImageBuilder
  ) throws(DomainBuildError) {
    guard !names.isEmpty else { return }
    guard names.count <= DomainSlots.entriesMax else {
      throw .tooMany(limit: DomainSlots.entriesMax)
    }
    let texts = names.map(\.bytes)
    var depths: UInt64 = 0
    for text in texts {
      depths |= 1 << UInt64(min(63, text.count { $0 == UInt8(ascii: ".") }))
    }
    let (seed, hashes, slots) = try place(texts)
    image.add(DomainSections.head, [UInt64(names.count), seed, depths])
    image.add(DomainSections.filter, DomainSlots.filter(hashes))
    image.add(DomainSections.slots, slots)
    let isLarge = names.count >= compressedMin
    var text = DomainTextBuilder(isLarge ? SymbolTable(learningFrom: texts) : SymbolTable())
    for name in texts { try text.append(name.span) }
    text.finish(&image)
  }

  /// Hashes all names with a seed under which every one finds a place.
  ///
  /// The seed comes from the names themselves: who sends one feed of many cannot choose names that crowd.
  private static func place(
    _ texts: [[UInt8]]
  ) throws(DomainBuildError) -> (seed: UInt64, hashes: [UInt64], slots: [UInt32]) {
    var content: UInt64 = 0
    for text in texts { content = SuffixCursor.hash(text.span, seed: content) }
    for attempt in 1...seedsMax {
      let seed = content &+ attempt &* 0x9e37_79b9_7f4a_7c15
      let hashes = texts.map { SuffixCursor.hash($0.span, seed: seed) }
      if let slots = DomainSlots.slots(hashes) { return (seed, hashes, slots) }
    }
    throw .crowded
  }
}

/// Why domain names cannot be compiled.
public enum DomainBuildError: Error, Equatable, Sendable {
  /// There are more names, or more bytes of names, than a set can number.
  case tooMany(limit: Int)
  /// The hashes of the names crowd under every seed that was tried.
  case crowded
}
