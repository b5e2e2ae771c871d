import WeirDecode
import WeirMatch
import WeirModel
import WeirRules
import WeirTally

/// Station 4: fingerprints and certificates of TLS handshakes.
extension Desk {
  /// The fingerprints of a whole ClientHello whose first record begins at the first byte.
  mutating func matchFingerprints(
    ofRecords payload: Span<UInt8>, _ matchers: Matchers
  ) throws(DecodeError) {
    try ClientHello.withMessage(payload) { message in
      matchFingerprints(message, over: .tcp, matchers)
    }
  }

  /// The fingerprints of a whole ClientHello message.
  mutating func matchFingerprints(
    _ message: Span<UInt8>, over transport: TLSFingerprint.Transport, _ matchers: Matchers
  ) {
    guard let fingerprint = TLSFingerprint(message, over: transport) else { return }
    let (ja3, ja4, digest) = (fingerprint.ja3, fingerprint.ja4, fingerprint.ja3Digest)
    observe(.tlsJA3)
    observe(.tlsJA4)
    if observed != nil {
      observed?.add(ja3.indices.map { ja3[$0] }, at: .tlsJA3)
      observed?.add(ja4.indices.map { ja4[$0] }, at: .tlsJA4)
    }
    guard matchers.hasDigests else { return }
    match(digest.span, .ja3, at: .tlsJA3, text: ja3.span, matchers)
    match(ja4.span, .ja4, at: .tlsJA4, text: ja4.span, matchers)
  }

  /// A value against those of a kind; `text` is what events show of it.
  mutating func match(
    _ value: Span<UInt8>, _ kind: IndicatorKind, at place: Place, text: Span<UInt8>,
    _ matchers: Matchers
  ) {
    guard let entry = matchers.values.entry(of: kind, value) else { return }
    let indicator = matchers.policy.valueBase + entry
    sight(
      content: indicator, feedSet: matchers.policy.feedSet(of: indicator), at: place,
      specificity: Specificity.digest, name: keep(text), matchers)
  }

  /// The server's first messages, and the certificate among them.
  mutating func readCertificate(_ bytes: Span<UInt8>, _ matchers: Matchers) -> StreamStep {
    let step = ServerCertificate.read(bytes) { certificate in
      let (sha1, sha256) = (Digests.sha1(certificate), Digests.sha256(certificate))
      matchCertificate(sha1.span, matchers)
      matchCertificate(sha256.span, matchers)
    }
    switch step {
    case .needsMore(let needed): return .needsMore(bytes: needed, isSure: true, isNamed: false)
    case .finished(let end): return .consumed(end, body: 0, nil)
    }
  }

  private mutating func matchCertificate(_ digest: Span<UInt8>, _ matchers: Matchers) {
    observe(.tlsCertificate)
    guard observed != nil || matchers.hasDigests else { return }
    var text: [UInt8] = []
    for index in 0..<digest.count {
      for digit in [digest[index] >> 4, digest[index] & 15] {
        text.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
      }
    }
    observed?.add(text, at: .tlsCertificate)
    match(digest, .cert, at: .tlsCertificate, text: text.span, matchers)
  }
}
