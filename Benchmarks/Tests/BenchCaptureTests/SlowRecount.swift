@testable import BenchCapture

/// The truth about a capture, counted from its bytes by brute force: each address against each
/// entry, each name against each entry, each pattern at each offset.
struct SlowRecount {
  private var truth = Truth()
  private var streams: [String: [UInt8]] = [:]
  private var wholeInTCP: [String: Int] = [:]
  private let lists: IndicatorLists

  static func truth(_ packets: [SlowPacket], _ lists: IndicatorLists) -> Truth {
    var recount = SlowRecount(lists: lists)
    for packet in packets { recount.count(packet) }
    recount.countStreams()
    return recount.truth
  }

  private init(lists: IndicatorLists) {
    self.lists = lists
  }

  private mutating func count(_ packet: SlowPacket) {
    truth.packets += 1
    truth.bytes += UInt64(packet.length)
    if packet.isIPv6 { truth.totals.ipv6 += 1 } else { truth.totals.ipv4 += 1 }
    truth.totals.vlan += packet.tags > 0 ? 1 : 0
    truth.totals.qinq += packet.tags > 1 ? 1 : 0
    switch packet.transport {
    case 6: truth.totals.tcp += 1
    case 17: truth.totals.udp += 1
    default: truth.totals.icmp += 1
    }
    let hasAddress = countAddresses(packet)
    let hasName = countNames(packet)
    let hasPattern = packet.transport == 6 || packet.transport == 17 ? countPatterns(packet) : false
    truth.union.ip += hasAddress ? 1 : 0
    truth.union.domain += hasName ? 1 : 0
    truth.union.pattern += hasPattern ? 1 : 0
    truth.union.any += hasAddress || hasName || hasPattern ? 1 : 0
  }

  private mutating func countAddresses(_ packet: SlowPacket) -> Bool {
    var isHit = false
    let family: AddressPrefix.Family = packet.isIPv6 ? .ipv6 : .ipv4
    let source = packet.source.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
    let destination = packet.destination.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
    for entry in Set(lists.prefixes) where entry.family == family {
      let isSource = entry.first <= source && source <= entry.last
      let isDestination = entry.first <= destination && destination <= entry.last
      guard isSource || isDestination else { continue }
      isHit = true
      truth.ip["\(entry)", default: .init()].packets += 1
      truth.ip["\(entry)", default: .init()].src += isSource ? 1 : 0
      truth.ip["\(entry)", default: .init()].dst += isDestination ? 1 : 0
    }
    return isHit
  }

  private mutating func countNames(_ packet: SlowPacket) -> Bool {
    let payload = packet.payload
    if packet.transport == 17, packet.sourcePort == 53 { truth.totals.dnsResponse += 1 }
    if packet.transport == 17, packet.destinationPort == 53 {
      truth.totals.dnsQuery += 1
      return countName(dnsName(payload), \.dnsQuery)
    }
    if packet.transport == 6, packet.destinationPort == 80, payload.starts(with: "GET ".utf8) {
      truth.totals.httpRequest += 1
      let lines = String(decoding: payload, as: UTF8.self).split(separator: "\r\n")
      let host = lines.first { $0.hasPrefix("Host: ") }.map { String($0.dropFirst(6)) }
      return countName(host ?? "", \.httpHost)
    }
    if packet.transport == 6, payload.count > 5, payload[0] == 22, payload[5] == 1 {
      truth.totals.tlsClientHello += 1
      return countName(serverName(payload), \.tlsSNI)
    }
    return false
  }

  private mutating func countName(
    _ name: String, _ place: WritableKeyPath<Truth.DomainCounts, UInt64>
  ) -> Bool {
    var isHit = false
    for entry in Set(lists.domains) where name == entry || name.hasSuffix("." + entry) {
      truth.domain[entry, default: .init()][keyPath: place] += 1
      isHit = true
    }
    return isHit
  }

  private func dnsName(_ message: [UInt8]) -> String {
    var labels: [String] = []
    var at = 12
    while message[at] > 0 {
      labels.append(String(decoding: message[(at + 1)...(at + Int(message[at]))], as: UTF8.self))
      at += 1 + Int(message[at])
    }
    return labels.joined(separator: ".")
  }

  private func serverName(_ hello: [UInt8]) -> String {
    var at = 43 + 1 + Int(hello[43])
    at += 2 + SlowParser.big(hello, at, 2)
    at += 1 + Int(hello[at]) + 2
    while at + 4 <= hello.count {
      let length = SlowParser.big(hello, at + 2, 2)
      if SlowParser.big(hello, at, 2) == 0 {
        return String(decoding: hello[(at + 9)..<(at + 4 + length)], as: UTF8.self)
      }
      at += 4 + length
    }
    return ""
  }

  // MARK: Patterns

  private mutating func countPatterns(_ packet: SlowPacket) -> Bool {
    var isHit = false
    for pattern in lists.patterns {
      let occurrences = SlowRecount.occurrences(of: pattern, in: packet.payload)
      guard occurrences > 0 else { continue }
      isHit = true
      truth.pattern[pattern.identifier, default: .init()].packets += 1
      truth.pattern[pattern.identifier, default: .init()].occurrences += UInt64(occurrences)
      if packet.transport == 6 { wholeInTCP[pattern.identifier, default: 0] += occurrences }
    }
    if packet.transport == 6 {
      // Sequence numbers are drawn per session, so the key is one direction of one connection.
      let ends = "\(packet.source) \(packet.sourcePort) \(packet.destination) "
      let key = ends + "\(packet.destinationPort)"
      if packet.isOpening { closeStream(key) }
      streams[key, default: []] += packet.payload
    }
    return isHit
  }

  private mutating func closeStream(_ key: String) {
    if let old = streams.removeValue(forKey: key) { streams[key + " \(streams.count)"] = old }
  }

  /// All that the streams hold, less what was whole in a packet of TCP, lies across packets.
  private mutating func countStreams() {
    for pattern in lists.patterns {
      var inStreams = 0
      for stream in streams.values { inStreams += SlowRecount.occurrences(of: pattern, in: stream) }
      let whole = wholeInTCP[pattern.identifier] ?? 0
      if inStreams > whole {
        truth.pattern[pattern.identifier, default: .init()].streamOnly = UInt64(inStreams - whole)
      }
    }
  }

  static func occurrences(of pattern: BytePattern, in bytes: [UInt8]) -> Int {
    guard bytes.count >= pattern.bytes.count else { return 0 }
    return (0...(bytes.count - pattern.bytes.count)).filter { start in
      // The first byte decides nearly always; without this the test takes minutes.
      guard same(bytes[start], pattern.bytes[0], pattern.ignoresCase) else { return false }
      return pattern.bytes.indices.allSatisfy {
        same(bytes[start + $0], pattern.bytes[$0], pattern.ignoresCase)
      }
    }.count
  }

  private static func same(_ left: UInt8, _ right: UInt8, _ ignoresCase: Bool) -> Bool {
    if left == right { return true }
    let isLetter = (65...90).contains(left & 0xDF)
    return ignoresCase && isLetter && left & 0xDF == right & 0xDF
  }
}
