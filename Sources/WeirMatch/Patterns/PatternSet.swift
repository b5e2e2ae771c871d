public import WeirModel

/// Which of up to 500,000 byte patterns occur in a payload: every occurrence, overlaps included.
///
/// Read in place from an `Image`, which it keeps alive. A scan allocates nothing and takes time linear in the
/// payload plus the number of occurrences, whatever the input.
public struct PatternSet: Sendable {
  /// How many patterns there are; their numbers are below it.
  public let count: Int
  /// The length of the longest pattern in bytes.
  public let longest: Int
  private let image: Image
  let texts: PatternTextTable
  let sensitive: PatternAutomaton
  let folded: PatternAutomaton
  /// The tiers of the prefilter; none when the set goes through the automata alone.
  let tiers: [PatternTier]
  /// Where a pattern may begin: a tier for its first four bytes, which is only sampled.
  let prefixes: PatternTier?

  /// Whether there are no patterns.
  public var isEmpty: Bool { count == 0 }

  /// Whether all automata have dense tables.
  var isDense: Bool {
    (sensitive.isEmpty || sensitive.isDense) && (folded.isEmpty || folded.isDense)
  }

  /// Opens the set in `image`; absent sections are an empty set.
  ///
  /// - Throws: `ImageError` when the sections contradict each other.
  public init(_ image: Image) throws(ImageError) {
    self.image = image
    texts = try PatternTextTable(image)
    let head = PatternTable<UInt32>(try image.table(PatternSections.head))
    count = head.count == 0 ? 0 : Int(head[1])
    longest = head.count == 0 ? 0 : Int(head[2])
    sensitive = try PatternAutomaton(
      image, firstTag: PatternSections.automaton(ignoresCase: false))
    folded = try PatternAutomaton(image, firstTag: PatternSections.automaton(ignoresCase: true))
    var tiers: [PatternTier] = []
    for index in 0..<PatternSections.tiersMax {
      if let tier = try PatternTier(image, index) { tiers.append(tier) }
    }
    self.tiers = tiers
    prefixes = try PatternTier(image, PatternSections.prefixTier)
    guard head.count == 0 || head[0] == PatternSections.version else {
      throw .inconsistent(PatternSections.head)
    }
    guard longest <= BytePattern.lengthMax, (longest == 0) == (count == 0),
      count == texts.count, count == 0 || !(sensitive.isEmpty && folded.isEmpty)
    else { throw .inconsistent(PatternSections.head) }
  }

  /// Names every occurrence in `payload`, overlaps included, in order of end offset.
  ///
  /// - Parameter body: gets the pattern's number and the offset just behind its last byte.
  public func scan(_ payload: Span<UInt8>, _ body: (_ pattern: UInt32, _ end: Int) -> Void) {
    var state = PatternStreamState()
    guard payload.count > PatternSet.lengthMax else {
      if isFiltered(payload) {
        _ = scanFiltered(payload, after: 0, body)
      } else {
        run(payload, 0..<payload.count, &state, after: 0, body)
      }
      return
    }
    for from in stride(from: 0, to: payload.count, by: PatternSet.lengthMax) {
      let to = min(from + PatternSet.lengthMax, payload.count)
      scan(payload.extracting(from..<to), resuming: &state) { body($0, from + $1) }
    }
  }

  /// Names every occurrence that ends in `segment` of a stream, those included that began in earlier segments.
  ///
  /// - Parameters:
  ///   - state: what was remembered of the stream so far; afterwards, what has to be for the next segment.
  ///   - body: gets the pattern's number and the offset, in this segment, just behind its last byte.
  public func scan(
    _ segment: Span<UInt8>, resuming state: inout PatternStreamState,
    _ body: (_ pattern: UInt32, _ end: Int) -> Void
  ) {
    guard isFiltered(segment), segment.count <= PatternSet.lengthMax else {
      return run(segment, 0..<segment.count, &state, after: 0, body)
    }
    let resumed = resume(segment, &state, body)
    guard resumed < segment.count else { return }
    state = scanFiltered(segment, after: resumed, body).state ?? endState(segment)
  }

  /// The pattern with this number.
  public func pattern(_ number: UInt32) -> BytePattern { texts.pattern(number) }

  /// Positions inside the filter have 32 bits.
  private static let lengthMax = 1 << 30
  /// Below this the automata are quicker than setting up the filter.
  private static let filteredMin = 24

  private func isFiltered(_ text: Span<UInt8>) -> Bool {
    !tiers.isEmpty && text.count >= PatternSet.filteredMin
  }

  /// Runs the automata over `range`, and names what ends behind the offset `after`.
  func run(
    _ payload: Span<UInt8>, _ range: Range<Int>, _ state: inout PatternStreamState, after: Int,
    _ body: (_ pattern: UInt32, _ end: Int) -> Void
  ) {
    if !sensitive.isEmpty {
      if !folded.isEmpty { return runBoth(payload, range, &state, after: after, body) }
      runOne(sensitive, false, payload, range, &state.sensitive, after: after, body)
    } else if !folded.isEmpty {
      runOne(folded, true, payload, range, &state.folded, after: after, body)
    }
  }

  private func runOne(
    _ automaton: borrowing PatternAutomaton, _ folds: Bool, _ payload: Span<UInt8>,
    _ range: Range<Int>, _ state: inout UInt32, after: Int,
    _ body: (_ pattern: UInt32, _ end: Int) -> Void
  ) {
    var node = state
    var slack = longest
    for index in range {
      let byte = folds ? asciiLowercased(payload[index]) : payload[index]
      if automaton.step(&node, byte, slack: &slack), index >= after {
        report(automaton, node, end: index + 1, body)
      }
    }
    state = node
  }

  /// Both automata in step, so that occurrences come in order; their loads overlap.
  private func runBoth(
    _ payload: Span<UInt8>, _ range: Range<Int>, _ state: inout PatternStreamState, after: Int,
    _ body: (_ pattern: UInt32, _ end: Int) -> Void
  ) {
    var (first, second) = (state.sensitive, state.folded)
    var (firstSlack, secondSlack) = (longest, longest)
    for index in range {
      let byte = payload[index]
      let inFirst = sensitive.step(&first, byte, slack: &firstSlack)
      let inSecond = folded.step(&second, asciiLowercased(byte), slack: &secondSlack)
      guard inFirst || inSecond, index >= after else { continue }
      if inFirst { report(sensitive, first, end: index + 1, body) }
      if inSecond { report(folded, second, end: index + 1, body) }
    }
    (state.sensitive, state.folded) = (first, second)
  }

  private func report(
    _ automaton: borrowing PatternAutomaton, _ node: UInt32, end: Int,
    _ body: (_ pattern: UInt32, _ end: Int) -> Void
  ) {
    automaton.report(node, longest: longest) { pattern in
      if pattern < UInt32(truncatingIfNeeded: count) { body(pattern, end) }
    }
  }
}
