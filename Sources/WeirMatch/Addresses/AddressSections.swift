/// The sections of address sets.
///
/// Numbers are never used again for another meaning.
enum AddressSections {
  /// How many hosts and blocks there are: IPv4 hosts, IPv6 hosts, blocks.
  static let counts = SectionTag(0x0100)
  static let v4 = BlockSections(base: 0x0110)
  static let v4Presence = SectionTag(0x0101)
  static let v4HostStarts = SectionTag(0x0102)
  static let v4HostRests = SectionTag(0x0103)
  static let v4Hosts = SectionTag(0x0104)
  static let v4BlockStarts = SectionTag(0x0105)
  static let v4Firsts = SectionTag(0x0106)
  static let v4Lasts = SectionTag(0x0107)
  static let v6 = BlockSections(base: 0x0118)
  static let v6Wide = SectionTag(0x0120)
  static let v6Anchors = SectionTag(0x0121)
  static let v6HostHighs = SectionTag(0x0122)
  static let v6HostLows = SectionTag(0x0123)
  static let v6HostTree = SectionTag(0x0124)
  static let v6BlockHighs = SectionTag(0x0125)
  static let v6BlockLows = SectionTag(0x0126)
  static let v6BlockLengths = SectionTag(0x0127)
  static let v6BlockTree = SectionTag(0x0128)
}

/// The sections that say whose the pieces of one family are and how they nest.
struct BlockSections {
  let base: UInt32
  var parents: SectionTag { SectionTag(base) }
  var entries: SectionTag { SectionTag(base + 1) }
  var owned: SectionTag { SectionTag(base + 2) }
}
