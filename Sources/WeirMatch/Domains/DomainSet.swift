public import WeirModel

/// Millions of domain names; which of them are a name or a parent of it on a label boundary.
///
/// Every suffix of a name is hashed in one pass. Those with as many labels as some entry has are looked up in a
/// small filter, then in a table of 16-slot lines that hold a fingerprint and an entry number in 32 bits,
/// and a match of fingerprints is checked against the text. Look-ups do not allocate and cannot fail; in a
/// damaged image they may miss entries or name wrong ones, no more.
public struct DomainSet: Sendable {
  let slots: HashSlots
  let text: DomainText
  let seed: UInt64
  /// Bit d is set when some entry has d + 1 labels; the last bit stands for all that have more.
  let depths: UInt64
  /// How many entries there are.
  public let count: Int

  /// How many entries are remembered on the way to the longest.
  private static let recentMax = 16

  /// Finds the tables of the set in an image; absent sections are an empty set.
  ///
  /// The image has to outlive the set.
  ///
  /// - Throws: `ImageError` when they do not fit each other.
  public init(_ image: Image) throws(ImageError) {
    let head: Table<UInt64> = try image.table(DomainSections.head)
    guard head[0, or: 0] <= UInt64(HashSlots.entriesMax) else {
      throw .inconsistent(DomainSections.head)
    }
    count = Int(head[0, or: 0])
    seed = head[1, or: 0]
    depths = head[2, or: 0]
    slots = try HashSlots(
      image, count: count, filter: DomainSections.filter, slots: DomainSections.slots)
    text = try DomainText(image, count: count)
  }

  /// Whether there are no entries.
  public var isEmpty: Bool { count == 0 }

  /// Calls `body` for each entry that is the name itself (`isExact`) or a parent of it on a label
  /// boundary, longest first.
  ///
  /// - Parameter name: canonical text: lower case, labels joined by ".", no final dot; any bytes
  ///   within labels.
  /// - Complexity: O(bytes); names below more than 16 entries are walked over once for each 16.
  public func forEachEntry(
    covering name: Span<UInt8>, _ body: (_ entry: UInt32, _ isExact: Bool) -> Void
  ) {
    guard count > 0 else { return }
    var limit = Int.max
    repeat {
      // The shortest are met first, so what is to be told first is remembered last.
      var recent = InlineArray<16, UInt32>(repeating: 0)
      let (total, isExact) = walk(name, limit: limit, &recent)
      var index = total
      while index > max(0, total - DomainSet.recentMax) {
        index -= 1
        body(recent[index % DomainSet.recentMax], isExact && index == total - 1)
      }
      limit = index
    } while limit > 0
  }

  /// Finds up to `limit` entries, shortest first; keeps the last 16; says whether the last one is the name.
  @inline(__always) private func walk(
    _ name: Span<UInt8>, limit: Int, _ recent: inout InlineArray<16, UInt32>
  ) -> (total: Int, isExact: Bool) {
    var cursor = SuffixCursor(name, seed: seed)
    var depths = depths
    var total = 0
    var isExact = false
    while depths != 0, cursor.advance(over: name) {
      let isDeep = depths & 1 != 0
      depths = DomainSet.depths(below: depths)
      guard isDeep, slots.mayContain(cursor.hash) else { continue }
      let found = slots.first(cursor.hash) { text.isText(name, from: cursor.start, of: $0) }
      guard let found else { continue }
      recent[total % DomainSet.recentMax] = found
      total += 1
      isExact = cursor.start == 0
      if total == limit { break }
    }
    return (total, isExact)
  }

  /// What is left of `depths` after one label; the last bit stays, as it stands for every further label.
  @inline(__always) static func depths(below depths: UInt64) -> UInt64 {
    (depths >> 1) | (depths & (1 << 63))
  }

  /// How many bytes the name of an entry has, without making it.
  ///
  /// - Complexity: O(length), without allocation.
  public func length(of entry: UInt32) -> Int { text.length(of: Int(entry)) }

  /// The name of an entry; of one that is not in the set, `invalid` (RFC 2606).
  public func name(of entry: UInt32) -> DomainName {
    let bytes = text.bytes(of: Int(entry))
    if let name = DomainName(parsing: bytes.span, allowsSingleLabel: true) { return name }
    guard let name = DomainName("invalid", allowsSingleLabel: true) else {
      preconditionFailure("a reserved name is a name")
    }
    return name
  }
}
