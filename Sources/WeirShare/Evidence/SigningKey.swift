import WeirCrypto

/// A producer's private key; cannot be copied, and says nothing of itself.
public struct SigningKey: ~Copyable {
  private let seed: [UInt8]
  /// The public half.
  public let publicKey: PublicKey

  /// The head of PKCS #8 (RFC 8410) before the 32 bytes of an Ed25519 key.
  private static let header: [UInt8] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
  ]
  private static let (begin, end) = (
    "-----BEGIN PRIVATE KEY-----\n", "\n-----END PRIVATE KEY-----\n"
  )

  /// A key of a seed; nil when it is not 32 bytes.
  public init?(seed: [UInt8]) {
    guard let bytes = Ed25519.publicKey(seed: seed), let key = PublicKey(bytes: bytes) else {
      return nil
    }
    self.seed = seed
    publicKey = key
  }

  /// Reads a PEM text of PKCS #8, as `openssl genpkey -algorithm ed25519` writes it; nil for anything else.
  public init?(pem: [UInt8]) {
    let text = String(decoding: pem, as: UTF8.self)
    guard text.hasPrefix(SigningKey.begin), text.hasSuffix(SigningKey.end),
      let bytes = Base64.decode(
        String(text.dropFirst(SigningKey.begin.count).dropLast(SigningKey.end.count)), .standard),
      bytes.starts(with: SigningKey.header)
    else { return nil }
    self.init(seed: Array(bytes.dropFirst(SigningKey.header.count)))
  }

  /// A new key.
  public static func make() throws(ShareError) -> SigningKey {
    var entropy = KernelEntropy()
    guard let seed = try? entropy.bytes(Ed25519.keyBytes), let key = SigningKey(seed: seed) else {
      throw .entropy
    }
    return key
  }

  /// Reads a key from its file, which is made with a new key when there is none.
  public static func readOrMake(_ path: String) throws(ShareError) -> SigningKey {
    if let pem = try DurableFile.read(path) {
      guard let key = SigningKey(pem: pem) else {
        throw .damaged("\(path): no private key of Ed25519 in PKCS #8")
      }
      return key
    }
    let key = try make()
    try DurableFile.replace(path, with: key.pem())
    return key
  }

  /// The PEM text.
  public func pem() -> [UInt8] {
    let body = Base64.encode(SigningKey.header + seed, .standard)
    return Array((SigningKey.begin + body + SigningKey.end).utf8)
  }

  /// The signature of a message: 64 bytes.
  func sign(_ message: [UInt8]) -> [UInt8] {
    guard let signature = Ed25519.sign(message, seed: seed) else {
      preconditionFailure("libcrypto took this seed before")
    }
    return signature
  }
}
