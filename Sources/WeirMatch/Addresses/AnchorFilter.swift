/// Tells most IPv6 addresses that nothing covers from the rest with at most three loads.
///
/// Entries of /64 and longer are remembered by their first 64 bits, those of /48 to /63 by 48, of /32 to /47 by
/// 32, each in a blocked Bloom filter (Putze, Sanders, Singler 2007) with three bits in one word; only the
/// lengths that occur are asked for. What is wider stands in a bitmap by the first 16 bits.
@usableFromInline struct AnchorFilter: Sendable {
  @usableFromInline let wide: Table<UInt64>
  @usableFromInline let words: Table<UInt64>
  /// Which anchors occur: bit 0 for 64 bits, bit 1 for 48, bit 2 for 32.
  @usableFromInline let classes: UInt32

  @usableFromInline init(wide: Table<UInt64>, words: Table<UInt64>, classes: UInt32) {
    self.wide = wide
    self.words = words
    self.classes = classes
  }

  @inlinable func prefetch(_ high: UInt64) {
    for anchor: UInt64 in 0..<3 where classes >> UInt32(anchor) & 1 != 0 {
      words.prefetch(AnchorFilter.probe(high, anchor, words: words.count).word)
    }
  }

  @inlinable func mayContain(_ high: UInt64) -> Bool {
    if wide.count > 0, wide[Int(high >> 54), or: 0] >> (high >> 48 & 63) & 1 != 0 { return true }
    return mayContain(high, anchor: 0) || mayContain(high, anchor: 1)
      || mayContain(high, anchor: 2)
  }

  @inlinable func mayContain(_ high: UInt64, anchor: UInt64) -> Bool {
    guard classes >> UInt32(anchor) & 1 != 0 else { return false }
    let (word, mask) = AnchorFilter.probe(high, anchor, words: words.count)
    return words[word, or: 0] & mask == mask
  }

  /// Where an anchor's bits are.
  @inlinable static func probe(
    _ high: UInt64, _ anchor: UInt64, words: Int
  ) -> (word: Int, mask: UInt64) {
    // The anchor's kind stands in bits that the shift by 16 or 32 has cleared; /64 has another factor.
    let key = anchor == 0 ? ~high : (high >> (anchor << 4)) << 2 | anchor
    let product = key.multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15)
    let hash = (product.high ^ product.low) &* 0xd6e8_feb8_6659_fd93
    let word = Int(((hash >> 32) &* UInt64(words)) >> 32)
    return (word, 1 << (hash & 63) | 1 << (hash >> 6 & 63) | 1 << (hash >> 12 & 63))
  }

  /// Collects what the filter has to pass.
  struct Builder {
    private var anchors: [(high: UInt64, anchor: UInt64)] = []
    private(set) var wide: [UInt64] = []

    /// Takes up a prefix.
    mutating func insert(_ high: UInt64, length: Int) {
      switch length {
      case 64...: insert(high, anchor: 0)
      case 48..<64: insert(high, anchor: 1)
      case 32..<48: insert(high, anchor: 2)
      default:
        if wide.isEmpty { wide = [UInt64](repeating: 0, count: 1024) }
        let first = Int(high >> 48)
        wide.setBits(first...first | 0xffff >> min(length, 16))
      }
    }

    private mutating func insert(_ high: UInt64, anchor: UInt64) {
      // Sorted input brings equal anchors one after the other.
      let shift = anchor << 4
      if let last = anchors.last, last.anchor == anchor, last.high >> shift == high >> shift {
        return
      }
      anchors.append((high, anchor))
    }

    /// The words of the filter: about ten bits for each anchor.
    func words() -> (words: [UInt64], classes: UInt32) {
      var words = [UInt64](repeating: 0, count: anchors.isEmpty ? 0 : anchors.count * 10 / 64 + 1)
      var classes: UInt32 = 0
      for (high, anchor) in anchors {
        let (word, mask) = AnchorFilter.probe(high, anchor, words: words.count)
        words[word] |= mask
        classes |= 1 << UInt32(anchor)
      }
      return (words, classes)
    }
  }
}
