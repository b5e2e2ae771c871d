/// Counts what is written, by host, name and pattern; the entries are worked out at the end.
struct TruthCounter {
  private var truth = Truth()
  private var addresses: [AddressPrefix.Family: [Truth.AddressCounts]]
  private var names: [Truth.DomainCounts]
  private var patterns: [Truth.PatternCounts]

  init(tables: HostTables, listedNames: Int, patterns: Int) {
    addresses = [
      .ipv4: [Truth.AddressCounts](repeating: .init(), count: tables.ipv4.listedCount),
      .ipv6: [Truth.AddressCounts](repeating: .init(), count: tables.ipv6.listedCount),
    ]
    names = [Truth.DomainCounts](repeating: .init(), count: listedNames)
    self.patterns = [Truth.PatternCounts](repeating: .init(), count: patterns)
  }

  /// The hosts and the payload of one frame, as far as they can be listed.
  struct Frame {
    let header: PacketHeader
    let length: Int
    /// Positions among the family's listed hosts, or negative.
    let source: Int
    let destination: Int
    let payload: Payload?
  }

  mutating func count(_ frame: Frame, events: ArraySlice<PatternEvent>) {
    truth.packets += 1
    truth.bytes += UInt64(frame.length)
    countProtocols(frame.header)
    let hasAddress = countAddresses(frame)
    let hasName = frame.payload.map { countName($0) } ?? false
    var hasPattern = false
    for event in events {
      patterns[event.pattern].packets += event.whole > 0 ? 1 : 0
      patterns[event.pattern].occurrences += UInt64(event.whole)
      patterns[event.pattern].streamOnly += UInt64(event.across)
      if event.whole > 0 { hasPattern = true }
    }
    truth.union.ip += hasAddress ? 1 : 0
    truth.union.domain += hasName ? 1 : 0
    truth.union.pattern += hasPattern ? 1 : 0
    truth.union.any += hasAddress || hasName || hasPattern ? 1 : 0
    truth.union.anyInStreams += hasAddress || hasName || !events.isEmpty ? 1 : 0
  }

  private mutating func countProtocols(_ header: PacketHeader) {
    switch header.segment {
    case .tcp: truth.totals.tcp += 1
    case .udp: truth.totals.udp += 1
    case .echo: truth.totals.icmp += 1
    }
    if header.family == .ipv4 { truth.totals.ipv4 += 1 } else { truth.totals.ipv6 += 1 }
    if header.vlan != 0 {
      truth.totals.vlan += 1
      if header.isDoubleTagged { truth.totals.qinq += 1 }
    }
  }

  private mutating func countAddresses(_ frame: Frame) -> Bool {
    let family = frame.header.family
    if frame.source >= 0 { addresses[family]?[frame.source].src += 1 }
    if frame.destination >= 0 { addresses[family]?[frame.destination].dst += 1 }
    return frame.source >= 0 || frame.destination >= 0
  }

  private mutating func countName(_ payload: Payload) -> Bool {
    let listed = Int(payload.listedName)
    switch payload.role {
    case .plain: return false
    case .dnsResponse:
      truth.totals.dnsResponse += 1
      return false
    case .dnsQuery:
      truth.totals.dnsQuery += 1
      if listed >= 0 { names[listed].dnsQuery += 1 }
    case .httpRequest:
      truth.totals.httpRequest += 1
      if listed >= 0 { names[listed].httpHost += 1 }
    case .clientHello:
      truth.totals.tlsClientHello += 1
      if listed >= 0 { names[listed].tlsSNI += 1 }
    }
    return listed >= 0
  }

  /// The truth about everything counted.
  func result(
    tables: HostTables, index: CoverageIndex, listedNames: [String], domains: DomainEntries,
    patterns listed: [BytePattern]
  ) -> Truth {
    var truth = truth
    for family: AddressPrefix.Family in [.ipv4, .ipv6] {
      for (position, counts) in (addresses[family] ?? []).enumerated() {
        // A session has at most one listed side, so no packet has one on both.
        guard counts.src + counts.dst > 0 else { continue }
        for entry in tables[family].covering[position] {
          let key = index.entries[entry].description
          truth.ip[key, default: .init()].src += counts.src
          truth.ip[key, default: .init()].dst += counts.dst
          truth.ip[key, default: .init()].packets += counts.src + counts.dst
        }
      }
    }
    for (name, counts) in zip(listedNames, names) where counts != .init() {
      for entry in domains.covering(name) {
        let key = domains.names[entry]
        truth.domain[key, default: .init()].dnsQuery += counts.dnsQuery
        truth.domain[key, default: .init()].tlsSNI += counts.tlsSNI
        truth.domain[key, default: .init()].httpHost += counts.httpHost
      }
    }
    for (pattern, counts) in zip(listed, patterns) where counts != .init() {
      truth.pattern[pattern.identifier] = counts
    }
    return truth
  }
}
