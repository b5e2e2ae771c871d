import WeirDecode
import WeirMatch
import WeirModel
import WeirRules
import WeirTally

/// Station 4: messages in a stream.
extension Desk {
  /// DNS over TCP; responses repeat the question and are not read.
  mutating func matchQuestionsOfStream(
    _ segment: Span<UInt8>, _ matchers: Matchers, _ name: inout NameBuffer
  ) -> Unjudged? {
    do throws(DecodeError) {
      try DNSStream.forEachQuestion(in: segment, &name) { question in
        matchName(question, .dnsQuery, matchers)
      }
    } catch {
      return error.reason
    }
    return nil
  }

  mutating func matchClientHello(
    _ payload: Span<UInt8>, _ matchers: Matchers, _ name: inout NameBuffer
  ) -> Unjudged? {
    var problem: Unjudged?
    do throws(DecodeError) {
      let hello = try ClientHello(parsing: payload, &name)
      if name.count == 0, !hello.isComplete {
        problem = .handshakeIncomplete
      } else if hello.hasECH {
        problem = .ech
      }
    } catch {
      problem = error.reason
    }
    if name.count > 0 { matchName(name, .tlsSNI, matchers) }
    return problem
  }

  mutating func matchRequests(
    _ payload: Span<UInt8>, _ matchers: Matchers, _ name: inout NameBuffer
  ) -> Unjudged? {
    // Each request moves `start` on by its head at least, so that all of them take O(payload).
    var start = 0
    while start < payload.count {
      guard HTTPRequest.begins(payload.extracting(start..<payload.count)),
        // A method without a request line is text of another protocol.
        let request = try? HTTPRequest(parsing: payload, at: start)
      else { return nil }
      if name.set(text: payload.extracting(request.host)) {
        matchName(name, .httpHost, matchers)
        matchURL(payload, request, host: name, matchers)
      }
      if request.passesLimits { return .contentMalformed }
      guard request.isComplete else { return request.host.isEmpty ? .handshakeIncomplete : nil }
      start = request.end + request.contentLength
    }
    return nil
  }
}
