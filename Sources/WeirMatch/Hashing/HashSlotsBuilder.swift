/// Fills the filter and the slots of a `HashSlots`, some seven bytes for each entry.
struct HashSlotsBuilder {
  private(set) var filter: [UInt64]
  private(set) var slots: [UInt32]
  private var used: [UInt8]
  private let lines: Int
  private let entryMask: UInt32
  private var entries: UInt32 = 0

  /// Makes room for so many entries.
  init(count: Int) {
    lines = count / HashSlots.lineEntries + 1
    entryMask = HashSlots.entryMask(count)
    filter = [UInt64](repeating: 0, count: count * 10 / 64 + 1)
    slots = [UInt32](repeating: 0, count: lines * HashSlots.lineSlots)
    used = [UInt8](repeating: 0, count: lines)
  }

  /// Takes in the hash of the next entry; false when it would stand too far from its line.
  mutating func insert(_ hash: UInt64) -> Bool {
    filter[HashSlots.place(hash, of: filter.count)] |= HashSlots.filterMask(hash)
    var line = HashSlots.place(hash, of: lines)
    var away = 0
    while used[line] == HashSlots.lineSlots {
      (line, away) = (line + 1 < lines ? line + 1 : 0, away + 1)
      guard away <= HashSlots.linesAway else { return false }
    }
    entries += 1
    slots[line * HashSlots.lineSlots + Int(used[line])] =
      HashSlots.fingerprint(hash, entryMask) | entries
    used[line] += 1
    return true
  }
}
