import WeirCrypto

/// A producer's public key, as a JWK (RFC 7517, RFC 8037).
public struct PublicKey: Hashable, Sendable {
  /// The 32 bytes.
  public let bytes: [UInt8]

  /// A key of 32 bytes; nil for any other length.
  public init?(bytes: [UInt8]) {
    guard bytes.count == Ed25519.keyBytes else { return nil }
    self.bytes = bytes
  }

  /// Reads `key.jwk`; nil for anything but its canonical text with a line feed.
  public init?(jwk text: [UInt8]) {
    guard text.last == UInt8(ascii: "\n"),
      let json = try? CanonicalJSON(canonical: Array(text.dropLast())),
      let key = json["x"]?.string.flatMap({ Base64.decode($0, .url) }).flatMap(
        PublicKey.init(bytes:)),
      key.jwk == text
    else { return nil }
    self = key
  }

  /// The JWK's text with a line feed.
  public var jwk: [UInt8] { required.bytes + [UInt8(ascii: "\n")] }

  /// The text of the key in a JWK.
  public var x: String { Base64.encode(bytes, .url) }

  /// The thumbprint (RFC 7638).
  public var identifier: String { Base64.encode(SHA256.digest(required.bytes), .url) }

  /// The members that the thumbprint is over, in its order, which is the canonical one.
  private var required: CanonicalJSON { ["crv": "Ed25519", "kty": "OKP", "x": .string(x)] }

  /// The producer whose first key this is.
  public var producer: String {
    NamedUUID(namespace: Namespace.weir, name: identifier).description
  }
}

/// The names below which Weir's identifiers lie; never to be changed once something was published.
public enum Namespace {
  /// For UUIDs of version 5.
  public static let weir = NamedUUID(
    namespace: .urls, name: "https://weir.example/ns/stix/v1")

  /// The origin of a producer's ledger.
  public static func origin(producer: String) -> String { "weir.example/ledger/\(producer)" }
}
