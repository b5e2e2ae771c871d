/// The sections of a value set.
///
/// Numbers are never used again for another meaning.
enum ValueSections {
  /// The seed of the hash, then the first entry of each kind by `IndicatorKind.rawValue`, then their number.
  static let head = SectionTag(0x0300)
  static let filter = SectionTag(0x0301)
  static let slots = SectionTag(0x0302)
  /// Where the bytes of each entry begin, one more than entries.
  static let starts = SectionTag(0x0303)
  static let bytes = SectionTag(0x0304)
}
