/// UUIDs that follow from a name (version 5 of RFC 9562).
public struct NamedUUID: Hashable, Sendable, CustomStringConvertible {
  private let bytes: [UInt8]

  /// The namespace for URLs (RFC 9562, section 6.6).
  public static let urls = NamedUUID(bytes: [
    0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8,
  ])

  private init(bytes: [UInt8]) { self.bytes = bytes }

  /// The UUID of a name below a namespace.
  public init(namespace: NamedUUID, name: String) {
    var digest = Array(SHA1.digest(namespace.bytes + Array(name.utf8)).prefix(16))
    digest[6] = digest[6] & 0x0f | 0x50
    digest[8] = digest[8] & 0x3f | 0x80
    bytes = digest
  }

  /// The usual text, in lower case.
  public var description: String {
    let text = Hexadecimal.encode(bytes)
    var result = ""
    for (index, character) in text.enumerated() {
      if [8, 12, 16, 20].contains(index) { result.append("-") }
      result.append(character)
    }
    return result
  }
}
