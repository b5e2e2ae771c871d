public import WeirModel

/// Values that are met as a whole: URLs, fingerprints, digests.
///
/// The hash of a value leads over a small filter to a line of sixteen slots, as in a `DomainSet`, and what is found is
/// compared byte by byte. Look-ups do not allocate and cannot fail; in a damaged image they may miss entries or name
/// wrong ones, no more.
public struct ValueSet: Sendable {
  private let slots: HashSlots
  private let head: Table<UInt64>
  private let starts: Table<UInt32>
  private let bytes: Table<UInt8>
  /// How many entries there are.
  public let count: Int

  /// The kinds that a value set holds, in the order of their entries.
  ///
  /// - `url`: the text of a `WebURL`;
  /// - `ja3`, `cert`, `hash`: the bytes of a digest;
  /// - `ja4`: the text of the fingerprint;
  /// - `asn`: the number's four bytes, the highest first.
  public static let kinds: [IndicatorKind] = [.url, .ja3, .ja4, .cert, .hash, .asn]

  /// Finds the tables of the set in an image; absent sections are an empty set.
  ///
  /// The image has to outlive the set.
  ///
  /// - Throws: `ImageError` when they do not fit each other.
  public init(_ image: Image) throws(ImageError) {
    head = try image.table(ValueSections.head)
    starts = try image.table(ValueSections.starts)
    bytes = try image.table(ValueSections.bytes)
    count = max(0, starts.count - 1)
    guard count <= HashSlots.entriesMax,
      head.count == (count == 0 ? 0 : IndicatorKind.allCases.count + 2)
    else { throw .inconsistent(ValueSections.head) }
    slots = try HashSlots(
      image, count: count, filter: ValueSections.filter, slots: ValueSections.slots)
  }

  /// Whether there are no entries.
  public var isEmpty: Bool { count == 0 }

  /// The entries of a kind.
  public func entries(of kind: IndicatorKind) -> Range<UInt32> {
    let limit = UInt64(count)
    let first = min(head[1 + Int(kind.rawValue), or: 0], limit)
    let end = min(head[2 + Int(kind.rawValue), or: 0], limit)
    return UInt32(first)..<UInt32(max(first, end))
  }

  /// The entry that is this very value.
  ///
  /// - Parameter value: as `kinds` says.
  /// - Complexity: O(bytes).
  public func entry(of kind: IndicatorKind, _ value: Span<UInt8>) -> UInt32? {
    let entries = entries(of: kind)
    guard !entries.isEmpty else { return nil }
    var hash = ValueHash(kind, seed: head[0, or: 0])
    return entry(hash.hash(value, to: value.count), entries, value)
  }

  private func entry(
    _ hash: UInt64, _ entries: Range<UInt32>, _ value: Span<UInt8>
  ) -> UInt32? {
    guard slots.mayContain(hash) else { return nil }
    return slots.first(hash) { entry in
      entries.contains(UInt32(entry)) && bytes.equal(range(entry), value)
    }
  }

  /// The bytes of an entry, and what they are.
  public func value(of entry: UInt32) -> (kind: IndicatorKind, bytes: [UInt8]) {
    let kind = ValueSet.kinds.first { entries(of: $0).contains(entry) } ?? .hash
    return (kind, range(Int(entry)).map { bytes[$0, or: 0] })
  }

  /// How many bytes an entry has.
  public func byteCount(of entry: UInt32) -> Int { range(Int(entry)).count }

  private func range(_ entry: Int) -> Range<Int> {
    let start = min(Int(starts[entry, or: 0]), bytes.count)
    return start..<max(start, min(Int(starts[entry + 1, or: 0]), bytes.count))
  }
}

extension ValueSet {
  /// How many entries are remembered on the way to the longest.
  private static let recentMax = 16

  /// Calls `body` for each entry that is the URL itself (`isExact`) or above it, the longest first.
  ///
  /// Above it is the host with `/`, and what ends before a `/`, behind one, or before `?`. An entry without a scheme
  /// stands for either scheme and comes after those with one.
  ///
  /// - Parameter url: the text of a `WebURL` with its scheme.
  /// - Complexity: O(bytes); URLs below more than 16 entries are walked over once for each 16.
  public func forEachEntry(
    coveringURL url: Span<UInt8>, _ body: (_ entry: UInt32, _ isExact: Bool) -> Void
  ) {
    guard !entries(of: .url).isEmpty else { return }
    var start = 0
    while start < url.count, url[start] != UInt8(ascii: ":") { start += 1 }
    start += 3
    guard start < url.count else { return }
    forEachEntry(above: url, host: start, body)
    forEachEntry(above: url.extracting(start..<url.count), host: 0, body)
  }

  private func forEachEntry(
    above url: Span<UInt8>, host: Int, _ body: (UInt32, Bool) -> Void
  ) {
    var limit = Int.max
    repeat {
      // The shortest are met first, so what is to be told first is remembered last.
      var recent = InlineArray<16, UInt32>(repeating: 0)
      let (total, isExact) = walk(url, host: host, limit: limit, &recent)
      var index = total
      while index > max(0, total - ValueSet.recentMax) {
        index -= 1
        body(recent[index % ValueSet.recentMax], isExact && index == total - 1)
      }
      limit = index
    } while limit > 0
  }

  /// Finds up to `limit` entries, shortest first; keeps the last 16; says whether the last one is the URL.
  private func walk(
    _ url: Span<UInt8>, host: Int, limit: Int, _ recent: inout InlineArray<16, UInt32>
  ) -> (total: Int, isExact: Bool) {
    let entries = entries(of: .url)
    var hash = ValueHash(.url, seed: head[0, or: 0])
    var total = 0
    func look(_ end: Int) -> Bool {
      let found = entry(hash.hash(url, to: end), entries, url.extracting(0..<end))
      guard let found else { return false }
      recent[total % ValueSet.recentMax] = found
      total += 1
      return total == limit
    }
    var place = host
    while place < url.count, url[place] != UInt8(ascii: "/") { place += 1 }
    // The first slash ends the host, and no entry ends before it.
    var isRoot = true
    while place < url.count {
      let byte = url[place]
      if byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") {
        if !isRoot, url[place - 1] != UInt8(ascii: "/"), look(place) { return (total, false) }
        if byte == UInt8(ascii: "?") { break }
        if place + 1 < url.count, look(place + 1) { return (total, false) }
        isRoot = false
      }
      place += 1
    }
    let before = total
    _ = look(url.count)
    return (total, total > before)
  }
}

extension Table<UInt8> {
  /// Whether the bytes in a range are those of `value`.
  fileprivate func equal(_ range: Range<Int>, _ value: Span<UInt8>) -> Bool {
    guard range.count == value.count else { return false }
    var index = 0
    while index + 8 <= value.count {
      guard littleEndian64(at: range.lowerBound + index) == value.littleEndian64(at: index) else {
        return false
      }
      index += 8
    }
    while index < value.count {
      guard self[range.lowerBound + index, or: 0] == value[index] else { return false }
      index += 1
    }
    return true
  }
}
