import WeirDecode
import WeirMatch
import WeirModel
import WeirTally

/// Station 4: TLS handshakes.
extension Desk {
  /// The fingerprints of a whole ClientHello whose first record begins at the first byte.
  mutating func matchFingerprints(ofRecords payload: Span<UInt8>) throws(DecodeError) {
    try ClientHello.withMessage(payload) { message in matchFingerprints(message, over: .tcp) }
  }

  /// The fingerprints of a whole ClientHello message.
  mutating func matchFingerprints(
    _ message: Span<UInt8>, over transport: TLSFingerprint.Transport
  ) {
    guard let fingerprint = TLSFingerprint(message, over: transport) else { return }
    observe(.tlsJA3)
    observe(.tlsJA4)
    guard observed != nil else { return }
    observed?.add(fingerprint.ja3.indices.map { fingerprint.ja3[$0] }, at: .tlsJA3)
    observed?.add(fingerprint.ja4.indices.map { fingerprint.ja4[$0] }, at: .tlsJA4)
  }
}
