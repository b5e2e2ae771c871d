import WeirDecode
import WeirModel

/// What makes two packets part of one flow: the same ends and the same protocol, in either direction.
///
/// The hosts stand in it as their keyed 64-bit hash, so that a key has 13 bytes with IPv6 too: among a million
/// pairs of hosts, two are taken for one with a probability of 3 · 10⁻⁸.
public struct FlowKey: Equatable, Sendable, BitwiseCopyable {
  @usableFromInline var hosts: UInt64
  /// The port of the lower end; of one host with itself, the lower port.
  @usableFromInline var lowPort: UInt16
  @usableFromInline var highPort: UInt16
  @usableFromInline var transport: IPProtocol

  /// The key of the flow that a packet belongs to; `hosts` is `hostsHash` of it.
  ///
  /// A fragment behind the first has no ports; its key stands for the pair of hosts.
  @inlinable public init(_ observation: Observation, hosts: UInt64) {
    self.hosts = hosts
    let (source, destination) = (observation.sourcePort, observation.destinationPort)
    (lowPort, highPort) =
      FlowKey.isFromLow(observation) ? (source, destination) : (destination, source)
    transport = observation.transport
  }

  /// Whether the lower of a flow's two ends sent the packet.
  @inlinable static func isFromLow(_ observation: Observation) -> Bool {
    (observation.sourceHigh, observation.sourceLow, observation.sourcePort)
      <= (observation.destinationHigh, observation.destinationLow, observation.destinationPort)
  }

  /// A hash of the ends without ports, keyed: both directions, all fragments and all flows of two hosts agree.
  @inlinable public static func hostsHash(
    _ observation: Observation, seed: UInt64
  ) -> UInt64 {
    // Addition makes the two directions agree.
    let source = mix(observation.sourceHigh ^ seed, observation.sourceLow ^ 0x9e37_79b9_7f4a_7c15)
    let destination = mix(
      observation.destinationHigh ^ seed, observation.destinationLow ^ 0x9e37_79b9_7f4a_7c15)
    // The version keeps ::192.0.2.1 apart from 192.0.2.1.
    return mix(source &+ destination &+ UInt64(observation.version), seed ^ 0xd6e8_feb8_6659_fd93)
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
