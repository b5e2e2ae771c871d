import WeirModel

/// Which blocks of IPv4 addresses, by their leading bits, hold any entry: one bit a block.
///
/// It settles nearly every miss with one load. A plain value of three words, so that a loop over packets can keep
/// it in registers.
public struct PresenceBitmap: Sendable {
  @usableFromInline let words: Table<UInt64>
  @usableFromInline let shift: UInt32

  /// Takes the words of a bitmap of 2, 4, 8, … up to 2²⁴ bits; nil when there are others.
  init?(_ words: Table<UInt64>) {
    let bits = words.count * 64
    guard bits & (bits - 1) == 0, bits <= 1 << 24 else { return nil }
    self.words = words
    shift = bits == 0 ? 0 : 32 - UInt32(bits.trailingZeroBitCount)
  }

  /// Asks for the memory that `mayContain` will touch.
  @inlinable public func prefetch(_ address: UInt32) { words.prefetch(Int(address >> shift) >> 6) }

  /// Whether the block of an address holds an entry; false is certain.
  @inlinable public func mayContain(_ address: UInt32) -> Bool {
    let bit = address >> shift
    return words[Int(bit >> 6), or: 0] >> UInt64(bit & 63) & 1 != 0
  }
}
