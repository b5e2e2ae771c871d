import WeirModel

/// What protects the Initial packets that a client sends (RFC 9001, section 5.2): derived from the identifier that
/// the first of them is addressed to, so that everybody on the way can read them.
public struct QUICInitialKeys: Sendable {
  /// The key of AES-128-GCM.
  public let key: InlineArray<16, UInt8>
  /// What the packet number is mixed into.
  public let iv: InlineArray<12, UInt8>
  /// The key of AES-128 for the header.
  public let headerProtection: InlineArray<16, UInt8>

  /// Derives the keys; O(1), some two microseconds.
  ///
  /// - Parameter destinationID: of the client's first Initial, or of the first one after a Retry.
  public init(_ version: QUICVersion, destinationID: Span<UInt8>) {
    var salt = HMACKey()
    let bytes = version.salt
    for index in 0..<20 { salt.append(bytes[index]) }
    var message = HMACMessage()
    for index in 0..<min(destinationID.count, 32) { message.append(destinationID[index]) }
    let initial = HMACKey(salt.authenticate(message))
    let client = HMACKey(initial.expand("client in", length: 32))
    let prefix = version.generation == .two ? "quicv2 " : "quic "
    let key = client.expand(prefix, "key", length: 16)
    let iv = client.expand(prefix, "iv", length: 12)
    let header = client.expand(prefix, "hp", length: 16)
    self.key = InlineArray { key[$0] }
    self.iv = InlineArray { iv[$0] }
    headerProtection = InlineArray { header[$0] }
  }
}

/// A short message in a fixed place.
struct HMACMessage {
  fileprivate var bytes = InlineArray<128, UInt8>(repeating: 0)
  fileprivate var count = 64

  /// Bytes beyond the 64th are dropped; no caller has as many.
  mutating func append(_ byte: UInt8) {
    guard count < 128 else { return }
    bytes[count] = byte
    count += 1
  }

  mutating func append(_ text: String) {
    for byte in text.utf8 { append(byte) }
  }
}

/// A key of HMAC with SHA-256 (RFC 2104), of at most 64 bytes.
struct HMACKey {
  private var bytes = InlineArray<64, UInt8>(repeating: 0)
  private var count = 0

  init() {}

  init(_ digest: InlineArray<32, UInt8>) {
    for index in 0..<32 { append(digest[index]) }
  }

  mutating func append(_ byte: UInt8) {
    guard count < 64 else { return }
    bytes[count] = byte
    count += 1
  }

  /// The code of a message.
  func authenticate(_ message: HMACMessage) -> InlineArray<32, UInt8> {
    var inner = message
    for index in 0..<64 { inner.bytes[index] = bytes[index] ^ 0x36 }
    let digest = Digests.sha256(inner.bytes.span.extracting(0..<inner.count))
    var outer = InlineArray<96, UInt8>(repeating: 0)
    for index in 0..<64 { outer[index] = bytes[index] ^ 0x5c }
    for index in 0..<32 { outer[64 + index] = digest[index] }
    return Digests.sha256(outer.span)
  }

  /// HKDF-Expand-Label without a context (RFC 8446, section 7.1), of at most one digest.
  ///
  /// - Returns: the digest, of which the first `length` bytes count.
  func expand(_ prefix: String, _ label: String = "", length: UInt8) -> InlineArray<32, UInt8> {
    var message = HMACMessage()
    message.append(0)
    message.append(length)
    message.append(UInt8(truncatingIfNeeded: 6 + prefix.utf8.count + label.utf8.count))
    message.append("tls13 ")
    message.append(prefix)
    message.append(label)
    message.append(0)
    // HKDF-Expand's number of the block (RFC 5869, section 2.3).
    message.append(1)
    return authenticate(message)
  }
}
