public import WeirModel

/// Millions of domain names; which of them are a name or a parent of it on a label boundary.
public struct DomainSet: Sendable {
  private let slots: Table<UInt32>
  private let offsets: Table<UInt32>
  private let text: Table<UInt8>

  /// Finds the tables of the set in an image; absent sections are an empty set.
  ///
  /// - Throws: `ImageError` when they do not fit each other.
  public init(_ image: Image) throws(ImageError) {
    slots = try image.table(DomainSections.slots)
    offsets = try image.table(DomainSections.offsets)
    text = try image.table(DomainSections.text)
    guard slots.count & (slots.count - 1) == 0 else { throw .inconsistent(DomainSections.slots) }
  }

  /// How many entries there are.
  public var count: Int { max(0, offsets.count - 1) }
  /// Whether there are no entries.
  public var isEmpty: Bool { count == 0 }

  /// Calls `body` for each entry that is the name itself (`isExact`) or a parent of it on a label
  /// boundary, longest first.
  ///
  /// - Parameter name: canonical text: lower case, labels joined by ".", no final dot; any bytes
  ///   within labels.
  public func forEachEntry(
    covering name: Span<UInt8>, _ body: (_ entry: UInt32, _ isExact: Bool) -> Void
  ) {
    guard !isEmpty else { return }
    for start in 0..<name.count where start == 0 || name[start - 1] == UInt8(ascii: ".") {
      let suffix = name.extracting(start..<name.count)
      if let entry = entry(suffix) { body(entry, start == 0) }
    }
  }

  private func entry(_ name: Span<UInt8>) -> UInt32? {
    var slot = Int(truncatingIfNeeded: DomainHash.hash(name)) & (slots.count - 1)
    for _ in 0..<slots.count {
      let found = slots[slot, or: 0]
      guard found != 0 else { return nil }
      if isText(name, of: Int(found) - 1) { return found - 1 }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  private func isText(_ name: Span<UInt8>, of entry: Int) -> Bool {
    let start = Int(offsets[entry, or: 0])
    guard Int(offsets[entry + 1, or: 0]) == start + name.count else { return false }
    for index in 0..<name.count where text[start + index, or: 0] != name[index] { return false }
    return true
  }

  /// The name of an entry; of one that is not in the set, `invalid` (RFC 2606).
  public func name(of entry: UInt32) -> DomainName {
    let start = Int(offsets[Int(entry), or: 0])
    let end = min(Int(offsets[Int(entry) + 1, or: 0]), start + DomainName.lengthMax)
    let bytes = (start..<max(start, end)).map { text[$0, or: 0] }
    if let name = DomainName(parsing: bytes.span, allowsSingleLabel: true) { return name }
    guard let name = DomainName("invalid", allowsSingleLabel: true) else {
      preconditionFailure("a reserved name is a name")
    }
    return name
  }
}

/// Why domain names cannot be compiled.
public enum DomainBuildError: Error, Equatable, Sendable {
  /// There are more names, or more bytes of names, than a set can number.
  case tooMany(limit: Int)
}

/// Lays out the tables of a `DomainSet`. Pure: the same input gives the same bytes.
public enum DomainSetBuilder {
  /// Adds names, sorted by bytes and distinct; entry numbers are indices.
  ///
  /// - Throws: `DomainBuildError` when there are too many.
  public static func add(
    _ names: [DomainName], to image: inout ImageBuilder
  ) throws(DomainBuildError) {
    guard !names.isEmpty else { return }
    var capacity = 16
    while capacity < 2 * names.count { capacity *= 2 }
    var slots = [UInt32](repeating: 0, count: capacity)
    var offsets: [UInt32] = [0]
    var text: [UInt8] = []
    for (index, name) in names.enumerated() {
      var slot = Int(truncatingIfNeeded: DomainHash.hash(name.bytes.span)) & (capacity - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (capacity - 1) }
      slots[slot] = UInt32(index + 1)
      text += name.bytes
      guard text.count < Int(UInt32.max) else { throw .tooMany(limit: Int(UInt32.max)) }
      offsets.append(UInt32(text.count))
    }
    image.add(DomainSections.slots, slots)
    image.add(DomainSections.offsets, offsets)
    image.add(DomainSections.text, text)
  }
}

enum DomainSections {
  static let slots = SectionTag(0x0200)
  static let offsets = SectionTag(0x0201)
  static let text = SectionTag(0x0202)
}

enum DomainHash {
  static func hash(_ name: Span<UInt8>) -> UInt64 {
    var hash: UInt64 = 0x9e37_79b9_7f4a_7c15
    for index in 0..<name.count { hash = (hash ^ UInt64(name[index])) &* 0xff51_afd7_ed55_8ccd }
    return hash ^ hash >> 32
  }
}
