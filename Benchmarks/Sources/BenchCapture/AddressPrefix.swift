/// An IPv4 or IPv6 prefix; a single address is a prefix of full length.
public struct AddressPrefix: Hashable, Sendable {
  /// The two families.
  public enum Family: Sendable {
    case ipv4
    case ipv6

    /// The length of an address in bits.
    public var bits: Int { self == .ipv4 ? 32 : 128 }
  }

  /// The family that ``first`` is of.
  public let family: Family
  /// The first address covered; IPv4 in the low 32 bits.
  public let first: UInt128
  /// How many leading bits count.
  public let length: Int

  /// The prefix of `length` bits that `address` is in; `length` must be within the family's bits.
  public init(family: Family, address: UInt128, length: Int) {
    precondition((0...family.bits).contains(length))
    self.family = family
    self.length = length
    first = address & ~AddressPrefix.hostMask(family, length)
  }

  /// The last address covered.
  public var last: UInt128 { first | AddressPrefix.hostMask(family, length) }

  private static func hostMask(_ family: Family, _ length: Int) -> UInt128 {
    let hostBits = family.bits - length
    return hostBits == 128 ? UInt128.max : (1 << UInt128(hostBits)) - 1
  }
}

extension AddressPrefix: CustomStringConvertible {
  /// The usual text: RFC 5952 for IPv6, and no length after a single address.
  public var description: String {
    let address =
      family == .ipv4
      ? AddressText.ipv4(UInt32(truncatingIfNeeded: first)) : AddressText.ipv6(first)
    return length == family.bits ? address : "\(address)/\(length)"
  }
}
