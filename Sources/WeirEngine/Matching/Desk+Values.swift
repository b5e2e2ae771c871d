import WeirDecode
import WeirMatch
import WeirModel
import WeirRules
import WeirTally

/// Station 4: URLs against the value set.
extension Desk {
  /// What a request asks for: the URL itself, and those above it.
  mutating func matchURL(
    _ payload: Span<UInt8>, _ request: HTTPRequest, host: borrowing NameBuffer,
    _ matchers: Matchers
  ) {
    guard !request.isConnect else { return }
    observe(.httpURL)
    if observed != nil {
      observed?.add(URLText.url(payload, request, host: host), at: .httpURL)
    }
    guard matchers.hasURLs else { return }
    var text: [UInt8] = []
    swap(&text, &url)
    URLText.writeCanonical(payload, request, host: host, to: &text)
    sight(url: text, at: .httpURL, matchers)
    swap(&text, &url)
  }

  private mutating func sight(url text: borrowing [UInt8], at place: Place, _ matchers: Matchers) {
    var kept: Range<Int>?
    matchers.values.forEachEntry(coveringURL: text.span) { entry, isExact in
      let feedSet = matchers.policy.feedSet(ofURL: entry, isExact: isExact)
      // Feed set 0 is empty: the entry means the URL alone.
      guard feedSet != 0 else { return }
      let range = kept ?? keep(text.span)
      kept = range
      sight(
        content: matchers.policy.valueBase + entry, feedSet: feedSet, at: place,
        specificity: Specificity.url(length: matchers.values.byteCount(of: entry)), name: range,
        matchers)
    }
  }
}
