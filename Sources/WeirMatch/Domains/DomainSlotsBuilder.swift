/// Fills the filter and the slots of a `DomainSlots`, some seven bytes for each name.
struct DomainSlotsBuilder {
  private(set) var filter: [UInt64]
  private(set) var slots: [UInt32]
  private var used: [UInt8]
  private let lines: Int
  private let entryMask: UInt32
  private var entries: UInt32 = 0

  /// Makes room for so many names.
  init(count: Int) {
    lines = count / DomainSlots.lineNames + 1
    entryMask = DomainSlots.entryMask(count)
    filter = [UInt64](repeating: 0, count: count * 10 / 64 + 1)
    slots = [UInt32](repeating: 0, count: lines * DomainSlots.lineSlots)
    used = [UInt8](repeating: 0, count: lines)
  }

  /// Takes in the hash of the next name; false when it would stand too far from its line.
  mutating func insert(_ hash: UInt64) -> Bool {
    filter[DomainSlots.place(hash, of: filter.count)] |= DomainSlots.filterMask(hash)
    var line = DomainSlots.place(hash, of: lines)
    var away = 0
    while used[line] == DomainSlots.lineSlots {
      (line, away) = (line + 1 < lines ? line + 1 : 0, away + 1)
      guard away <= DomainSlots.linesAway else { return false }
    }
    entries += 1
    slots[line * DomainSlots.lineSlots + Int(used[line])] =
      DomainSlots.fingerprint(hash, entryMask) | entries
    used[line] += 1
    return true
  }
}
