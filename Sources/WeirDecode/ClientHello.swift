import WeirModel

/// What a TLS ClientHello says in the clear (RFC 8446, section 4.1.2; RFC 6066 for the server name).
public struct ClientHello: Equatable, Sendable {
  /// Where the server name lies in the payload; empty when none was seen.
  public var serverName: Range<Int> = 0..<0
  /// Whether a real hello is encrypted inside (ECH, draft-ietf-tls-esni), so that the name is a public one.
  public var hasECH = false
  /// Whether the hello ends in this payload.
  public var isComplete = false

  /// Whether the bytes begin a TLS handshake record with a ClientHello.
  @inlinable public static func begins(_ payload: Span<UInt8>) -> Bool {
    payload.count >= 6 && payload[0] == 22 && payload[1] == 3 && payload[2] <= 4
      && payload[5] == 1
  }

  /// Reads a hello that begins at the first byte of `payload`, as far as it goes.
  ///
  /// - Throws: `DecodeError` when lengths inside the hello contradict each other.
  public init(parsing payload: Span<UInt8>) throws(DecodeError) {
    let malformed = DecodeError(.tls, .contentMalformed, at: 0)
    guard ClientHello.begins(payload), payload.count >= 9 else {
      guard payload.count < 9 else { throw malformed }
      return
    }
    let recordEnd = 5 + Int(payload.bigEndian16(at: 3))
    let helloEnd = 9 + (Int(payload[6]) << 16 | Int(payload.bigEndian16(at: 7)))
    isComplete = helloEnd <= min(recordEnd, payload.count)
    // A hello may go on in the next record; what lies in the first one is read.
    let end = min(helloEnd, recordEnd, payload.count)
    var reader = Reader(position: 9 + 2 + 32, end: end)
    guard reader.skipVector(payload, lengthBytes: 1),  // session identifier
      reader.skipVector(payload, lengthBytes: 2),  // cipher suites
      reader.skipVector(payload, lengthBytes: 1)  // compression methods
    else {
      if isComplete { throw malformed }
      return
    }
    guard reader.position < end else { return }
    guard reader.position + 2 <= end else {
      if isComplete { throw malformed }
      return
    }
    let extensionsEnd = reader.position + 2 + Int(payload.bigEndian16(at: reader.position))
    guard extensionsEnd <= helloEnd else { throw malformed }
    reader.position += 2
    try readExtensions(payload, &reader, end: min(extensionsEnd, end), isCut: extensionsEnd > end)
  }

  private mutating func readExtensions(
    _ payload: Span<UInt8>, _ reader: inout Reader, end: Int, isCut: Bool
  ) throws(DecodeError) {
    while reader.position + 4 <= end {
      let type = payload.bigEndian16(at: reader.position)
      let start = reader.position + 4
      let stop = start + Int(payload.bigEndian16(at: reader.position + 2))
      guard stop <= end else {
        if isCut { return }
        throw DecodeError(.tls, .contentMalformed, at: reader.position)
      }
      if type == 0 { try readServerName(payload, start..<stop) }
      if type == 0xfe0d { hasECH = true }
      reader.position = stop
    }
  }

  /// A list of names, of which the first of type `host_name` counts; RFC 6066 allows no second one.
  private mutating func readServerName(
    _ payload: Span<UInt8>, _ range: Range<Int>
  ) throws(DecodeError) {
    var offset = range.lowerBound + 2
    while offset + 3 <= range.upperBound {
      let length = Int(payload.bigEndian16(at: offset + 1))
      guard offset + 3 + length <= range.upperBound else {
        throw DecodeError(.tls, .contentMalformed, at: offset)
      }
      if payload[offset] == 0, serverName.isEmpty {
        serverName = offset + 3..<offset + 3 + length
      }
      offset += 3 + length
    }
  }

  /// A position that never passes its end.
  private struct Reader {
    var position: Int
    let end: Int

    mutating func skipVector(_ payload: Span<UInt8>, lengthBytes: Int) -> Bool {
      guard position + lengthBytes <= end else { return false }
      let length =
        lengthBytes == 1 ? Int(payload[position]) : Int(payload.bigEndian16(at: position))
      guard position + lengthBytes + length <= end else { return false }
      position += lengthBytes + length
      return true
    }
  }
}
