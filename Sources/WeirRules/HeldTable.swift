import WeirMatch
public import WeirModel

extension IndicatorKind {
  /// Whether a set looks for values of this kind in traffic and logs.
  ///
  /// The others are held: feeds, generation and `why` know them, and a summary says that they are not matched.
  public var isMatched: Bool {
    switch self {
    case .ip, .cidr, .endpoint, .domain, .pattern: true
    case .url, .ja3, .ja4, .cert, .hash, .asn: false
    }
  }
}

/// Indicators that no set matches, by kind and text.
struct HeldTable: Sendable {
  private let kinds: Table<UInt8>
  private let starts: Table<UInt32>
  private let texts: Table<UInt8>

  /// - Throws: `ImageError` when the tables are not as long as each other ask for.
  init(_ image: Image) throws(ImageError) {
    kinds = try image.table(.heldKinds)
    starts = try image.table(.heldStarts)
    texts = try image.table(.heldTexts)
    guard starts.count == kinds.count + 1 else { throw .inconsistent(.heldStarts) }
  }

  /// How many there are.
  var count: Int { kinds.count }

  /// What an indicator is; of a damaged image, at least a kind that is held.
  func value(_ index: Int) -> (kind: IndicatorKind, text: String) {
    let bytes = range(index).map { texts[$0, or: 0] }
    return (kind(index), String(decoding: bytes, as: UTF8.self))
  }

  /// The place of a value, or nil.
  ///
  /// - Complexity: O(log n).
  func index(of kind: IndicatorKind, _ text: [UInt8]) -> Int? {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      let isBelow =
        self.kind(middle) == kind
        ? isBelow(range(middle), text) : self.kind(middle).rawValue < kind.rawValue
      if isBelow { low = middle + 1 } else { high = middle }
    }
    guard low < count, self.kind(low) == kind, range(low).count == text.count,
      zip(range(low), text).allSatisfy({ texts[$0, or: 0] == $1 })
    else { return nil }
    return low
  }

  private func kind(_ index: Int) -> IndicatorKind {
    IndicatorKind(rawValue: kinds[index, or: 0]).flatMap { $0.isMatched ? nil : $0 } ?? .hash
  }

  private func range(_ index: Int) -> Range<Int> {
    let start = min(Int(starts[index, or: 0]), texts.count)
    return start..<max(start, min(Int(starts[index + 1, or: 0]), texts.count))
  }

  private func isBelow(_ range: Range<Int>, _ text: [UInt8]) -> Bool {
    for (place, byte) in zip(range, text) where texts[place, or: 0] != byte {
      return texts[place, or: 0] < byte
    }
    return range.count < text.count
  }
}

/// Writes what `HeldTable` reads.
///
/// Values come by kind in the order of `IndicatorKind.rawValue`, then by their bytes.
struct HeldColumns: ~Copyable {
  private var kinds: ColumnWriter
  private var starts: ColumnWriter
  private var texts: ColumnWriter

  init(_ scratch: Scratch) {
    kinds = ColumnWriter(scratch)
    starts = ColumnWriter(scratch)
    texts = ColumnWriter(scratch)
  }

  mutating func append(_ kind: IndicatorKind, _ text: Span<UInt8>) throws(ScratchError) {
    let number: InlineArray<1, UInt8> = [kind.rawValue]
    try kinds.append(number.span)
    try starts.append(UInt32(clamping: texts.byteCount))
    try texts.append(text)
  }

  /// Adds the sections.
  ///
  /// - Throws: `BuildError.set` when the texts are longer than can be numbered.
  consuming func finish(_ builder: inout ImageBuilder) throws(BuildError) {
    guard texts.byteCount <= UInt32.max else {
      throw .set("URLs and digests take \(texts.byteCount) bytes, more than \(UInt32.max)")
    }
    do throws(ScratchError) {
      try starts.append(UInt32(texts.byteCount))
      builder.add(.heldKinds, try kinds.finish())
      builder.add(.heldStarts, try starts.finish())
      builder.add(.heldTexts, try texts.finish())
    } catch {
      throw .scratch(error)
    }
  }
}
