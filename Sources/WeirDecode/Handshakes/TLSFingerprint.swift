import WeirModel

/// The fingerprints of a TLS client, from its ClientHello: which program it may be, whatever name it asks for.
public struct TLSFingerprint: Sendable {
  /// What carries the handshake; the first letter of JA4.
  public enum Transport: UInt8, Sendable {
    case tcp = 0x74
    case quic = 0x71
  }

  /// JA3: the MD5 of version, ciphers, extensions, groups and point formats as decimal numbers, in 32
  /// hexadecimal digits.
  public let ja3: InlineArray<32, UInt8>
  /// The 16 bytes that JA3 writes in hexadecimal digits.
  public let ja3Digest: InlineArray<16, UInt8>
  /// JA4 as FoxIO defines it, 36 bytes of ASCII, such as `t13d1516h2_8daaf6152771_e5627efa2ab1`.
  public let ja4: InlineArray<36, UInt8>

  /// Makes the fingerprints of a whole handshake message.
  ///
  /// - Returns: nil when the message breaks the rules or has lists of more than 256 numbers.
  /// - Complexity: O(message + 256²) at worst; some microseconds for hellos of real programs.
  public init?(_ message: Span<UInt8>, over transport: Transport) {
    guard let shape = HelloShape(message) else { return nil }
    ja3Digest = TLSFingerprint.ja3Digest(shape)
    ja3 = TLSFingerprint.digits(of: ja3Digest)
    ja4 = TLSFingerprint.ja4(shape, message, transport)
  }

  private static func ja3Digest(_ shape: HelloShape) -> InlineArray<16, UInt8> {
    var text = DigestText()
    text.append(decimal: shape.version)
    text.append(decimals: shape.ciphers)
    text.append(decimals: shape.extensions)
    text.append(decimals: shape.groups)
    text.append(decimals: shape.pointFormats)
    return text.withText { Digests.md5($0) }
  }

  private static func digits(of digest: InlineArray<16, UInt8>) -> InlineArray<32, UInt8> {
    var result = InlineArray<32, UInt8>(repeating: 0)
    for index in 0..<16 {
      result[2 * index] = hexadecimal(digest[index] >> 4)
      result[2 * index + 1] = hexadecimal(digest[index])
    }
    return result
  }

  private static func ja4(
    _ shape: HelloShape, _ message: Span<UInt8>, _ transport: Transport
  ) -> InlineArray<36, UInt8> {
    var result = InlineArray<36, UInt8>(repeating: UInt8(ascii: "_"))
    result[0] = transport.rawValue
    (result[1], result[2]) = versionLetters(
      shape.highestVersion != 0 ? shape.highestVersion : shape.version)
    result[3] = shape.hasServerName ? UInt8(ascii: "d") : UInt8(ascii: "i")
    (result[4], result[5]) = twoDigits(shape.ciphers.count)
    (result[6], result[7]) = twoDigits(shape.extensions.count)
    (result[8], result[9]) = protocolLetters(message, shape.firstProtocol)
    var text = DigestText()
    text.append(hexadecimals: shape.ciphers.sorted())
    text.writeTruncatedDigest(to: &result, at: 11)
    text.clear()
    var others = HelloShape.Numbers()
    let extensions = shape.extensions.sorted()
    // The server's name and the protocols differ from connection to connection.
    for index in 0..<extensions.count
    where extensions.values[index] != 0 && extensions.values[index] != 16 {
      _ = others.append(extensions.values[index])
    }
    text.append(hexadecimals: others)
    if others.count > 0, shape.signatureAlgorithms.count > 0 {
      text.append(UInt8(ascii: "_"))
      text.append(hexadecimals: shape.signatureAlgorithms)
    }
    text.writeTruncatedDigest(to: &result, at: 24)
    return result
  }

  private static func versionLetters(_ version: UInt16) -> (UInt8, UInt8) {
    switch version {
    case 0x0304: (UInt8(ascii: "1"), UInt8(ascii: "3"))
    case 0x0303: (UInt8(ascii: "1"), UInt8(ascii: "2"))
    case 0x0302: (UInt8(ascii: "1"), UInt8(ascii: "1"))
    case 0x0301: (UInt8(ascii: "1"), UInt8(ascii: "0"))
    case 0x0300: (UInt8(ascii: "s"), UInt8(ascii: "3"))
    case 0x0002: (UInt8(ascii: "s"), UInt8(ascii: "2"))
    default: (UInt8(ascii: "0"), UInt8(ascii: "0"))
    }
  }

  private static func twoDigits(_ number: Int) -> (UInt8, UInt8) {
    let number = UInt8(min(number, 99))
    return (UInt8(ascii: "0") + number / 10, UInt8(ascii: "0") + number % 10)
  }

  /// The first and last letter of the first protocol; of its hexadecimal digits when one is neither letter nor
  /// digit.
  private static func protocolLetters(
    _ message: Span<UInt8>, _ name: Range<Int>
  ) -> (UInt8, UInt8) {
    guard !name.isEmpty else { return (UInt8(ascii: "0"), UInt8(ascii: "0")) }
    let (first, last) = (message[name.lowerBound], message[name.upperBound - 1])
    if isAlphanumeric(first), isAlphanumeric(last) { return (first, last) }
    return (hexadecimal(first >> 4), hexadecimal(last))
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    byte &- UInt8(ascii: "0") < 10 || asciiLowercased(byte) &- UInt8(ascii: "a") < 26
  }
}

/// The text that a fingerprint is the digest of, in a fixed place.
struct DigestText {
  // Three lists of 256 numbers with five digits and a dash, one of 256 with three, and the version.
  private var bytes = InlineArray<6144, UInt8>(repeating: 0)
  private var count = 0

  mutating func clear() { count = 0 }

  mutating func append(_ byte: UInt8) {
    guard count < 6144 else { return }
    bytes[count] = byte
    count += 1
  }

  mutating func append(decimal number: UInt16) {
    var unit: UInt16 = 10_000
    while unit > 1, number < unit { unit /= 10 }
    while unit > 0 {
      append(UInt8(ascii: "0") + UInt8(number / unit % 10))
      unit /= 10
    }
  }

  /// A list of JA3, with the comma before it.
  mutating func append(decimals numbers: HelloShape.Numbers) {
    append(UInt8(ascii: ","))
    for index in 0..<numbers.count {
      if index > 0 { append(UInt8(ascii: "-")) }
      append(decimal: numbers.values[index])
    }
  }

  mutating func append(hexadecimals numbers: HelloShape.Numbers) {
    for index in 0..<numbers.count {
      if index > 0 { append(UInt8(ascii: ",")) }
      for shift: UInt16 in [12, 8, 4, 0] {
        append(hexadecimal(UInt8(truncatingIfNeeded: numbers.values[index] >> shift)))
      }
    }
  }

  func withText<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    body(bytes.span.extracting(0..<count))
  }

  /// Twelve digits of the text's SHA-256; zeros for an empty text.
  func writeTruncatedDigest(to result: inout InlineArray<36, UInt8>, at start: Int) {
    let digest = withText { Digests.sha256($0) }
    for index in 0..<6 {
      let byte = count > 0 ? digest[index] : 0
      result[start + 2 * index] = hexadecimal(byte >> 4)
      result[start + 2 * index + 1] = hexadecimal(byte)
    }
  }
}

/// The hexadecimal digit of the lower four bits.
func hexadecimal(_ bits: UInt8) -> UInt8 {
  let bits = bits & 15
  return bits < 10 ? UInt8(ascii: "0") + bits : UInt8(ascii: "a") + bits - 10
}
