import WeirDecode
import WeirMatch
import WeirModel
import WeirRules
import WeirTally

/// Station 4: messages that fill a datagram.
extension Desk {
  mutating func matchQuestions(
    _ message: Span<UInt8>, _ matchers: Matchers, _ name: inout NameBuffer
  ) -> Unjudged? {
    guard DNSMessage.isQuery(message) else { return message.count < 12 ? .contentMalformed : nil }
    do throws(DecodeError) {
      try DNSMessage.forEachQuestion(in: message, &name) { question in
        matchName(question, .dnsQuery, matchers)
      }
    } catch {
      return error.reason
    }
    return nil
  }
}
