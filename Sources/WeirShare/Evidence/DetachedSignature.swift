import WeirCrypto

/// `disclosure.jws`: a compact JWS whose payload lies elsewhere (RFC 7515, appendix F).
public enum DetachedSignature {
  private static func header(_ key: PublicKey) -> String {
    let json: CanonicalJSON = [
      "alg": "Ed25519", "kid": .string(key.identifier), "typ": "weir-disclosure+jws",
    ]
    return Base64.encode(json.bytes, .url)
  }

  /// The text for a payload, with a line feed.
  public static func make(_ payload: [UInt8], key: borrowing SigningKey) -> [UInt8] {
    let header = header(key.publicKey)
    let signature = key.sign(signed(header, payload))
    return Array("\(header)..\(Base64.encode(signature, .url))\n".utf8)
  }

  /// Whether the text is a signature of the payload by that key, in the one form that `make` writes.
  public static func verifies(_ text: [UInt8], payload: [UInt8], key: PublicKey) -> Bool {
    let header = header(key)
    let start = Array("\(header)..".utf8)
    guard text.starts(with: start), text.last == UInt8(ascii: "\n") else { return false }
    let rest = String(decoding: text.dropFirst(start.count).dropLast(), as: UTF8.self)
    guard let signature = Base64.decode(rest, .url) else { return false }
    return Ed25519.verifies(signature, of: signed(header, payload), publicKey: key.bytes)
  }

  private static func signed(_ header: String, _ payload: [UInt8]) -> [UInt8] {
    Array("\(header).\(Base64.encode(payload, .url))".utf8)
  }
}
