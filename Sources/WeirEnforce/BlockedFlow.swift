public import WeirModel

/// A connection that is blocked for a time: what a name or a pattern was seen in.
public struct BlockedFlow: Hashable, Sendable {
  /// The sender of the packet in which it was seen.
  public var source: IPAddress
  /// The receiver; of the same family.
  public var destination: IPAddress
  /// The number of the transport protocol: 6 for TCP, 17 for UDP.
  public var transport: UInt8
  /// The sender's port.
  public var sourcePort: UInt16
  /// The receiver's port.
  public var destinationPort: UInt16

  /// Makes a flow; nil when the families differ.
  public init?(
    source: IPAddress, destination: IPAddress, transport: UInt8, sourcePort: UInt16,
    destinationPort: UInt16
  ) {
    guard source.family == destination.family else { return nil }
    self.source = source
    self.destination = destination
    self.transport = transport
    self.sourcePort = sourcePort
    self.destinationPort = destinationPort
  }

  /// The other direction.
  var reversed: BlockedFlow {
    var other = self
    swap(&other.source, &other.destination)
    swap(&other.sourcePort, &other.destinationPort)
    return other
  }

  /// The key in the kernel: each part in network order, filled up to words of four bytes.
  var key: [UInt8] {
    Canary.bytes(of: source) + Canary.bytes(of: destination) + [transport, 0, 0, 0]
      + [UInt8(sourcePort >> 8), UInt8(sourcePort & 255), 0, 0]
      + [UInt8(destinationPort >> 8), UInt8(destinationPort & 255), 0, 0]
  }
}
