import WeirModel

/// One of the sets in Weir's table: what it is for and what is in it.
struct NftSet: Hashable {
  /// What its addresses are for.
  enum Role: String, CaseIterable {
    /// The operator's own: gateway, resolvers, who is logged in. Nothing blocks them.
    case own
    /// Allow entries.
    case allow
    /// Blocked on either side of a packet.
    case both
    /// Blocked as the source.
    case source
    /// Blocked as the destination.
    case destination

    /// Whether packets that match are let through.
    var passes: Bool { self == .own || self == .allow }
  }

  var role: Role
  var family: IPAddress.Family
  /// Whether it holds single addresses, which the kernel hashes, or ranges, which it searches.
  var holdsHosts: Bool

  /// All that there may be, in the order in which they are looked at.
  static let all: [NftSet] = Role.allCases.flatMap { role in
    [IPAddress.Family.v4, .v6].flatMap { family in
      [true, false].map { NftSet(role: role, family: family, holdsHosts: $0) }
    }
  }

  /// The name without its generation: `both4_hosts`.
  var stem: String { "\(role.rawValue)\(family.rawValue)_\(holdsHosts ? "hosts" : "ranges")" }

  /// The name in the kernel, where two generations stand side by side while one takes the other's place.
  func name(generation: Int) -> String { "\(stem)_\(generation)" }

  /// The generation in a name of a set; nil when it is none of Weir's.
  static func generation(ofName name: String) -> Int? {
    guard let separator = name.lastIndex(of: "_") else { return nil }
    let stem = name[..<separator]
    guard all.contains(where: { $0.stem == stem }) else { return nil }
    return Int(name[name.index(after: separator)...])
  }
}

/// An address as a key in the kernel: `UInt32` for IPv4, `UInt128` for IPv6.
protocol KernelAddress: FixedWidthInteger, UnsignedInteger, Sendable {
  static var family: IPAddress.Family { get }
  static var keyType: UInt32 { get }
  /// Where source and destination lie in the header, in bytes.
  static var sourceOffset: UInt32 { get }
  static var destinationOffset: UInt32 { get }
}

extension UInt32: KernelAddress {
  static var family: IPAddress.Family { .v4 }
  static var keyType: UInt32 { NftABI.KeyType.ipv4 }
  static var sourceOffset: UInt32 { 12 }
  static var destinationOffset: UInt32 { 16 }
}

extension UInt128: KernelAddress {
  static var family: IPAddress.Family { .v6 }
  static var keyType: UInt32 { NftABI.KeyType.ipv6 }
  static var sourceOffset: UInt32 { 8 }
  static var destinationOffset: UInt32 { 24 }
}

extension KernelAddress {
  /// How many bytes a key has.
  static var byteCount: UInt32 { UInt32(bitWidth / 8) }
}

extension BlockPlan.Family {
  /// What belongs into a set.
  subscript(set: NftSet) -> AddressRanges<Bound> {
    switch set.role {
    case .own: own.ranges(ofHosts: set.holdsHosts)
    case .allow: allowed.ranges(ofHosts: set.holdsHosts)
    case .both: both.ranges(ofHosts: set.holdsHosts)
    case .source: source.ranges(ofHosts: set.holdsHosts)
    case .destination: destination.ranges(ofHosts: set.holdsHosts)
    }
  }
}

extension BlockPlan {
  /// How many elements belong into a set.
  func count(of set: NftSet) -> Int { set.family == .v4 ? v4[set].count : v6[set].count }
}
