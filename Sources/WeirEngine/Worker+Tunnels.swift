import WeirDecode
import WeirGate
import WeirModel
import WeirTally

/// Station 4 for packets in packets: the addresses of every level.
///
/// What such a packet carries, and the flow that it belongs to, are those of the innermost one.
extension Worker {
  /// Counts and matches the addresses of the outermost packet and of those within.
  @inline(never)
  mutating func matchTunnel(
    _ arena: Span<UInt8>, _ slot: Slot, _ packet: borrowing DecodedPacket
  ) {
    let frame = arena.extracting(slot.offset..<slot.offset + Int(slot.capturedLength))
    let wireLength = Int(slot.wireLength)
    var level = FrameDecoder.decode(frame, wireLength: wireLength, link: slot.link)
    if level.version == 4 { desk.tally.ipv4 += 1 } else { desk.tally.ipv6 += 1 }
    if settings.tunnels != .inner {
      desk.observe(.ipSource)
      desk.observe(.ipDestination)
      desk.matchHosts(level, matchers, .ipSource, .ipDestination)
    }
    for _ in 0..<packet.observation.depth {
      guard TunnelDecoder.enter(frame, wireLength: wireLength, &level) else { break }
      desk.observe(.ipSourceInner)
      desk.observe(.ipDestinationInner)
      desk.matchHosts(level, matchers, .ipSourceInner, .ipDestinationInner)
    }
    desk.matchPorts(packet.observation, matchers)
  }
}
