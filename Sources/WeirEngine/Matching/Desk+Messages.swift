import WeirDecode
import WeirMatch
import WeirModel
import WeirTally

/// Station 4: the protocols that are read in streams, one function each; `StreamStep` says what they return.
extension Desk {
  /// The message that begins with the first byte, if there is one.
  ///
  /// - Parameter isNamed: whether an earlier call with fewer bytes of the message already gave its name.
  mutating func readMessage(
    _ bytes: Span<UInt8>, port: UInt16, isNamed: Bool, _ matchers: Matchers,
    _ name: inout NameBuffer
  ) -> StreamStep {
    if port == 53 { return readDNS(bytes, matchers, &name) }
    if ClientHello.begins(bytes) { return readHello(bytes, isNamed: isNamed, matchers, &name) }
    if ServerCertificate.begins(bytes) { return readCertificate(bytes, matchers) }
    // Between the hellos of a connection stands a record that says nothing (RFC 8446, appendix D.4).
    if StreamOpening.isCipherChange(bytes) { return .consumed(6, body: 0, nil) }
    if HTTPRequest.begins(bytes) { return readRequest(bytes, isNamed: isNamed, matchers, &name) }
    if bytes.count < 16, StreamOpening.mayBeHello(bytes) || StreamOpening.mayBeRequest(bytes) {
      return .needsMore(bytes: bytes[0] == 22 ? 6 : 16, isSure: false, isNamed: false)
    }
    return .giveUp(nil)
  }

  /// DNS over TCP: two bytes of length, then a message (RFC 1035, section 4.2.2).
  private mutating func readDNS(
    _ bytes: Span<UInt8>, _ matchers: Matchers, _ name: inout NameBuffer
  ) -> StreamStep {
    guard bytes.count >= 2 else { return .needsMore(bytes: 2, isSure: false, isNamed: false) }
    let length = Int(bytes.bigEndian16(at: 0))
    guard bytes.count >= 2 + length else {
      // Only zone transfers are as long as that.
      if length > 8192 { return .consumed(2, body: length, .handshakeIncomplete) }
      return .needsMore(bytes: 2 + length, isSure: true, isNamed: false)
    }
    let problem = matchMessage(bytes.extracting(2..<2 + length), matchers, &name)
    return .consumed(2 + length, body: 0, problem)
  }

  /// A TLS ClientHello; its name is looked up as soon as it is there, its fingerprints when all of it is.
  private mutating func readHello(
    _ bytes: Span<UInt8>, isNamed: Bool, _ matchers: Matchers, _ name: inout NameBuffer
  ) -> StreamStep {
    var problem: Unjudged?
    do throws(DecodeError) {
      let hello = try ClientHello(parsing: bytes, &name)
      if hello.hasECH {
        problem = .ech
      } else if name.count == 0, !hello.isComplete {
        problem = .handshakeIncomplete
      }
      if hello.isComplete { try matchFingerprints(ofRecords: bytes, matchers) }
    } catch {
      if name.count > 0, !isNamed { matchName(name, .tlsSNI, matchers) }
      return .giveUp(error.reason)
    }
    if name.count > 0, !isNamed { matchName(name, .tlsSNI, matchers) }
    let extent = StreamOpening.helloExtent(bytes)
    if extent.isWhole { return .consumed(min(extent.end, bytes.count), body: 0, problem) }
    return .needsMore(bytes: extent.end, isSure: true, isNamed: isNamed || name.count > 0)
  }

  /// An HTTP/1 request; its host is looked up as soon as it is there.
  private mutating func readRequest(
    _ bytes: Span<UInt8>, isNamed: Bool, _ matchers: Matchers, _ name: inout NameBuffer
  ) -> StreamStep {
    // A method without a request line is text of another protocol.
    guard let request = try? HTTPRequest(parsing: bytes, at: 0) else { return .giveUp(nil) }
    let hasHost = !isNamed && name.set(text: bytes.extracting(request.host))
    if hasHost {
      matchName(name, .httpHost, matchers)
      matchURL(bytes, request, host: name, matchers)
    }
    if request.passesLimits { return .giveUp(.contentMalformed) }
    guard request.isComplete else {
      return .needsMore(bytes: 0, isSure: true, isNamed: isNamed || hasHost)
    }
    return .consumed(request.end, body: request.contentLength, nil)
  }
}
