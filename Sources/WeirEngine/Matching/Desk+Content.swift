import WeirDecode
import WeirMatch
import WeirModel
import WeirRules
import WeirTally

/// Station 4: what the transport carries: names in messages, bytes anywhere.
extension Desk {
  /// What the transport carries: names in messages, bytes anywhere.
  ///
  /// - Returns: why the content could not be judged in full, if it could not.
  mutating func matchContent(
    _ payload: Span<UInt8>, _ observation: borrowing Observation, _ matchers: Matchers,
    _ name: inout NameBuffer
  ) -> Unjudged? {
    var problem: Unjudged?
    if observation.isUnicastDNS {
      problem = matchQuestions(payload, matchers, &name)
    } else if observation.transport == .tcp {
      if observation.destinationPort == 53 {
        problem = matchQuestionsOfStream(payload, matchers, &name)
      } else if ClientHello.begins(payload) {
        problem = matchClientHello(payload, matchers, &name)
      } else if HTTPRequest.begins(payload) {
        problem = matchRequests(payload, matchers, &name)
      }
    }
    if !matchers.patterns.isEmpty { matchPatterns(payload, matchers) }
    return problem
  }

  @inline(never)
  mutating func matchPatterns(_ payload: Span<UInt8>, _ matchers: Matchers) {
    observe(.payload)
    matchers.patterns.scan(payload) { number, _ in
      let length = matchers.policy.length(ofPattern: number)
      for indicator in matchers.policy.indicators(ofPattern: number) {
        sight(
          content: indicator, feedSet: matchers.policy.feedSet(of: indicator), at: .payload,
          specificity: Specificity.pattern(length: length), name: 0..<0, matchers)
      }
    }
  }
}

extension Observation {
  /// Whether the packet is DNS over UDP by its port.
  ///
  /// Multicast DNS and LLMNR have ports of their own.
  var isUnicastDNS: Bool {
    transport == .udp && (destinationPort == 53 || sourcePort == 53)
  }
}
