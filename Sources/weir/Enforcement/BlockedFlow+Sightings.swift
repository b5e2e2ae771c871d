import WeirDecode
import WeirEnforce
import WeirEngine
import WeirGate
import WeirModel
import WeirRules

extension BlockedFlow {
  /// The connections of a batch that are to be blocked for what they carried.
  ///
  /// Addresses are blocked by themselves. DNS over UDP is left out: a resolver asks everything from a few ports, and
  /// would be cut off for one question. So is what goes in tunnels, which the kernel sees from outside.
  static func all(
    _ sightings: Sightings, _ arena: Span<UInt8>, _ slots: Span<Slot>
  ) -> [BlockedFlow] {
    var flows: [BlockedFlow] = []
    var last: UInt64 = 0
    sightings.forEach { sighting, _ in
      guard sighting.packet != last, sighting.ruling.verdict == .block,
        sighting.place.isContentOfFlow
      else { return }
      last = sighting.packet
      let slot = slots[sighting.slot]
      let frame = arena.extracting(slot.offset..<slot.offset + Int(slot.capturedLength))
      let outer = FrameDecoder.decode(frame, wireLength: Int(slot.wireLength), link: slot.link)
      var inner = outer
      TunnelDecoder.enterAll(frame, wireLength: Int(slot.wireLength), &inner)
      guard inner.depth == 0, outer.payloadStart > 0, !outer.isUnicastDNS,
        outer.transport == .tcp || outer.transport == .udp,
        let flow = BlockedFlow(
          source: outer.source, destination: outer.destination,
          transport: outer.transport == .tcp ? 6 : 17, sourcePort: outer.sourcePort,
          destinationPort: outer.destinationPort)
      else { return }
      flows.append(flow)
    }
    return flows
  }
}

extension Place {
  /// Whether it is inside of what a connection carries.
  fileprivate var isContentOfFlow: Bool {
    switch self {
    case .tlsSNI, .quicSNI, .tlsCertificate, .tlsJA3, .tlsJA4, .httpHost, .httpURL, .payload,
      .dnsQuery, .dnsAnswer:
      true
    default: false
    }
  }
}
