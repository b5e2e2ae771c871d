public import WeirModel

/// Lays out the tables of a `ValueSet`, value by value.
///
/// Pure: the same input gives the same bytes.
public struct ValueSetBuilder: ~Copyable {
  /// How many seeds are tried.
  private static let seedsMax: UInt64 = 8

  private var starts: ColumnWriter
  private var bytes: ColumnWriter
  /// How many values there are of each kind.
  private var counts = [Int](repeating: 0, count: IndicatorKind.allCases.count)
  /// A hash of all values.
  private var content: UInt64 = 0

  /// Begins a set.
  public init(_ scratch: Scratch) {
    starts = ColumnWriter(scratch)
    bytes = ColumnWriter(scratch)
  }

  /// Adds a value; they come by kind in the order of `ValueSet.kinds`, then by their bytes, and are distinct.
  public mutating func append(
    _ kind: IndicatorKind, _ value: Span<UInt8>
  ) throws(ScratchError) {
    precondition(
      counts.indices.allSatisfy { $0 <= kind.rawValue || counts[$0] == 0 }, "values come by kind")
    counts[Int(kind.rawValue)] += 1
    var hash = ValueHash(kind, seed: content)
    content = hash.hash(value, to: value.count)
    try starts.append(UInt32(clamping: bytes.byteCount))
    try bytes.append(value)
  }

  /// Adds the sections.
  ///
  /// - Throws: `ValueBuildError` when there are too many, or a temporary file fails.
  public consuming func finish(_ image: inout ImageBuilder) throws(ValueBuildError) {
    let count = counts.reduce(0, +)
    guard count > 0 else { return }
    guard count <= HashSlots.entriesMax else { throw .tooMany(limit: HashSlots.entriesMax) }
    guard bytes.byteCount <= UInt32.max else { throw .tooLong(limit: Int(UInt32.max)) }
    do throws(ScratchError) {
      try starts.append(UInt32(bytes.byteCount))
      let values = ValueColumn(
        counts: counts, starts: try starts.finish(), bytes: try bytes.finish())
      for attempt in 1...ValueSetBuilder.seedsMax {
        // The seed comes from the values themselves: who sends one feed of many cannot choose values that crowd.
        let seed = content &+ attempt &* 0x9e37_79b9_7f4a_7c15
        guard let slots = try values.place(seed: seed) else { continue }
        image.add(ValueSections.head, values.head(seed: seed))
        image.add(ValueSections.filter, slots.filter)
        image.add(ValueSections.slots, slots.slots)
        image.add(ValueSections.starts, values.starts)
        image.add(ValueSections.bytes, values.bytes)
        return
      }
    } catch {
      throw .scratch(error)
    }
    throw .crowded
  }
}

/// All values of a set, to be read again.
private struct ValueColumn {
  var counts: [Int]
  var starts: Column
  var bytes: Column

  /// The seed, the first entry of each kind, and the number of entries.
  func head(seed: UInt64) -> [UInt64] {
    var head = [seed, 0]
    for count in counts { head.append((head.last ?? 0) + UInt64(count)) }
    return head
  }

  /// Hashes all values; nil when one finds no place.
  func place(seed: UInt64) throws(ScratchError) -> HashSlotsBuilder? {
    var slots = HashSlotsBuilder(count: counts.reduce(0, +))
    var starts = ColumnReader(starts)
    var bytes = ColumnReader(bytes)
    var end = 0
    _ = try starts.fill(4)
    for kind in IndicatorKind.allCases {
      for _ in 0..<counts[Int(kind.rawValue)] {
        starts.skip(4)
        guard try starts.fill(4) else { return nil }
        let next = Int(starts.number)
        let length = next - end
        guard try bytes.fill(length) else { return nil }
        let place = bytes.range.lowerBound
        guard slots.insert(hash(bytes.buffer, place..<place + length, kind, seed)) else {
          return nil
        }
        bytes.skip(length)
        end = next
      }
    }
    return slots
  }

  private func hash(
    _ buffer: borrowing [UInt8], _ range: Range<Int>, _ kind: IndicatorKind, _ seed: UInt64
  ) -> UInt64 {
    var hash = ValueHash(kind, seed: seed)
    return hash.hash(buffer.span.extracting(range), to: range.count)
  }
}

extension ColumnReader {
  /// The number in the next four bytes.
  fileprivate var number: UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(buffer[range.lowerBound + $1]) << UInt32(8 * $1) }
  }
}

/// Why values cannot be laid out.
public enum ValueBuildError: Error, Equatable, Sendable {
  /// There are more than a set can number.
  case tooMany(limit: Int)
  /// Their bytes are more than a set can number.
  case tooLong(limit: Int)
  /// Their hashes crowd under every seed that was tried.
  case crowded
  /// A temporary file failed.
  case scratch(ScratchError)
}
