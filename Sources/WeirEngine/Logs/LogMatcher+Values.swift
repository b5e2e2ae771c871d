import WeirDecode
import WeirMatch
import WeirModel
import WeirRules
import WeirTally

/// Station 4 for lines: URLs and digests.
extension LogMatcher {
  /// URLs with their scheme, wherever they stand.
  @inline(never)
  mutating func matchURLs(_ text: Span<UInt8>, _ schema: LogSchema) {
    var place = 0
    var lineEnd = 0
    while let colon = LogURL.nextMark(in: text, from: place) {
      place = colon + 3
      if schema.format != .text, colon >= lineEnd {
        lineEnd = readFields(around: colon, text, schema)
      }
      guard let range = findURL(text, around: colon, isTrimmed: false) else { continue }
      place = range.upperBound
      let seen: Place =
        schema.format != .text && fields.meaning(at: range.lowerBound) == .url ? .httpURL : .log
      observables[Int(seen.rawValue)] += 1
      if observed != nil { observed?.add(url, at: seen) }
      if !sightURL(range, seen), let shorter = findURL(text, around: colon, isTrimmed: true),
        shorter != range
      {
        _ = sightURL(shorter, seen)
      }
    }
  }

  /// Reads the fields of the line around a place; where the line ends.
  private mutating func readFields(
    around place: Int, _ text: Span<UInt8>, _ schema: LogSchema
  ) -> Int {
    let start = text.lastPlace(of: UInt8(ascii: "\n"), in: 0..<place).map { $0 + 1 } ?? 0
    let end = text.firstPlace(of: UInt8(ascii: "\n"), in: place..<text.count) ?? text.count
    schema.read(text, start..<end, into: &fields)
    return end
  }

  /// Puts the URL around a place into `url`; where it lies, or nil when it is none.
  private mutating func findURL(
    _ text: Span<UInt8>, around colon: Int, isTrimmed: Bool
  ) -> Range<Int>? {
    guard let range = LogURL.find(text, around: colon, isTrimmed: isTrimmed, to: &url),
      let canonical = WebURL(parsing: url.span)
    else { return nil }
    url = canonical.bytes
    return range
  }

  /// Whether the URL, or one above it, is an indicator.
  private mutating func sightURL(_ range: Range<Int>, _ place: Place) -> Bool {
    let before = hits.count
    var text: [UInt8] = []
    swap(&text, &url)
    defer { swap(&text, &url) }
    matchers.values.forEachEntry(coveringURL: text.span) { entry, isExact in
      let feedSet = matchers.policy.feedSet(ofURL: entry, isExact: isExact)
      // Feed set 0 is empty: the entry means the URL alone.
      guard feedSet != 0 else { return }
      hits.append(
        LogHit(
          start: range.lowerBound, end: range.upperBound,
          indicator: matchers.policy.valueBase + entry, feedSet: feedSet,
          specificity: Specificity.url(length: matchers.values.byteCount(of: entry)),
          place: place))
    }
    return hits.count > before
  }

  /// Digests and fingerprints that are words.
  @inline(never)
  mutating func matchDigests(_ text: Span<UInt8>) {
    var words = LogWordsOfLength()
    while let range = words.next(in: text) {
      let word = text.extracting(range)
      if let digest = Digest(parsing: word) {
        take(digest.bytes, [.ja3, .cert, .hash], word, range)
      } else if let fingerprint = JA4Fingerprint(parsing: word) {
        take(fingerprint.bytes, [.ja4], word, range)
      }
    }
  }

  private mutating func take(
    _ value: [UInt8], _ kinds: [IndicatorKind], _ word: Span<UInt8>, _ range: Range<Int>
  ) {
    observables[Int(Place.log.rawValue)] += 1
    if observed != nil { observed?.add(word.indices.map { asciiLowercased(word[$0]) }, at: .log) }
    for kind in kinds {
      guard let entry = matchers.values.entry(of: kind, value.span) else { continue }
      let indicator = matchers.policy.valueBase + entry
      hits.append(
        LogHit(
          start: range.lowerBound, end: range.upperBound, indicator: indicator,
          feedSet: matchers.policy.feedSet(of: indicator), specificity: Specificity.digest,
          place: .log))
    }
  }
}
