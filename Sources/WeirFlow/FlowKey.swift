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
  @inlinable public static func isFromLow(_ observation: Observation) -> Bool {
    (observation.sourceHigh, observation.sourceLow, observation.sourcePort)
      <= (observation.destinationHigh, observation.destinationLow, observation.destinationPort)
  }

  /// A hash of the ends without ports, keyed: both directions, all fragments and all flows of two hosts agree.
  @inlinable public static func hostsHash(
    _ observation: Observation, seed: UInt64
  ) -> UInt64 {
    let key = seed &* 0x9e37_79b9_7f4a_7c15
    // Addition makes the two directions agree. It needs ends that are hashed without any linear rest: otherwise
    // pairs of equal sums, such as a scan makes of neighbors, would be one.
    let source = endHash(observation.sourceHigh, observation.sourceLow, key)
    let destination = endHash(observation.destinationHigh, observation.destinationLow, key)
    // The version keeps ::192.0.2.1 apart from 192.0.2.1.
    return mix(source &+ destination &+ UInt64(observation.version), key ^ 0xd6e8_feb8_6659_fd93)
  }

  @inlinable static func endHash(_ high: UInt64, _ low: UInt64, _ key: UInt64) -> UInt64 {
    mix(low &+ key, (low ^ high) &* 0xff51_afd7_ed55_8ccd ^ key.byteSwapped)
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
