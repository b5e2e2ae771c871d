import WeirModel

/// The long header of a QUIC packet (RFC 9000, section 17.2): where its parts lie in the datagram.
public struct QUICPacket: Equatable, Sendable {
  /// What the packet is for.
  public enum Kind: Sendable {
    case initial, zeroRTT, handshake, retry
  }

  /// The version.
  public let version: QUICVersion
  /// What the packet is for.
  public let kind: Kind
  /// Where it begins.
  public let start: Int
  /// The identifier that the sender gives the receiver.
  public let destinationID: Range<Int>
  /// Where the packet number begins; the end of a Retry.
  public let numberStart: Int
  /// Where the packet ends, and another one may begin.
  public let end: Int

  /// The longest identifier of versions 1 and 2, in bytes.
  public static let identifierMax = 20

  /// Whether a datagram begins with a long header of a known version, as every client's first one does.
  @inlinable public static func begins(_ datagram: Span<UInt8>) -> Bool {
    datagram.count >= 40 && datagram[0] >= 0xc0 && isKnown(datagram.bigEndian32(at: 1))
  }

  @usableFromInline static func isKnown(_ version: UInt32) -> Bool { QUICVersion(version) != nil }

  /// Reads the header at `start`.
  ///
  /// - Returns: nil when it is short, of a version that is not known, or not all there, or when the packet is longer
  ///   than the datagram.
  public init?(_ datagram: Span<UInt8>, at start: Int) {
    guard start + 7 <= datagram.count, datagram[start] >= 0xc0,
      let version = QUICVersion(datagram.bigEndian32(at: start + 1))
    else { return nil }
    self.version = version
    self.start = start
    kind = version.kind(datagram[start])
    var reader = VectorReader(start + 5..<datagram.count)
    guard let destination = reader.vector(datagram, lengthBytes: 1),
      let source = reader.vector(datagram, lengthBytes: 1),
      destination.count <= QUICPacket.identifierMax, source.count <= QUICPacket.identifierMax
    else { return nil }
    destinationID = destination
    guard kind != .retry else {
      (numberStart, end) = (datagram.count, datagram.count)
      return
    }
    var position = source.upperBound
    if kind == .initial {
      // The token that a Retry, or an earlier connection, gave.
      guard let length = QUICPacket.readInteger(datagram, &position),
        length <= datagram.count - position
      else { return nil }
      position += length
    }
    guard let length = QUICPacket.readInteger(datagram, &position),
      length <= datagram.count - position
    else { return nil }
    numberStart = position
    end = position + length
  }

  /// An integer whose first two bits say whether it has one, two, four or eight bytes (RFC 9000, section 16).
  static func readInteger(_ bytes: Span<UInt8>, _ position: inout Int) -> Int? {
    guard position < bytes.count else { return nil }
    let length = 1 << Int(bytes[position] >> 6)
    guard position + length <= bytes.count else { return nil }
    var value = Int(bytes[position] & 0x3f)
    for index in 1..<max(length, 1) { value = value << 8 | Int(bytes[position + index]) }
    position += length
    return value
  }
}
