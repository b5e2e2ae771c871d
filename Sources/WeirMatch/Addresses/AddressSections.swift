/// The sections of address sets. Numbers are never used again for another meaning.
enum AddressSections {
  static let numbering = SectionTag(0x0100)
  static let v4Hosts = SectionTag(0x0101)
  static let v6HostHighs = SectionTag(0x0102)
  static let v6HostLows = SectionTag(0x0103)
  static let v4Firsts = SectionTag(0x0110)
  static let v4Lasts = SectionTag(0x0111)
  static let v4Parents = SectionTag(0x0112)
  static let v4Entries = SectionTag(0x0113)
  static let v6Firsts = SectionTag(0x0120)
  static let v6Lasts = SectionTag(0x0121)
  static let v6Parents = SectionTag(0x0122)
  static let v6Entries = SectionTag(0x0123)
  static let blockEnds = SectionTag(0x0130)
}
