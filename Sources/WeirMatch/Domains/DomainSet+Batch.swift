/// Look-ups of many names at once: each step is taken for all of them before the next, and asks for the memory that
/// the next will touch, so that the waits overlap.
extension DomainSet {
  /// Calls `body` for each entry that is one of the names (`isExact`) or a parent of it on a label boundary;
  /// names in order, of one name the longest entry first.
  ///
  /// - Parameters:
  ///   - names: where in `arena` each name lies, in canonical text. Traps when one lies outside.
  ///   - arena: the memory that holds the names.
  ///   - body: told the index of the name, the entry, and whether it is the name itself.
  public func forEachEntry(
    coveringEach names: Span<Range<Int>>, in arena: Span<UInt8>,
    _ body: (_ index: Int, _ entry: UInt32, _ isExact: Bool) -> Void
  ) {
    guard count > 0 else { return }
    var pending = PendingSuffixes()
    var index = 0
    while index < names.count {
      let first = index
      pending.removeAll()
      while index < names.count, gather(arena.extracting(names[index]), index, &pending) {
        index += 1
      }
      if index == first {
        // A name with more suffixes than there is room for.
        forEachEntry(covering: arena.extracting(names[index])) { body(first, $0, $1) }
        index += 1
      } else {
        resolve(&pending, names, arena, body)
      }
    }
  }

  /// Adds the suffixes of a name that may be entries; false, and nothing added, when there is no room.
  @inline(__always) private func gather(
    _ name: Span<UInt8>, _ index: Int, _ pending: inout PendingSuffixes
  ) -> Bool {
    let before = pending.count
    var cursor = SuffixCursor(name, seed: seed)
    var depths = depths
    while depths != 0, cursor.advance(over: name) {
      let isDeep = depths & 1 != 0
      depths = DomainSet.depths(below: depths)
      guard isDeep else { continue }
      guard pending.count < PendingSuffixes.capacity else {
        pending.count = before
        return false
      }
      slots.prefetchFilter(cursor.hash)
      pending.append(Suffix(hash: cursor.hash, start: cursor.start, name: index))
    }
    return true
  }

  private func resolve(
    _ pending: inout PendingSuffixes, _ names: Span<Range<Int>>, _ arena: Span<UInt8>,
    _ body: (_ index: Int, _ entry: UInt32, _ isExact: Bool) -> Void
  ) {
    pending.keep { suffix in
      guard slots.mayContain(suffix.hash) else { return false }
      slots.prefetchLine(suffix.hash)
      return true
    }
    pending.keep { suffix in
      guard let candidate = slots.candidate(suffix.hash) else { return false }
      text.prefetchBlock(of: candidate)
      suffix.candidate = candidate
      return true
    }
    for index in 0..<pending.count { text.prefetchHead(of: pending[index].candidate) }
    pending.keep { suffix in
      suffix.code = text.code(of: suffix.candidate)
      text.prefetch(suffix.code)
      return true
    }
    var first = 0
    while first < pending.count {
      let name = pending[first].name
      var end = first + 1
      while end < pending.count, pending[end].name == name { end += 1 }
      let bytes = arena.extracting(names[name])
      for index in (first..<end).reversed() {
        let suffix = pending[index]
        if let found = entry(suffix, bytes) { body(name, found, suffix.start == 0) }
      }
      first = end
    }
  }

  /// The entry that a suffix is: nearly always the one whose code was asked for.
  @inline(__always) private func entry(_ suffix: Suffix, _ name: Span<UInt8>) -> UInt32? {
    if text.isText(name, from: suffix.start, at: suffix.code), suffix.candidate < count {
      return UInt32(truncatingIfNeeded: suffix.candidate)
    }
    return slots.first(suffix.hash) { text.isText(name, from: suffix.start, of: $0) }
  }
}

/// A suffix of a name that is on its way through a batch.
private struct Suffix {
  var hash: UInt64 = 0
  var start = 0
  var name = 0
  /// The entry whose text is to be compared first.
  var candidate = 0
  /// Where its code is.
  var code = 0..<0
}

/// A bounded list of suffixes that lives on the stack.
private struct PendingSuffixes {
  static let capacity = 128
  private var suffixes = InlineArray<128, Suffix>(repeating: Suffix())
  var count = 0

  subscript(index: Int) -> Suffix { suffixes[index] }

  mutating func removeAll() { count = 0 }

  mutating func append(_ suffix: Suffix) {
    suffixes[count] = suffix
    count += 1
  }

  /// Drops the suffixes for which `isKept` does not hold; it may change those that it keeps.
  @inline(__always) mutating func keep(_ isKept: (inout Suffix) -> Bool) {
    var kept = 0
    for index in 0..<count {
      var suffix = suffixes[index]
      let keeps = isKept(&suffix)
      suffixes[kept] = suffix
      kept += keeps ? 1 : 0
    }
    count = kept
  }
}
