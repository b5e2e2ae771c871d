import Glibc

/// Records one after the other: the length of the key, a membership, a line, each in four bytes, then the key.
struct RecordArena {
  static let headByteCount = 12

  /// Where a record lies, and the first eight bytes of its key, which settle most comparisons.
  struct Place {
    var prefix: UInt64
    var offset: UInt32
  }

  private var bytes: [UInt8] = []
  private var used = 0
  private(set) var places: [Place] = []

  /// How much memory the records take, with what sorting them needs.
  var byteCount: Int { used + places.count * (MemoryLayout<Place>.stride * 3 / 2) }
  /// Whether there are no records.
  var isEmpty: Bool { places.isEmpty }

  /// Adds a record.
  mutating func append(_ key: [UInt8], membership: UInt32, line: UInt32) {
    let size = RecordArena.headByteCount + key.count
    if bytes.count - used < size { grow(size) }
    let start = used
    // `size` bytes from `start` lie in the buffer by the check above; the key is another array.
    unsafe bytes.withUnsafeMutableBytes { target in
      unsafe target.storeBytes(of: UInt32(key.count), toByteOffset: start, as: UInt32.self)
      unsafe target.storeBytes(of: membership, toByteOffset: start + 4, as: UInt32.self)
      unsafe target.storeBytes(of: line, toByteOffset: start + 8, as: UInt32.self)
      unsafe key.withUnsafeBytes { source in
        unsafe UnsafeMutableRawBufferPointer(
          rebasing: target[start + RecordArena.headByteCount..<start + size]
        ).copyMemory(from: source)
      }
    }
    used += size
    places.append(
      Place(prefix: RecordArena.prefix(key, from: 0, to: key.count), offset: UInt32(start)))
  }

  /// Makes room in steps, so that what is never used is never touched.
  private mutating func grow(_ size: Int) {
    let step = max(size, min(max(bytes.count, 1 << 14), 1 << 20))
    bytes.append(contentsOf: repeatElement(0, count: step))
  }

  /// Forgets the records.
  mutating func removeAll() {
    used = 0
    places.removeAll(keepingCapacity: true)
  }

  /// Sorts by key, then by membership in the order of `memberships`, then by line.
  mutating func sort(memberships: [UInt64]) {
    // Places lead to whole records in `bytes`, which nobody changes in the meantime.
    unsafe bytes.withUnsafeBytes { bytes in
      places.sort { left, right in
        if left.prefix != right.prefix { return left.prefix < right.prefix }
        let (left, right) = (Int(left.offset), Int(right.offset))
        func field(_ record: Int, _ at: Int) -> Int {
          Int(unsafe bytes.loadUnaligned(fromByteOffset: record + at, as: UInt32.self))
        }
        let (leftCount, rightCount) = (field(left, 0), field(right, 0))
        let order = unsafe memcmp(
          bytes.baseAddress.unsafelyUnwrapped + left + RecordArena.headByteCount,
          bytes.baseAddress.unsafelyUnwrapped + right + RecordArena.headByteCount,
          min(leftCount, rightCount))
        if order != 0 { return order < 0 }
        if leftCount != rightCount { return leftCount < rightCount }
        let (one, other) = (memberships[field(left, 4)], memberships[field(right, 4)])
        return one != other ? one < other : field(left, 8) < field(right, 8)
      }
    }
  }

  /// Lends each record as it lies in memory, in the order of `places`.
  func forEach<Failure: Error>(_ body: (Span<UInt8>) throws(Failure) -> Void) throws(Failure) {
    let span = bytes.span
    for place in places {
      let start = Int(place.offset)
      let count = Int(RecordArena.field(bytes, start))
      try body(span.extracting(start..<start + RecordArena.headByteCount + count))
    }
  }

  /// The number of four bytes at a place.
  static func field(_ bytes: [UInt8], _ place: Int) -> UInt32 {
    precondition(place >= 0 && place <= bytes.count - 4, "outside the records")
    // Four bytes from `place` lie in the array by the check above.
    return unsafe bytes.withUnsafeBytes {
      unsafe $0.loadUnaligned(fromByteOffset: place, as: UInt32.self)
    }
  }

  /// The first eight bytes of a key, the first one on top; zeros stand for those that it does not have.
  static func prefix(_ bytes: [UInt8], from start: Int, to end: Int) -> UInt64 {
    guard end - start >= 8 else {
      var prefix: UInt64 = 0
      for index in start..<start + 8 {
        prefix = prefix << 8 | (index < end ? UInt64(bytes[index]) : 0)
      }
      return prefix
    }
    precondition(start >= 0 && end <= bytes.count, "outside the records")
    // Eight bytes from `start` lie in the array by the checks above.
    return unsafe bytes.withUnsafeBytes {
      unsafe UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: start, as: UInt64.self))
    }
  }

  /// Compares bytes of two arrays: below zero when the first come first.
  static func compare(
    _ left: [UInt8], _ leftRange: Range<Int>, _ right: [UInt8], _ rightRange: Range<Int>
  ) -> Int {
    precondition(
      leftRange.lowerBound >= 0 && leftRange.upperBound <= left.count
        && rightRange.lowerBound >= 0 && rightRange.upperBound <= right.count,
      "outside the records")
    let count = min(leftRange.count, rightRange.count)
    // `count` bytes from either start lie in their arrays by the check above.
    let order = unsafe left.withUnsafeBytes { left in
      unsafe right.withUnsafeBytes { right in
        guard let one = left.baseAddress, let other = right.baseAddress else { return Int32(0) }
        return unsafe memcmp(one + leftRange.lowerBound, other + rightRange.lowerBound, count)
      }
    }
    return order != 0 ? Int(order) : leftRange.count - rightRange.count
  }
}
