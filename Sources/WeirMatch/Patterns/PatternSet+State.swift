import WeirModel

extension PatternSet {
  /// Runs the automata from `state` until nothing that began before the segment can still end in it.
  ///
  /// That is where they meet others that were started with the segment: a node stands for the longest suffix of the
  /// text that begins a pattern, so equal nodes mean that it lies in the segment.
  ///
  /// - Returns: up to which offset occurrences were named.
  func resume(
    _ segment: Span<UInt8>, _ state: inout PatternStreamState,
    _ body: (_ pattern: UInt32, _ end: Int) -> Void
  ) -> Int {
    var fresh = PatternStreamState()
    var offset = 0
    while state != fresh, offset < segment.count {
      run(segment, offset..<offset + 1, &state, after: 0, body)
      run(segment, offset..<offset + 1, &fresh, after: offset + 1) { _, _ in }
      offset += 1
    }
    return offset
  }

  /// The state behind a segment whose beginning does not matter any more.
  ///
  /// Each automaton is at the node of the longest suffix that begins a pattern. Instead of running it over the last
  /// `longest - 1` bytes, this looks for places where a pattern may begin and follows the trie from them; the first
  /// that leads to the end of the segment is it. When that is too much work, the automata run after all.
  func endState(_ segment: Span<UInt8>) -> PatternStreamState {
    let from = max(0, segment.count - longest + 1)
    if let prefixes, let state = followPrefixes(segment, from, prefixes) { return state }
    var state = PatternStreamState()
    run(segment, from..<segment.count, &state, after: segment.count) { _, _ in }
    return state
  }

  private func followPrefixes(
    _ segment: Span<UInt8>, _ from: Int, _ prefixes: PatternTier
  ) -> PatternStreamState? {
    // The last places have fewer bytes than a prefix and are followed without asking.
    let known = max(from, segment.count - prefixes.gramLength + 1)
    var search = PrefixSearch(set: self, budget: 64 + 2 * (segment.count - from))
    var positions = InlineArray<32, UInt32>(repeating: 0)
    var position = from
    while position < known {
      var room = positions.mutableSpan
      let count = prefixes.sample(segment, from: &position, to: known, into: &room)
      for place in 0..<count {
        guard search.follow(segment, from: Int(positions[place])) else { return nil }
        if search.isDone { return search.state }
      }
    }
    for place in known..<segment.count {
      guard search.follow(segment, from: place) else { return nil }
    }
    return search.state
  }
}

/// Follows both tries from places in ascending order, and keeps where the first that gets to the end leads.
private struct PrefixSearch {
  let set: PatternSet
  var budget: Int
  var state = PatternStreamState()

  var isDone: Bool {
    (set.sensitive.isEmpty || state.sensitive != 0) && (set.folded.isEmpty || state.folded != 0)
  }

  /// False when the budget is used up.
  mutating func follow(_ text: Span<UInt8>, from place: Int) -> Bool {
    if state.sensitive == 0, !set.sensitive.isEmpty {
      state.sensitive = end(of: set.sensitive, folds: false, text, place)
    }
    if state.folded == 0, !set.folded.isEmpty {
      state.folded = end(of: set.folded, folds: true, text, place)
    }
    return budget >= 0
  }

  private mutating func end(
    of automaton: borrowing PatternAutomaton, folds: Bool, _ text: Span<UInt8>, _ place: Int
  ) -> UInt32 {
    var node: UInt32 = 0
    for index in place..<text.count {
      let byte = folds ? asciiLowercased(text[index]) : text[index]
      node = automaton.child(of: node, by: byte)
      budget -= 1
      if node == 0 || budget < 0 { return 0 }
    }
    return node
  }
}
