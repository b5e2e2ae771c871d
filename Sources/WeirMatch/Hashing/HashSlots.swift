/// From the hash of a text to the entries that it may be.
///
/// Slots of 32 bits stand in lines of sixteen. The low bits of a slot are the entry number plus one, as many as
/// the largest needs, and all the others a fingerprint, so that a million entries leave 12 bits of it and take
/// less than five bytes each. A full line flows over into the next. In front is a blocked Bloom filter with
/// four bits in one word, some 1.3 bytes for each entry, which lets about one miss in forty through.
struct HashSlots: Sendable {
  /// The most entries: four bits are left for the fingerprint.
  static let entriesMax = (1 << 28) - 2
  /// Slots in a line.
  static let lineSlots = 16
  /// Entries for each line: with twelve, one in thirty flows over.
  static let lineEntries = 12
  /// The most lines that an entry may be away from its own.
  static let linesAway = 64

  private let filter: Table<UInt64>
  private let slots: Table<UInt32>
  private let lines: Int
  private let entryMask: UInt32
  private let count: Int

  /// Finds the tables for `count` entries in two sections.
  init(
    _ image: Image, count: Int, filter filterTag: SectionTag, slots slotsTag: SectionTag
  ) throws(ImageError) {
    filter = try image.table(filterTag)
    slots = try image.table(slotsTag)
    lines = slots.count / HashSlots.lineSlots
    guard count == 0 || (lines > 0 && lines <= Int(UInt32.max) && filter.count > 0) else {
      throw .inconsistent(slotsTag)
    }
    self.count = count
    entryMask = HashSlots.entryMask(count)
  }

  /// Whether a text with this hash may be an entry; false is certain.
  @inline(__always) func mayContain(_ hash: UInt64) -> Bool {
    let mask = HashSlots.filterMask(hash)
    return filter[HashSlots.place(hash, of: filter.count), or: 0] & mask == mask
  }

  /// Asks for the memory that `mayContain` will touch.
  @inline(__always) func prefetchFilter(_ hash: UInt64) {
    filter.prefetch(HashSlots.place(hash, of: filter.count))
  }

  /// Asks for the memory that `candidate` and `first` will touch.
  @inline(__always) func prefetchLine(_ hash: UInt64) {
    slots.prefetch(HashSlots.place(hash, of: lines) * HashSlots.lineSlots)
  }

  /// The entry that `first` is likely to compare first; nil when there is surely none.
  @inline(__always) func candidate(_ hash: UInt64) -> Int? {
    let start = HashSlots.place(hash, of: lines) * HashSlots.lineSlots
    let fingerprint = HashSlots.fingerprint(hash, entryMask)
    let matches = slots.matches(fingerprint, mask: ~entryMask, inSixteenFrom: start)
    if matches != 0 {
      return max(0, Int(slots[start + matches.trailingZeroBitCount, or: 0] & entryMask) - 1)
    }
    return slots[start + HashSlots.lineSlots - 1, or: 0] == 0 ? nil : 0
  }

  /// The first entry that has this hash's fingerprint and for which `isText` holds.
  @inline(__always) func first(_ hash: UInt64, where isText: (Int) -> Bool) -> UInt32? {
    var line = HashSlots.place(hash, of: lines)
    let fingerprint = HashSlots.fingerprint(hash, entryMask)
    for _ in 0...HashSlots.linesAway {
      let start = line * HashSlots.lineSlots
      var matches = slots.matches(fingerprint, mask: ~entryMask, inSixteenFrom: start)
      while matches != 0 {
        let slot = slots[start + matches.trailingZeroBitCount, or: 0]
        let entry = Int(slot & entryMask) - 1
        if entry >= 0, entry < count, isText(entry) { return UInt32(truncatingIfNeeded: entry) }
        matches &= matches - 1
      }
      if slots[start + HashSlots.lineSlots - 1, or: 0] == 0 { return nil }
      line = line + 1 < lines ? line + 1 : 0
    }
    return nil
  }

  /// The bits of a slot that hold the entry number plus one.
  static func entryMask(_ count: Int) -> UInt32 {
    UInt32.max >> UInt32(min(31, UInt32(truncatingIfNeeded: count).leadingZeroBitCount))
  }

  @inline(__always) static func place(_ hash: UInt64, of count: Int) -> Int {
    Int(truncatingIfNeeded: ((hash >> 32) &* UInt64(truncatingIfNeeded: count)) >> 32)
  }

  @inline(__always) static func fingerprint(_ hash: UInt64, _ entryMask: UInt32) -> UInt32 {
    UInt32(truncatingIfNeeded: (hash &* 0xd6e8_feb8_6659_fd93) >> 32) & ~entryMask
  }

  @inline(__always) static func filterMask(_ hash: UInt64) -> UInt64 {
    1 << (hash & 63) | 1 << (hash >> 6 & 63) | 1 << (hash >> 12 & 63) | 1 << (hash >> 18 & 63)
  }
}
