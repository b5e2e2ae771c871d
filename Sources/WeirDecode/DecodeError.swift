import WeirModel

/// What was wrong with a frame, and where: malformed frames are data, so this is a small plain value.
public struct DecodeError: Error, Hashable, Sendable, BitwiseCopyable {
  /// The protocol whose header or message could not be read.
  public enum Layer: UInt8, Sendable, BitwiseCopyable {
    case link, vlan, ipv4, ipv6, extensionHeader, tcp, udp, icmp, dns, tls, http, quic
  }

  /// The protocol that could not be read.
  public var layer: Layer
  /// Why it could not.
  public var reason: Unjudged
  /// Where that header or message begins, in bytes from the start of what was decoded.
  public var offset: UInt32

  /// Makes an error.
  @inlinable public init(_ layer: Layer, _ reason: Unjudged, at offset: Int) {
    self.layer = layer
    self.reason = reason
    self.offset = UInt32(truncatingIfNeeded: offset)
  }
}
