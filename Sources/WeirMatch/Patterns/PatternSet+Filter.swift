extension PatternSet {
  /// How many bytes are filtered before what was found is named.
  private static let chunk = 4096

  /// Names every occurrence in `text` that ends behind `after`, by way of the prefilter.
  ///
  /// The work on candidates is bounded in each chunk; a chunk that needs more goes through the automata, so that the
  /// whole takes time linear in the text whatever it is made of.
  ///
  /// - Returns: the automata's state at the end, when the end went through them.
  func scanFiltered(
    _ text: Span<UInt8>, after: Int, _ body: (_ pattern: UInt32, _ end: Int) -> Void
  ) -> PatternStreamState? {
    var pending = PatternPending()
    // Everything that ends at or before `done` has been named; windows before `probe` have been looked at.
    var (done, probe) = (after, max(0, after - longest + 1))
    var state: PatternStreamState?
    var stateEnd = -1
    while done < text.count {
      let to = min(done + PatternSet.chunk, text.count)
      if filter(text, probe..<to, &done, &pending, body) {
        state = nil
        probe = to
      } else {
        pending.removeAll()
        // Whatever ends behind `done` begins less than `longest` before it.
        let continues = stateEnd == done
        var resumed = continues ? state ?? PatternStreamState() : PatternStreamState()
        let from = continues && state != nil ? done : max(0, done - longest + 1)
        run(text, from..<to, &resumed, after: done, body)
        state = resumed
        stateEnd = to
        probe = max(0, to - longest + 1)
      }
      done = to
    }
    return state
  }

  /// Names the occurrences that end behind `done` and whose window is probed in `range`, but for those that end behind
  /// the range, which stay pending.
  ///
  /// - Returns: false when it would be too much work; then all that end at or before `done` have been named.
  private func filter(
    _ text: Span<UInt8>, _ range: Range<Int>, _ done: inout Int, _ pending: inout PatternPending,
    _ body: (_ pattern: UInt32, _ end: Int) -> Void
  ) -> Bool {
    var budget = 16 + range.count / (isDense ? 32 : 4)
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
    return true
  }

  /// Adds the occurrences around a window. False when the budget or the room is used up.
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
