import WeirDecode
import WeirMatch
import WeirModel
import WeirRules
import WeirTally

/// Station 4: what the transport carries: names in messages, bytes anywhere.
extension Desk {
  /// What a packet carries that is not read as part of a stream.
  ///
  /// - Returns: why the content could not be judged in full, if it could not.
  mutating func matchContent(
    _ payload: Span<UInt8>, _ observation: borrowing Observation, _ matchers: Matchers,
    _ name: inout NameBuffer
  ) -> Unjudged? {
    var problem: Unjudged?
    if observation.isUnicastDNS {
      problem = matchMessage(payload, matchers, &name)
    } else if observation.transport == .tcp {
      problem = matchAlone(payload, port: observation.port, matchers, &name)
    } else if observation.transport == .udp {
      if QUICPacket.begins(payload) {
        problem = matchQUIC(payload, observation, matchers, &name)
      } else if DNSMessage.isPlainQuery(payload), !observation.isLocalNaming {
        problem = matchMessage(payload, matchers, &name)
      }
    }
    if !matchers.patterns.isEmpty { matchPatterns(payload, matchers) }
    return problem
  }

  @inline(never)
  mutating func matchPatterns(_ payload: Span<UInt8>, _ matchers: Matchers) {
    observe(.payload)
    matchers.patterns.scan(payload) { number, _ in sight(pattern: number, matchers) }
  }

  /// The patterns that end in bytes of a stream.
  ///
  /// - Parameter memo: what is remembered of the stream.
  @inline(never)
  mutating func matchPatterns(
    _ bytes: Span<UInt8>, resuming memo: inout UInt64, _ matchers: Matchers
  ) {
    observe(.payload)
    var state = PatternStreamState(bits: memo)
    matchers.patterns.scan(bytes, resuming: &state) { number, _ in
      sight(pattern: number, matchers)
    }
    memo = state.bits
  }

  private mutating func sight(pattern number: UInt32, _ matchers: Matchers) {
    let length = matchers.policy.length(ofPattern: number)
    for indicator in matchers.policy.indicators(ofPattern: number) {
      sight(
        content: indicator, feedSet: matchers.policy.feedSet(of: indicator), at: .payload,
        specificity: Specificity.pattern(length: length), name: 0..<0, matchers)
    }
  }
}

extension Observation {
  /// Whether the packet is DNS over UDP by its port.
  ///
  /// Multicast DNS and LLMNR have ports of their own.
  public var isUnicastDNS: Bool {
    transport == .udp && hasDNSPort
  }

  /// Whether the packet asks the local network for a name: multicast DNS, LLMNR, NetBIOS.
  var isLocalNaming: Bool {
    [137, 5353, 5355].contains(destinationPort) || [137, 5353, 5355].contains(sourcePort)
  }

  /// The port that tells the protocol: that of DNS for both directions, else that of the receiver.
  var port: UInt16 { hasDNSPort ? 53 : destinationPort }

  private var hasDNSPort: Bool { destinationPort == 53 || sourcePort == 53 }
}
