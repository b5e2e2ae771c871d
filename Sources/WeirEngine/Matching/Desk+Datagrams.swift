import WeirDecode
import WeirMatch
import WeirModel
import WeirRules
import WeirTally

/// Station 4: DNS messages, as datagrams carry them.
extension Desk {
  /// The questions of a query, or the answers of a response, which repeats the question.
  ///
  /// - Returns: why the message could not be judged in full, if it could not.
  mutating func matchMessage(
    _ message: Span<UInt8>, _ matchers: Matchers, _ name: inout NameBuffer
  ) -> Unjudged? {
    do throws(DecodeError) {
      if DNSMessage.isQuery(message) {
        try DNSMessage.forEachQuestion(in: message, &name) { question in
          matchName(question, .dnsQuery, matchers)
        }
      } else {
        try DNSMessage.forEachAnswer(in: message, &name) { answer, target in
          switch answer {
          case .name: matchName(target, .dnsAnswer, matchers)
          case .address(let address): matchAnswer(address, matchers)
          }
        }
      }
    } catch {
      return error.reason
    }
    return nil
  }

  /// An address that a response answers with.
  private mutating func matchAnswer(_ address: IPAddress, _ matchers: Matchers) {
    observe(.dnsAnswer)
    observed?.add(address, at: .dnsAnswer)
    let mayBeListed =
      address.family == .v4
      ? matchers.presence.mayContain(address.v4Bits)
      : matchers.addresses.mayContain(v6High: address.high, low: address.low)
    guard mayBeListed else { return }
    var kept: Range<Int>?
    matchers.addresses.forEachEntry(covering: address) { entry in
      let range = kept ?? keep(address)
      kept = range
      sight(answer: entry, name: range, matchers)
    }
  }
}
