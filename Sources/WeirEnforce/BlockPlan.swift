public import WeirModel

/// What shall stand in the kernel: addresses that are blocked, and addresses that never are.
public struct BlockPlan: Equatable, Sendable {
  /// On which side of a packet an address is blocked.
  public enum Side: String, CaseIterable, Sendable { case both, source, destination }

  /// The part of one family.
  public struct Family<Bound: FixedWidthInteger & UnsignedInteger & Sendable>: Equatable, Sendable {
    /// The operator's own addresses, whose packets pass whatever lists them; see `OwnSources`.
    public var own = AddressRanges<Bound>()
    /// Allow entries, whose packets pass whatever else lists them.
    public var allowed = AddressRanges<Bound>()
    /// Addresses blocked on either side.
    public var both = AddressRanges<Bound>()
    /// Addresses blocked as the source only.
    public var source = AddressRanges<Bound>()
    /// Addresses blocked as the destination only.
    public var destination = AddressRanges<Bound>()

    /// Nothing.
    public init() {}

    /// What is blocked on a side.
    public subscript(side: Side) -> AddressRanges<Bound> {
      switch side {
      case .both: both
      case .source: source
      case .destination: destination
      }
    }

    /// How many ranges are blocked.
    public var blockCount: Int { both.count + source.count + destination.count }
  }

  /// IPv4.
  public var v4 = Family<UInt32>()
  /// IPv6.
  public var v6 = Family<UInt128>()

  /// Nothing.
  public init() {}

  /// How many ranges are blocked, of both families.
  public var blockCount: Int { v4.blockCount + v6.blockCount }
}

extension BlockPlan {
  /// Collects ranges in any order into a plan.
  public struct Builder {
    private typealias List<Bound> = [(first: Bound, last: Bound)]
    private var own4: List<UInt32> = []
    private var own6: List<UInt128> = []
    private var allowed4: List<UInt32> = []
    private var allowed6: List<UInt128> = []
    private var blocked4: [Side: List<UInt32>] = [:]
    private var blocked6: [Side: List<UInt128>] = [:]

    /// Begins with nothing.
    public init() {}

    /// Adds an address of the operator's own.
    public mutating func protect(_ address: IPAddress) {
      switch address.family {
      case .v4: own4.append((address.v4Bits, address.v4Bits))
      case .v6: own6.append((address.v6Bits, address.v6Bits))
      }
    }

    /// Adds addresses of an allow entry.
    public mutating func allow(_ range: IPRange) {
      switch range.first.family {
      case .v4: allowed4.append((range.first.v4Bits, range.last.v4Bits))
      case .v6: allowed6.append((range.first.v6Bits, range.last.v6Bits))
      }
    }

    /// Adds addresses to be blocked.
    public mutating func block(_ range: IPRange, on side: Side) {
      switch range.first.family {
      case .v4: blocked4[side, default: []].append((range.first.v4Bits, range.last.v4Bits))
      case .v6: blocked6[side, default: []].append((range.first.v6Bits, range.last.v6Bits))
      }
    }

    /// The plan.
    ///
    /// - Complexity: O(n log n).
    public consuming func plan() -> BlockPlan {
      var plan = BlockPlan()
      plan.v4.own = AddressRanges(own4)
      plan.v6.own = AddressRanges(own6)
      plan.v4.allowed = AddressRanges(allowed4)
      plan.v4.both = AddressRanges(blocked4[.both] ?? [])
      plan.v4.source = AddressRanges(blocked4[.source] ?? [])
      plan.v4.destination = AddressRanges(blocked4[.destination] ?? [])
      plan.v6.allowed = AddressRanges(allowed6)
      plan.v6.both = AddressRanges(blocked6[.both] ?? [])
      plan.v6.source = AddressRanges(blocked6[.source] ?? [])
      plan.v6.destination = AddressRanges(blocked6[.destination] ?? [])
      return plan
    }
  }
}

extension IPAddress {
  /// The 128 bits of an IPv6 address in host order.
  var v6Bits: UInt128 { UInt128(high) << 64 | UInt128(low) }
}
