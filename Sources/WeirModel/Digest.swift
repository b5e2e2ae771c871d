/// A digest by which a file, a certificate or a handshake is known.
public struct Digest: Hashable, Sendable {
  /// How it was made; told by its length.
  public enum Algorithm: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    case md5, sha1, sha256, sha512

    /// The length in bytes.
    public var byteCount: Int {
      switch self {
      case .md5: 16
      case .sha1: 20
      case .sha256: 32
      case .sha512: 64
      }
    }
  }

  /// How it was made.
  public let algorithm: Algorithm
  /// Its bytes, `algorithm.byteCount` of them.
  public let bytes: [UInt8]

  /// Reads hexadecimal digits that fill `text`; nil when they are none, or of a length that no algorithm has.
  public init?(parsing text: Span<UInt8>) {
    guard let algorithm = Algorithm.allCases.first(where: { $0.byteCount * 2 == text.count })
    else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(algorithm.byteCount)
    for index in 0..<algorithm.byteCount {
      guard let high = hexadecimalDigit(text[2 * index]),
        let low = hexadecimalDigit(text[2 * index + 1])
      else { return nil }
      bytes.append(high << 4 | low)
    }
    self.algorithm = algorithm
    self.bytes = bytes
  }

  /// Reads a digest from a string; nil when it is not one.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    self.init(parsing: bytes.span)
  }
}

extension Digest: CustomStringConvertible {
  /// Hexadecimal digits in lower case.
  public var description: String { hexadecimalText(bytes) }
}

/// Two hexadecimal digits for each byte, in lower case.
public func hexadecimalText(_ bytes: [UInt8]) -> String {
  let digits = Array("0123456789abcdef".utf8)
  var text: [UInt8] = []
  text.reserveCapacity(2 * bytes.count)
  for byte in bytes {
    text.append(digits[Int(byte >> 4)])
    text.append(digits[Int(byte & 15)])
  }
  return String(decoding: text, as: UTF8.self)
}
