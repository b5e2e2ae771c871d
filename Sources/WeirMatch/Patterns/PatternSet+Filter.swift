extension PatternSet {
  /// How many bytes are filtered before what was found is named.
  private static let chunk = 4096

  /// The most chunks that go through the automata before the filter is tried again.
  private static let patienceMax = 16

  /// Names every occurrence in `text` that ends behind `after`, by way of the prefilter.
  ///
  /// The work on candidates is bounded in each chunk. A chunk that needs more goes through the automata, and after
  /// each one that does, twice as many follow it unfiltered: so the whole takes time linear in the text whatever it is
  /// made of, and little more than the automata alone.
  func scanFiltered(
    _ text: Span<UInt8>, after: Int, _ body: (_ pattern: UInt32, _ end: Int) -> Void
  ) -> PatternScanResult {
    var result = PatternScanResult()
    var pending = PatternPending()
    // Everything that ends at or before `done` has been named; windows before `probe` have been looked at.
    var (done, probe) = (after, max(0, after - longest + 1))
    var patience = 1
    while done < text.count {
      let to = min(done + PatternSet.chunk, text.count)
      if filter(text, probe..<to, &done, &pending, &result, body) {
        (probe, patience) = (to, 1)
        continue
      }
      pending.removeAll()
      let behind = min(text.count, to + (patience - 1) * PatternSet.chunk)
      patience = min(2 * patience, PatternSet.patienceMax)
      // Whatever ends behind `done` begins less than `longest` before it.
      var state = PatternStreamState()
      let from = max(0, done - longest + 1)
      run(text, from..<behind, &state, after: done, body)
      result.stepped += behind - from
      if behind == text.count { result.state = state }
      (done, probe) = (behind, max(0, behind - longest + 1))
    }
    return result
  }

  /// Names the occurrences that end behind `done` and whose window is probed in `range`, but for those that end behind
  /// the range, which stay pending.
  ///
  /// - Returns: false when it would be too much work; then all that end at or before `done` have been named.
  private func filter(
    _ text: Span<UInt8>, _ range: Range<Int>, _ done: inout Int, _ pending: inout PatternPending,
    _ result: inout PatternScanResult, _ body: (_ pattern: UInt32, _ end: Int) -> Void
  ) -> Bool {
    let allowed = candidatesMax(range.count)
    var budget = allowed
    defer { result.checked += allowed - max(budget, 0) }
    var positions = InlineArray<32, UInt32>(repeating: 0)
    let last = tiers.count - 1
    for index in tiers.indices {
      let stride = tiers[index].stride
      var position = (range.lowerBound + stride - 1) / stride * stride
      while position < range.upperBound {
        var room = positions.mutableSpan
        let count = tiers[index].sample(
          text, from: &position, to: range.upperBound, into: &room)
        for place in 0..<count {
          let window = Int(positions[place])
          guard verify(text, index, window, done, &budget, &pending) else { return false }
        }
        // What is found from here on ends behind the next probe.
        let settled = min(position, range.upperBound)
        if index == last, settled > done {
          pending.emit(upTo: settled, body)
          done = settled
        }
      }
    }
    pending.emit(upTo: range.upperBound, body)
    done = max(done, range.upperBound)
    return true
  }

  /// How many candidates may be looked at in `bytes` bytes: about an eighth of what the automata would cost, whose dense
  /// tables take a tenth of the time of compact ones.
  func candidatesMax(_ bytes: Int) -> Int { isDense ? 8 + bytes / 64 : 16 + bytes / 4 }

  /// Adds the occurrences around a window.
  ///
  /// - Returns: false when the budget or the room is used up.
  private func verify(
    _ text: Span<UInt8>, _ tier: Int, _ window: Int, _ done: Int, _ budget: inout Int,
    _ pending: inout PatternPending
  ) -> Bool {
    var (work, fits) = (0, true)
    work += tiers[tier].candidates(text, at: window, limit: budget) { pattern, start in
      let compared = texts.compare(pattern, text, at: start)
      work += compared.length / 32
      let end = start + compared.length
      guard compared.matches, end > done else { return }
      if !pending.insert(pattern: pattern, end: end) { fits = false }
    }
    budget -= work
    return budget >= 0 && fits
  }
}

/// What a filtered scan did.
struct PatternScanResult {
  /// The automata's state at the end, when the end went through them.
  var state: PatternStreamState?
  /// How many candidates were looked at.
  var checked = 0
  /// How many bytes went through the automata.
  var stepped = 0
}
