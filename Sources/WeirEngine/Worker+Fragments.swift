import WeirDecode
import WeirFlow
import WeirGate
import WeirModel
import WeirTally

/// Station 3 for fragments: a datagram is judged as a whole with the fragment that completes it.
///
/// Each fragment is judged by its addresses at once. Those of datagrams that never become whole are counted as such;
/// tunnels that were fragmented on their way are not entered.
extension Worker {
  @inline(never)
  mutating func judgeFragment(
    _ arena: Span<UInt8>, _ slot: Slot, _ packet: borrowing DecodedPacket,
    _ name: inout NameBuffer
  ) -> Verdict {
    let frame = arena.extracting(slot.offset..<slot.offset + Int(slot.capturedLength))
    guard let header = FragmentHeader(frame, packet.observation) else {
      count(unjudged: .fragment)
      return settle(slot, packet, nil)
    }
    let isV6 = packet.observation.version == 6
    let place = fragments.add(
      header, hosts: packet.hosts, isV6: isV6, frame.extracting(header.payload),
      at: slot.timestamp)
    guard let place else { return settle(slot, packet, nil) }
    var datagram: [UInt8] = []
    swap(&datagram, &self.datagram)
    fragments.take(place, to: &datagram)
    Worker.writeHeader(of: packet.observation, transport: header.transport, to: &datagram)
    let verdict = judge(datagram: datagram, slot, packet, &name)
    swap(&datagram, &self.datagram)
    return verdict
  }

  private mutating func judge(
    datagram: borrowing [UInt8], _ slot: Slot, _ fragment: borrowing DecodedPacket,
    _ name: inout NameBuffer
  ) -> Verdict {
    var whole = DecodedPacket()
    FrameDecoder.decode(
      datagram.span, wireLength: datagram.count, link: .ipv6, into: &whole.observation)
    // The header that was written is one of IPv6 for both; the addresses are those of the fragments.
    whole.observation.version = fragment.observation.version
    whole.observation.vlan = fragment.observation.vlan
    whole.observation.depth = fragment.observation.depth
    (whole.hosts, whole.hash) = (fragment.hosts, 0)
    whole.hash = FlowKey.hash(whole.observation, hosts: whole.hosts)
    let visit = visit(whole, at: slot.timestamp)
    count(unjudged: matchPayload(datagram.span, whole, visit, &name))
    return settle(slot, whole, visit)
  }

  /// Writes a header of IPv6 in front of a datagram, which has room for it.
  ///
  /// It serves to read what is behind it. An IPv4 address lies in the lower half, where observations keep it.
  private static func writeHeader(
    of observation: borrowing Observation, transport: UInt8, to datagram: inout [UInt8]
  ) {
    let length = datagram.count - FragmentTable.headerBytes
    datagram[0] = 0x60
    datagram[4] = UInt8(length >> 8)
    datagram[5] = UInt8(length & 255)
    datagram[6] = transport
    let words = [
      observation.sourceHigh, observation.sourceLow, observation.destinationHigh,
      observation.destinationLow,
    ]
    for (index, word) in words.enumerated() {
      for byte in 0..<8 {
        datagram[8 + 8 * index + byte] = UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * byte))
      }
    }
  }
}
