/// The sections in which an image keeps a pattern set.
enum PatternSections {
  static let version: UInt32 = 1
  /// `version, count, longest, 0`.
  static let head = SectionTag(0x5000)
  /// Where each pattern's bytes begin, one more than patterns; the top bit says that it ignores case.
  static let starts = SectionTag(0x5001)
  /// The bytes of all patterns, in order of their numbers.
  static let bytes = SectionTag(0x5002)

  /// The first tag of the automaton for patterns that ignore case, or for those that do not.
  static func automaton(ignoresCase: Bool) -> UInt32 { ignoresCase ? 0x5020 : 0x5010 }

  /// The first tag of a tier of the prefilter.
  static func tier(_ index: Int) -> UInt32 { 0x5100 + 16 * UInt32(index) }
  static let tiersMax = 4
  /// The tier that knows how patterns begin.
  static let prefixTier = tiersMax

  static let ignoresCaseBit: UInt32 = 0x8000_0000
}

/// The sections of one automaton, as offsets from its first tag.
enum PatternAutomatonSections {
  static let labels: UInt32 = 0
  static let words: UInt32 = 1
  static let branches: UInt32 = 2
  static let root: UInt32 = 3
  static let outputBits: UInt32 = 4
  static let outputRanks: UInt32 = 5
  static let outputs: UInt32 = 6
  static let classes: UInt32 = 7
  static let dense: UInt32 = 8
}

/// The sections of one tier of the prefilter, as offsets from its first tag.
enum PatternTierSections {
  /// `gram length, window length, stride, whether keys are folded`.
  static let head: UInt32 = 0
  static let grams: UInt32 = 1
  static let windows: UInt32 = 2
  static let buckets: UInt32 = 3
  static let entries: UInt32 = 4
}

/// How a node is written in one 32-bit word: its kind, whether something ends there, and a payload.
enum PatternNode {
  /// No children; the payload is the failure link.
  static let leaf: UInt32 = 0
  /// One child, which is the next node; the payload is the failure link.
  static let unary: UInt32 = 1
  /// Several children; the payload is the place of a branch record.
  static let branch: UInt32 = 2
  static let kindShift: UInt32 = 30
  /// Set when a pattern ends here, or at the end of the failure chain.
  static let outputBit: UInt32 = 1 << 29
  static let payloadMask: UInt32 = (1 << 29) - 1
  static let nodesMax = 1 << 29
}

/// A branch record: `failure link, count`, then how children are found, then one target per child.
///
/// Up to eight children: eight label bytes. More: a bitmap of 256 bits and, for each of its eight words, the
/// number of children in the words before.
enum PatternBranch {
  static let narrowMax = 8
  static let narrowTargets = 4
  static let wideTargets = 12
}
