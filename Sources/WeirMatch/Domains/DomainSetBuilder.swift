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
    var writer = NameColumnWriter(image.scratch)
    let column: NameColumn
    do throws(ScratchError) {
      for name in names { try writer.append(name.bytes.span) }
      column = try writer.finish()
    } catch {
      throw .scratch(error)
    }
    try add(column, to: &image)
  }

  /// Adds names, sorted by bytes and distinct; entry numbers are indices.
  ///
  /// Takes seven bytes of memory for each name; what is more goes where the image keeps its sections.
  ///
  /// - Throws: `DomainBuildError` when there are too many, or a temporary file fails.
  /// - Complexity: O(bytes).
  public static func add(
    _ names: NameColumn, to image: inout ImageBuilder
  ) throws(DomainBuildError) {
    guard names.count > 0 else { return }
    guard names.count <= HashSlots.entriesMax else {
      throw .tooMany(limit: HashSlots.entriesMax)
    }
    let survey = try NameSurvey(names)
    try place(names, survey, &image)
    let isLarge = names.count >= compressedMin
    var text = DomainTextBuilder(
      isLarge ? SymbolTable(learningFrom: survey.sample) : SymbolTable(), image.scratch)
    var reader = NameReader(names)
    while try reader.goOn() {
      try reader.withName { (name) throws(DomainBuildError) in try text.append(name) }
    }
    try text.finish(&image)
  }

  /// Hashes all names with a seed under which every one finds a place.
  ///
  /// The seed comes from the names themselves: who sends one feed of many cannot choose names that crowd.
  private static func place(
    _ names: NameColumn, _ survey: NameSurvey, _ image: inout ImageBuilder
  ) throws(DomainBuildError) {
    for attempt in 1...seedsMax {
      let seed = survey.content &+ attempt &* 0x9e37_79b9_7f4a_7c15
      guard let slots = try place(names, seed: seed) else { continue }
      image.add(DomainSections.head, [UInt64(names.count), seed, survey.depths])
      image.add(DomainSections.filter, slots.filter)
      image.add(DomainSections.slots, slots.slots)
      return
    }
    throw .crowded
  }

  private static func place(
    _ names: NameColumn, seed: UInt64
  ) throws(DomainBuildError) -> HashSlotsBuilder? {
    var slots = HashSlotsBuilder(count: names.count)
    var reader = NameReader(names)
    while try reader.goOn() {
      let hash = reader.withName { SuffixCursor.hash($0, seed: seed) }
      guard slots.insert(hash) else { return nil }
    }
    return slots
  }
}

/// What has to be known of all names before the first can be laid out.
private struct NameSurvey {
  /// A hash of all names.
  private(set) var content: UInt64 = 0
  /// Bit d is set when some name has d + 1 labels; the last bit stands for all that have more.
  private(set) var depths: UInt64 = 0
  /// Some names, evenly spread.
  private(set) var sample: [[UInt8]] = []

  init(_ names: NameColumn) throws(DomainBuildError) {
    let step = SymbolTable.sampleStep(names: names.count)
    var reader = NameReader(names)
    var number = 0
    while try reader.goOn() {
      reader.withName { take($0, isSampled: number % step == 0) }
      number += 1
    }
  }

  private mutating func take(_ name: Span<UInt8>, isSampled: Bool) {
    content = SuffixCursor.hash(name, seed: content)
    var labels: UInt64 = 0
    for index in name.indices where name[index] == UInt8(ascii: ".") { labels += 1 }
    depths |= 1 << min(63, labels)
    if isSampled { sample.append(name.indices.map { name[$0] }) }
  }
}

/// Why domain names cannot be compiled.
public enum DomainBuildError: Error, Equatable, Sendable {
  /// There are more names, or more bytes of names, than a set can number.
  case tooMany(limit: Int)
  /// The hashes of the names crowd under every seed that was tried.
  case crowded
  /// A temporary file failed.
  case scratch(ScratchError)
}

extension NameReader {
  /// `next`, with the error of this builder.
  fileprivate mutating func goOn() throws(DomainBuildError) -> Bool {
    do throws(ScratchError) {
      return try next()
    } catch {
      throw .scratch(error)
    }
  }
}
