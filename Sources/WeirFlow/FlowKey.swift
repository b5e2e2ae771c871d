import WeirDecode
import WeirModel

/// What makes two packets part of one flow: the same ends and the same protocol, in either direction.
///
/// The lower end stands first, so that both directions have one key.
public struct FlowKey: Equatable, Sendable, BitwiseCopyable {
  var lowHigh: UInt64
  var lowLow: UInt64
  var highHigh: UInt64
  var highLow: UInt64
  var lowPort: UInt16
  var highPort: UInt16
  var transport: IPProtocol
  var version: UInt8

  /// The key of the flow that a packet belongs to.
  ///
  /// A fragment behind the first has no ports; its key stands for the pair of hosts.
  @inlinable public init(_ observation: Observation) {
    let source = (observation.sourceHigh, observation.sourceLow, observation.sourcePort)
    let destination =
      (observation.destinationHigh, observation.destinationLow, observation.destinationPort)
    let (low, high) = source <= destination ? (source, destination) : (destination, source)
    self.init(low, high, observation.transport, observation.version)
  }

  @usableFromInline init(
    _ low: (UInt64, UInt64, UInt16), _ high: (UInt64, UInt64, UInt16), _ transport: IPProtocol,
    _ version: UInt8
  ) {
    (lowHigh, lowLow, lowPort) = low
    (highHigh, highLow, highPort) = high
    self.transport = transport
    self.version = version
  }

  /// A hash of the ends without ports, keyed: both directions, all fragments and all flows of two hosts agree.
  @inlinable public static func hostsHash(
    _ observation: Observation, seed: UInt64
  ) -> UInt64 {
    // Addition makes the two directions agree.
    let source = mix(observation.sourceHigh ^ seed, observation.sourceLow ^ 0x9e37_79b9_7f4a_7c15)
    let destination = mix(
      observation.destinationHigh ^ seed, observation.destinationLow ^ 0x9e37_79b9_7f4a_7c15)
    return mix(source &+ destination, seed ^ 0xd6e8_feb8_6659_fd93)
  }

  /// A hash of the whole key on top of the hash of its hosts.
  @inlinable public static func hash(
    _ observation: Observation, hosts: UInt64
  ) -> UInt64 {
    // Ports are added crosswise for the same reason; which end has which port is left to the comparison.
    let ports = UInt64(observation.sourcePort) &+ UInt64(observation.destinationPort)
    let product = UInt64(observation.sourcePort) &* UInt64(observation.destinationPort)
    return mix(
      hosts ^ (ports << 40 | product << 8 | UInt64(observation.transport.rawValue)),
      0xa076_1d64_78bd_642f)
  }

  /// The two halves of a 128-bit product, folded: every input bit reaches every output bit.
  @inlinable static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
  }
}
