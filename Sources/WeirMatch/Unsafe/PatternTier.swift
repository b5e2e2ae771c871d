import CWeirSIMD
import WeirModel

/// One tier of the prefilter: the patterns of a range of lengths, told by a window of each.
///
/// Each pattern has one window of `windowLength` bytes somewhere inside it, chosen to be rare. A text is probed
/// every `stride` bytes for `gramLength` bytes; because a window is `gramLength + stride - 1` long, exactly one probe
/// falls into each window that occurs. Two Bloom filters, first of the grams and then of the windows, pass few places
/// that hold nothing; those are looked up in a hash table by window.
@safe struct PatternTier: Sendable {
  let gramLength: Int
  let windowLength: Int
  let stride: Int
  /// Bits set in every byte before hashing: 0x20 when a pattern of the tier ignores case.
  let fold: UInt64
  let grams: PatternTable<UInt32>
  let windows: PatternTable<UInt32>
  /// Where each bucket's entries begin, one more than buckets.
  private let buckets: PatternTable<UInt32>
  /// Pairs: pattern number, then tag and offset of the window in the pattern.
  private let entries: PatternTable<UInt32>

  /// Opens tier `index` of an image, or nil when it is absent.
  init?(_ image: Image, _ index: Int) throws(ImageError) {
    typealias Tags = PatternTierSections
    let first = PatternSections.tier(index)
    let head = PatternTable<UInt32>(try image.table(SectionTag(first + Tags.head)))
    guard head.count > 0 else { return nil }
    (gramLength, windowLength, stride) = (Int(head[0]), Int(head[1]), Int(head[2]))
    fold = head[3] == 0 ? 0 : PatternKey.fold
    grams = PatternTable(try image.table(SectionTag(first + Tags.grams)))
    windows = PatternTable(try image.table(SectionTag(first + Tags.windows)))
    buckets = PatternTable(try image.table(SectionTag(first + Tags.buckets)))
    entries = PatternTable(try image.table(SectionTag(first + Tags.entries)))
    guard (1...8).contains(gramLength), (1...PatternKey.strideMax).contains(stride),
      windowLength == gramLength + stride - 1, PatternKey.isFilter(words: grams.count),
      PatternKey.isFilter(words: windows.count),
      buckets.count == 0 || (buckets.count - 1).nonzeroBitCount == 1,
      entries.count.isMultiple(of: 2)
    else { throw .inconsistent(SectionTag(first)) }
  }

  /// Names windows in which a pattern may lie; see `weir_pattern_sample`.
  ///
  /// - Parameters:
  ///   - positions: receives the windows; at least `strideMax` long.
  ///   - vectors: whether vector instructions may be used; the answer is the same.
  /// - Returns: how many windows there are.
  func sample(
    _ text: Span<UInt8>, from position: inout Int, to: Int,
    into positions: inout MutableSpan<UInt32>, vectors: Bool = true
  ) -> Int {
    // The tables are powers of two, checked when the tier was opened, so that the shifts keep every
    // hash inside; they and the text are valid for the call; no more windows are written than
    // `positions` holds.
    var tier = unsafe weir_pattern_tier()
    unsafe tier.grams = grams.start
    unsafe tier.windows = windows.start
    unsafe tier.fold = fold
    unsafe tier.gram_bits = UInt32(grams.count.trailingZeroBitCount)
    unsafe tier.window_bits = UInt32(windows.count.trailingZeroBitCount)
    unsafe tier.gram_length = UInt32(gramLength)
    unsafe tier.window_length = UInt32(windowLength)
    unsafe tier.stride = UInt32(stride)
    var at = position
    let count = unsafe text.withUnsafeBufferPointer { source in
      unsafe positions.withUnsafeMutableBufferPointer { target in
        unsafe weir_pattern_sample(
          &tier, source.baseAddress, source.count, &at, to, target.baseAddress, target.count,
          vectors)
      }
    }
    position = at
    return count
  }

  /// Calls `body` with each pattern that has the window at `position`, and where it would begin.
  ///
  /// - Returns: how many entries there are to look at; when they are more than `limit`, none was.
  func candidates(
    _ text: Span<UInt8>, at position: Int, limit: Int,
    _ body: (_ pattern: UInt32, _ start: Int) -> Void
  ) -> Int {
    guard buckets.count > 1 else { return 1 }
    let key = (PatternKey.load(text, position) | fold) & PatternKey.mask(windowLength)
    let slot = PatternKey.slot(of: key, buckets: buckets.count - 1)
    let from = Int(buckets[slot.bucket])
    let to = min(Int(buckets[slot.bucket + 1]), entries.count / 2)
    guard from < to, to - from <= limit else { return 1 + max(to - from, 0) }
    for index in from..<to {
      let place = entries[2 * index + 1]
      if UInt16(truncatingIfNeeded: place) == slot.tag {
        body(entries[2 * index], position - Int(place >> 16))
      }
    }
    return 1 + to - from
  }
}

/// How grams and windows become keys, and keys places in tables; the same for the builder and the reader.
enum PatternKey {
  static let strideMax = 8
  static let fold: UInt64 = 0x2020_2020_2020_2020

  /// Keeps the first `length` bytes of a word.
  static func mask(_ length: Int) -> UInt64 { length >= 8 ? .max : 1 << UInt64(8 * length) - 1 }

  /// Whether a Bloom filter can have so many words: its place and bits have to fit a hash of 32 bits.
  static func isFilter(words: Int) -> Bool {
    words.nonzeroBitCount == 1 && (16...1 << 22).contains(words)
  }

  /// The hash of the gram at the start of a word.
  static func gramHash(_ word: UInt64, length: Int) -> UInt32 {
    weir_pattern_hash(
      word, UInt32(length), UInt32(weir_pattern_gram_head),
      UInt32(weir_pattern_gram_tail))
  }

  /// The hash of the window at the start of a word.
  static func windowHash(_ word: UInt64, length: Int) -> UInt32 {
    weir_pattern_hash(
      word, UInt32(length), UInt32(weir_pattern_window_head),
      UInt32(weir_pattern_window_tail))
  }

  /// The word of a Bloom filter that a hash chooses, and the two bits in it.
  static func bits(of hash: UInt32, words: Int) -> (place: Int, bits: UInt32) {
    let used = UInt32(words.trailingZeroBitCount)
    let top = UInt32(1) << 31
    let bits = top >> (hash >> (27 - used) & 31) | top >> (hash >> (22 - used) & 31)
    return (Int(hash >> (32 - used)), bits)
  }

  /// Bucket and tag of a window, independent of its Bloom bits.
  static func slot(of key: UInt64, buckets: Int) -> (bucket: Int, tag: UInt16) {
    let hash = (key ^ key >> 32) &* 0xd6e8_feb8_6659_fd93
    let mixed = (hash ^ hash >> 32) &* 0xd6e8_feb8_6659_fd93
    let tag = UInt16(truncatingIfNeeded: mixed >> 16)
    return (Int(truncatingIfNeeded: mixed >> 32) & (buckets - 1), tag)
  }

  /// Up to eight bytes of `text` from `position` on, in a little-endian word; zeros behind its end.
  static func load(_ text: Span<UInt8>, _ position: Int) -> UInt64 {
    // Bytes have no padding.
    let bytes = unsafe text.bytes
    if position + 8 <= text.count { return UInt64(littleEndian: bytes.loadInteger(at: position)) }
    var word: UInt64 = 0
    for index in position..<max(text.count, position) {
      word |= UInt64(text[index]) << UInt64(8 * (index - position))
    }
    return word
  }
}
