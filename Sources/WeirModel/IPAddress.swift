/// An IPv4 or IPv6 address as a plain value.
///
/// An IPv4 address lies in the lower 32 bits of `low`; `high` is then zero. An IPv4-mapped IPv6 address
/// (`::ffff:192.0.2.1`) stays IPv6: the two are different headers on the wire.
public struct IPAddress: Hashable, Sendable, BitwiseCopyable {
  /// The address family; the raw value is the version field of the IP header.
  public enum Family: UInt8, Sendable, BitwiseCopyable {
    case v4 = 4
    case v6 = 6

    /// The address length in bits: 32 or 128.
    @inlinable public var bits: Int { self == .v4 ? 32 : 128 }
  }

  /// The upper 64 bits of an IPv6 address, in host order; zero for IPv4.
  public let high: UInt64
  /// The lower 64 bits of an IPv6 address, or the 32 bits of an IPv4 address, in host order.
  public let low: UInt64
  /// The address family.
  public let family: Family

  /// Makes an IPv4 address from its 32 bits in host order.
  @inlinable public init(v4 bits: UInt32) {
    high = 0
    low = UInt64(bits)
    family = .v4
  }

  /// Makes an IPv6 address from its two halves in host order.
  @inlinable public init(v6High high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
    family = .v6
  }

  /// The 32 bits of an IPv4 address in host order; the lowest 32 bits of an IPv6 address.
  @inlinable public var v4Bits: UInt32 { UInt32(truncatingIfNeeded: low) }

  /// The address with all but the first `length` bits cleared.
  ///
  /// - Parameter length: 0 to `family.bits`.
  @inlinable public func masked(to length: Int) -> IPAddress {
    switch family {
    case .v4: IPAddress(v4: v4Bits & IPAddress.mask32(length))
    case .v6:
      IPAddress(
        v6High: high & IPAddress.mask64(length), low: low & IPAddress.mask64(length - 64))
    }
  }

  /// The address with all but the first `length` bits set: the last address of that prefix.
  @inlinable public func filled(from length: Int) -> IPAddress {
    switch family {
    case .v4: IPAddress(v4: v4Bits | ~IPAddress.mask32(length))
    case .v6:
      IPAddress(
        v6High: high | ~IPAddress.mask64(length), low: low | ~IPAddress.mask64(length - 64))
    }
  }

  /// The address after this one, or nil after the last one of the family.
  public var successor: IPAddress? {
    switch family {
    case .v4: return v4Bits == .max ? nil : IPAddress(v4: v4Bits + 1)
    case .v6:
      if low != .max { return IPAddress(v6High: high, low: low + 1) }
      return high == .max ? nil : IPAddress(v6High: high + 1, low: 0)
    }
  }

  /// A mask of the first `length` of 32 bits; any length is clamped to 0...32.
  @inlinable static func mask32(_ length: Int) -> UInt32 {
    length <= 0 ? 0 : length >= 32 ? .max : ~(UInt32.max >> UInt32(length))
  }

  /// A mask of the first `length` of 64 bits; any length is clamped to 0...64.
  @inlinable static func mask64(_ length: Int) -> UInt64 {
    length <= 0 ? 0 : length >= 64 ? .max : ~(UInt64.max >> UInt64(length))
  }
}

extension IPAddress: Comparable {
  /// IPv4 before IPv6, then numerically.
  @inlinable public static func < (left: IPAddress, right: IPAddress) -> Bool {
    if left.family != right.family { return left.family.rawValue < right.family.rawValue }
    return left.high != right.high ? left.high < right.high : left.low < right.low
  }
}
