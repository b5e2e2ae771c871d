public import WeirCrypto
public import WeirModel

/// Where customers are, and how large the block is that counts as one of them.
public struct CustomerNetworks: Sendable {
  /// A network of customers.
  public struct Network: Hashable, Sendable {
    /// Its addresses.
    public let prefix: IPPrefix
    /// The length of the prefix that is one customer's: the block that the privacy of a release is about.
    public let unitBits: UInt8

    /// A network; nil when the block would be wider than it, or longer than an address.
    public init?(_ prefix: IPPrefix, unitBits: Int) {
      guard unitBits >= Int(prefix.length), unitBits <= prefix.address.family.bits else {
        return nil
      }
      self.prefix = prefix
      self.unitBits = UInt8(unitBits)
    }
  }

  /// The networks.
  public let networks: [Network]

  /// Networks; nil when two overlap, since a block would then be counted twice.
  public init?(_ networks: [Network]) {
    for (index, network) in networks.enumerated() {
      for other in networks[..<index]
      where other.prefix.contains(network.prefix.address)
        || network.prefix.contains(other.prefix.address)
      {
        return nil
      }
    }
    self.networks = networks
  }

  /// The block of the customer who has an address; nil when nobody has.
  public func block(of address: IPAddress) -> CustomerBlock? {
    for network in networks where network.prefix.contains(address) {
      return CustomerBlock(IPPrefix(address, length: Int(network.unitBits)))
    }
    return nil
  }

  /// The customer's block of a packet: nil unless exactly one side is a customer.
  ///
  /// - Parameter destination: nil where a log does not name it.
  public func block(source: IPAddress, destination: IPAddress?) -> CustomerBlock? {
    let isSource = networks.contains { $0.prefix.contains(source) }
    guard let destination else { return isSource ? block(of: source) : nil }
    let isDestination = networks.contains { $0.prefix.contains(destination) }
    guard isSource != isDestination else { return nil }
    return block(of: isSource ? source : destination)
  }
}

/// A customer's block of addresses.
///
/// It cannot be copied, so it can be no field of anything that can be encoded, printed or kept; all that comes out of it is a tag
/// that means nothing without the key of its window.
public struct CustomerBlock: ~Copyable {
  private let prefix: IPPrefix

  fileprivate init(_ prefix: IPPrefix) { self.prefix = prefix }

  /// The name of the block within one window.
  public borrowing func tag(_ key: borrowing MessageKey) -> UnitTag {
    // Families and lengths are told apart by the third word; a window's key is used for nothing else.
    let kind = UInt64(prefix.length) | (prefix.address.family == .v6 ? 1 << 8 : 0)
    return UnitTag(key.code(prefix.address.high, prefix.address.low, kind))
  }
}

/// The name of a customer's block in one window: 128 bits that nobody without the window's key can tell from random ones.
public struct UnitTag: Hashable, Sendable, BitwiseCopyable {
  let high: UInt64
  let low: UInt64

  init(_ words: (UInt64, UInt64)) {
    // No tag is all zeros, which means an empty slot.
    (high, low) = words.0 == 0 && words.1 == 0 ? (1, 1) : words
  }

  init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }
}
