/// A bounded list of occurrences that were found but not yet named, in order of end offset.
struct PatternPending {
  static let capacity = 64
  private var items = InlineArray<64, UInt64>(repeating: 0)
  private var count = 0

  /// Adds an occurrence.
  ///
  /// - Returns: false when there is no room.
  mutating func insert(pattern: UInt32, end: Int) -> Bool {
    guard count < PatternPending.capacity else { return false }
    let item = UInt64(end) << 32 | UInt64(pattern)
    var place = count
    while place > 0, items[place - 1] > item {
      items[place] = items[place - 1]
      place -= 1
    }
    items[place] = item
    count += 1
    return true
  }

  /// Names and forgets what ends at or before `end`.
  mutating func emit(upTo end: Int, _ body: (_ pattern: UInt32, _ end: Int) -> Void) {
    var named = 0
    while named < count, Int(items[named] >> 32) <= end {
      body(UInt32(truncatingIfNeeded: items[named]), Int(items[named] >> 32))
      named += 1
    }
    guard named > 0 else { return }
    for index in named..<count { items[index - named] = items[index] }
    count -= named
  }

  /// Forgets everything.
  mutating func removeAll() { count = 0 }
}
