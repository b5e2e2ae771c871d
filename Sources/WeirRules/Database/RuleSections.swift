import WeirMatch

/// The sections of a rule set beside those of its sets.
///
/// Numbers are never used again for another meaning.
extension SectionTag {
  /// The feed set of each indicator.
  static var feedSets: SectionTag { SectionTag(0x1000) }
  /// The feed set of each domain of which a subdomain was seen, then that of each URL of which one below was seen.
  static var belowFeedSets: SectionTag { SectionTag(0x1001) }
  /// The first line of each indicator.
  static var firstLines: SectionTag { SectionTag(0x1002) }
  /// `FeedSetPolicy.packed` of each feed set.
  static var policies: SectionTag { SectionTag(0x1003) }
  /// The first indicator of each pattern, from the first of all, one more than patterns.
  static var patternStarts: SectionTag { SectionTag(0x1004) }
  /// The length of each pattern.
  static var patternLengths: SectionTag { SectionTag(0x1005) }
  /// How many indicators there are of each kind, by `IndicatorKind.rawValue`.
  static var kindCounts: SectionTag { SectionTag(0x1006) }
  /// The feeds, as `FeedRecord.encode` writes them.
  static var feeds: SectionTag { SectionTag(0x1007) }
  /// `Membership.packed` of each membership.
  static var memberships: SectionTag { SectionTag(0x1008) }
  /// Where the members of each feed set begin, one more than feed sets.
  static var memberStarts: SectionTag { SectionTag(0x1009) }
  /// The memberships of the feed sets.
  static var members: SectionTag { SectionTag(0x100a) }
  /// Where the name of each pattern indicator begins, one more than those.
  static var patternIDStarts: SectionTag { SectionTag(0x100b) }
  /// The names of the pattern indicators.
  static var patternIDs: SectionTag { SectionTag(0x100c) }
  /// Indicator, membership and line of each listing of the indicators that have several.
  static var listings: SectionTag { SectionTag(0x100d) }
}
