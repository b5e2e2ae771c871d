/// The sections of a domain set.
///
/// Numbers are never used again for another meaning.
enum DomainSections {
  /// The number of names, the seed of the hash, and which numbers of labels occur.
  static let head = SectionTag(0x0200)
  static let filter = SectionTag(0x0201)
  static let slots = SectionTag(0x0202)
  static let blockStarts = SectionTag(0x0203)
  static let text = SectionTag(0x0204)
  static let symbols = SectionTag(0x0205)
}
