import WeirDecode
import WeirEngine
import WeirGate
import WeirModel
import WeirRules

/// Writes sightings as JSON lines with the field names of Suricata's EVE, so that existing dashboards read them.
public struct EventWriter {
  private let rules: RuleSet
  private let entersTunnels: Bool
  var text = JSONText()

  /// Makes a writer for the sightings of a rule set.
  ///
  /// - Parameter entersTunnels: whether packets are those in tunnels, where there are any.
  public init(rules: RuleSet, entersTunnels: Bool = true) {
    self.rules = rules
    self.entersTunnels = entersTunnels
  }

  /// The lines of a batch, one for each sighting.
  public mutating func lines(
    for sightings: Sightings, _ arena: Span<UInt8>, _ slots: Span<Slot>
  ) -> [UInt8] {
    text.clear()
    sightings.forEach { sighting, name in
      let slot = slots[sighting.slot]
      let frame = arena.extracting(slot.offset..<slot.offset + Int(slot.capturedLength))
      let outer = FrameDecoder.decode(frame, wireLength: Int(slot.wireLength), link: slot.link)
      var inner = outer
      if entersTunnels {
        TunnelDecoder.enterAll(frame, wireLength: Int(slot.wireLength), &inner)
      }
      append(sighting, name, slot, inner, outer)
    }
    return text.bytes
  }

  private mutating func append(
    _ sighting: Sighting, _ name: ArraySlice<UInt8>, _ slot: Slot, _ observation: Observation,
    _ outer: Observation
  ) {
    text.beginObject()
    appendPacket(sighting, slot, observation)
    if observation.depth > 0 { appendTunnel(outer, depth: observation.depth) }
    appendName(sighting.place, name)
    appendAlert(sighting)
    appendWeir(sighting)
    text.endObject()
    text.endLine()
  }

  private mutating func appendPacket(
    _ sighting: Sighting, _ slot: Slot, _ observation: Observation
  ) {
    var time: [UInt8] = []
    slot.timestamp.appendText(to: &time)
    time.append(contentsOf: "+0000".utf8)
    text.add("timestamp", bytes: time)
    text.add("flow_id", sighting.flowID)
    text.add("pcap_cnt", sighting.packet)
    text.add("event_type", "alert")
    if observation.vlan.count > 0 {
      let tags = [observation.vlan.outer, observation.vlan.inner]
      text.add("vlan", numbers: Array(tags.prefix(Int(observation.vlan.count))))
    }
    text.add("src_ip", observation.source.description)
    if observation.payloadStart > 0 { text.add("src_port", observation.sourcePort) }
    text.add("dest_ip", observation.destination.description)
    if observation.payloadStart > 0 { text.add("dest_port", observation.destinationPort) }
    text.add("proto", observation.transport.eveName)
    if let community = CommunityID.make(observation) { text.add("community_id", community) }
    if let direction = sighting.place.eveDirection { text.add("direction", direction) }
  }

  /// The outermost packet, when the one told of lies in it.
  private mutating func appendTunnel(_ outer: Observation, depth: UInt8) {
    text.beginObject("tunnel")
    text.add("src_ip", outer.source.description)
    text.add("dest_ip", outer.destination.description)
    text.add("proto", outer.transport.eveName)
    text.add("depth", depth)
    text.endObject()
  }

  mutating func appendName(_ place: Place, _ name: ArraySlice<UInt8>) {
    let printable = Array(name)
    let value = NameText.printable(printable.span)
    switch place {
    case .dnsQuery:
      text.add("app_proto", "dns")
      text.beginObject("dns")
      text.add("type", "query")
      text.add("rrname", bytes: value)
      text.endObject()
    case .dnsAnswer:
      text.add("app_proto", "dns")
      text.beginObject("dns")
      text.add("type", "answer")
      text.add("rdata", bytes: value)
      text.endObject()
    case .tlsSNI:
      text.add("app_proto", "tls")
      text.beginObject("tls")
      text.add("sni", bytes: value)
      text.endObject()
    case .tlsJA3:
      text.add("app_proto", "tls")
      text.beginObject("tls")
      text.beginObject("ja3")
      text.add("hash", bytes: value)
      text.endObject()
      text.endObject()
    case .tlsJA4:
      text.add("app_proto", "tls")
      text.beginObject("tls")
      text.add("ja4", bytes: value)
      text.endObject()
    case .tlsCertificate:
      text.add("app_proto", "tls")
      text.beginObject("tls")
      text.add("fingerprint", bytes: value)
      text.endObject()
    case .quicSNI:
      text.add("app_proto", "quic")
      text.beginObject("quic")
      text.add("sni", bytes: value)
      text.endObject()
    case .httpHost:
      text.add("app_proto", "http")
      text.beginObject("http")
      text.add("hostname", bytes: value)
      text.endObject()
    default: break
    }
  }

  mutating func appendAlert(_ sighting: Sighting) {
    let policy = rules.policy[sighting.feedSet]
    let feed = rules.feeds[Int(policy.feed)]
    let value = rules.value(of: sighting.indicator)
    text.beginObject("alert")
    // EVE knows these two only; what would have been blocked is in `weir.verdict`.
    text.add("action", sighting.ruling.verdict == .block ? "blocked" : "allowed")
    text.add(
      "signature", "weir \(feed.name): \(value.kind.name) \(value.text) in \(sighting.place.name)")
    text.add("category", feed.category)
    text.add("severity", policy.confidence >= 75 ? 1 : policy.confidence >= 50 ? 2 : 3)
    text.endObject()
  }

  mutating func appendWeir(_ sighting: Sighting) {
    let policy = rules.policy[sighting.feedSet]
    let value = rules.value(of: sighting.indicator)
    text.beginObject("weir")
    text.add("where", sighting.place.name)
    text.add("indicator", value.text)
    text.add("kind", value.kind.name)
    text.add("feed", rules.feeds[Int(policy.feed)].name)
    text.add("feeds", rules.feedNames(of: sighting.feedSet))
    text.add("category", rules.feeds[Int(policy.feed)].category)
    text.add("confidence", policy.confidence)
    text.add("verdict", sighting.ruling.verdict.name)
    if sighting.ruling.verdict != .pass || sighting.ruling.isSuppressed {
      text.add("decided_by", rules.value(of: sighting.ruling.indicator).text)
    }
    text.add("generation", rules.generation)
    text.endObject()
  }
}

extension Place {
  /// EVE's direction, for what only clients or only servers say.
  fileprivate var eveDirection: String? {
    switch self {
    case .dnsQuery, .tlsSNI, .quicSNI, .tlsJA3, .tlsJA4, .httpHost, .httpURL: "to_server"
    case .dnsAnswer, .tlsCertificate: "to_client"
    default: nil
    }
  }
}

extension IPProtocol {
  /// The name that EVE gives a protocol; its number when it has none.
  var eveName: String {
    switch self {
    case .tcp: "TCP"
    case .udp: "UDP"
    case .icmp: "ICMP"
    case .icmpv6: "IPv6-ICMP"
    default: "\(rawValue)"
    }
  }
}
