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
    while done < text.count {
      let to = min(done + PatternSet.chunk, text.count)
      if filter(text, probe..<to, after: done, &pending) {
        pending.emit(upTo: to, body)
        state = nil
        probe = to
      } else {
        pending.removeAll()
        // Whatever ends behind `done` begins less than `longest` before it.
        var resumed = state ?? PatternStreamState()
        let from = state == nil ? max(0, done - longest + 1) : done
        run(text, from..<to, &resumed, after: done, body)
        state = resumed
        probe = max(0, to - longest + 1)
      }
      done = to
    }
    return state
  }

  /// Finds the occurrences whose window is probed in `range`. False when that would be too much work.
  private func filter(
    _ text: Span<UInt8>, _ range: Range<Int>, after: Int, _ pending: inout PatternPending
  ) -> Bool {
    var budget = 16 + range.count / (isDense ? 32 : 4)
    var positions = InlineArray<64, UInt32>(repeating: 0)
    for index in tiers.indices {
      let stride = tiers[index].stride
      var position = (range.lowerBound + stride - 1) / stride * stride
      while position < range.upperBound {
        var room = positions.mutableSpan
        let count = tiers[index].sample(
          text, from: &position, to: range.upperBound, into: &room)
        for place in 0..<count {
          var work = 0
          var fits = true
          work += tiers[index].candidates(text, at: Int(positions[place]), limit: budget) {
            pattern, start in
            let compared = texts.compare(pattern, text, at: start)
            work += compared.length / 32
            guard compared.matches, start + compared.length > after else { return }
            if !pending.insert(pattern: pattern, end: start + compared.length) { fits = false }
          }
          budget -= work
          if budget < 0 || !fits { return false }
        }
      }
    }
    return true
  }
}
