import WeirDecode
import WeirMatch
import WeirModel
import WeirRules
import WeirTally

/// Station 4: names against the domain set.
extension Desk {
  /// A name against the domain set: itself and every parent on a label boundary.
  mutating func matchName(
    _ name: borrowing NameBuffer, _ place: Place, _ matchers: Matchers
  ) {
    observe(place)
    name.withText { text in
      if observed != nil { observed?.add(NameText.printable(text), at: place) }
      guard !matchers.domains.isEmpty else { return }
      var kept: Range<Int>?
      matchers.domains.forEachEntry(covering: text) { entry, isExact in
        let indicator = matchers.policy.domainBase + entry
        let feedSet =
          isExact
          ? matchers.policy.feedSet(of: indicator)
          : matchers.policy.subdomainFeedSet(of: indicator)
        // Feed set 0 is empty: the entry means the name alone.
        guard feedSet != 0 else { return }
        let range = kept ?? keep(text)
        kept = range
        sight(
          content: indicator, feedSet: feedSet, at: place,
          specificity: Specificity.domain(length: matchers.domains.length(of: entry)),
          name: range, matchers)
      }
    }
  }
}
