import WeirModel

/// What a TLS ClientHello says in the clear (RFC 8446, section 4.1.2; RFC 6066 for the server name).
public struct ClientHello: Equatable, Sendable {
  /// Whether a real hello is encrypted inside (ECH, draft-ietf-tls-esni), so that the name is a public one.
  public private(set) var hasECH = false
  /// Whether the hello ends in this payload.
  public private(set) var isComplete = false

  /// The most bytes that are read of a hello in several records.
  ///
  /// Those of browsers, with post-quantum key shares, have some 1,800.
  public static let joinedBytesMax = 4096

  /// Whether the bytes begin a TLS handshake record with a ClientHello.
  @inlinable public static func begins(_ payload: Span<UInt8>) -> Bool {
    payload.count >= 6 && payload[0] == 22 && payload[1] == 3 && payload[2] <= 4
      && payload[5] == 1
  }

  /// Reads a hello whose first record begins at the first byte of `payload`, as far as it goes.
  ///
  /// - Parameter name: receives the server name; empty when none was seen. What was read before an error stays.
  /// - Throws: `DecodeError` when lengths inside the hello contradict each other.
  public init(parsing payload: Span<UInt8>, _ name: inout NameBuffer) throws(DecodeError) {
    name.clear()
    guard ClientHello.begins(payload) else { throw ClientHello.malformed(at: 0) }
    var hello = ClientHello()
    try ClientHello.withMessage(payload) { message throws(DecodeError) in
      try hello.read(message, &name)
    }
    self = hello
  }

  /// Reads a handshake message, as QUIC carries it, of which the end may be missing.
  ///
  /// - Parameter name: as above.
  /// - Throws: `DecodeError` when it is no hello, or its lengths contradict each other.
  public init(message: Span<UInt8>, _ name: inout NameBuffer) throws(DecodeError) {
    name.clear()
    guard message.count > 0, message[0] == 1 else { throw ClientHello.malformed(at: 0) }
    try read(message, &name)
  }

  private init() {}

  /// Lends the handshake message in the records at the first byte of `payload`, as far as it goes.
  ///
  /// In several records it is put together first, up to `joinedBytesMax`: it may be cut anywhere (RFC 8446, section
  /// 5.1). It ends early at a record of another sort.
  public static func withMessage(
    _ payload: Span<UInt8>, _ body: (Span<UInt8>) throws(DecodeError) -> Void
  ) throws(DecodeError) {
    guard payload.count >= 9 else { return }
    let recordEnd = 5 + Int(payload.bigEndian16(at: 3))
    let helloEnd = 9 + (Int(payload[6]) << 16 | Int(payload.bigEndian16(at: 7)))
    guard recordEnd < max(helloEnd, 9), payload.count > recordEnd else {
      return try body(payload.extracting(5..<min(recordEnd, helloEnd, payload.count)))
    }
    var joined = InlineArray<4096, UInt8>(repeating: 0)
    var count = 0
    var offset = 0
    while offset + 5 <= payload.count, payload[offset] == 22, payload[offset + 1] == 3 {
      let end = min(offset + 5 + Int(payload.bigEndian16(at: offset + 3)), payload.count)
      for index in offset + 5..<end where count < ClientHello.joinedBytesMax {
        joined[count] = payload[index]
        count += 1
      }
      offset = end
    }
    let length =
      count < 4 ? count : 4 + (Int(joined[1]) << 16 | Int(joined[2]) << 8 | Int(joined[3]))
    try body(joined.span.extracting(0..<min(count, length)))
  }

  /// Reads the handshake message at the first byte of `message`, of which the end may be missing.
  private mutating func read(
    _ message: Span<UInt8>, _ name: inout NameBuffer
  ) throws(DecodeError) {
    guard message.count >= 4 else { return }
    let helloEnd = 4 + (Int(message[1]) << 16 | Int(message.bigEndian16(at: 2)))
    isComplete = helloEnd <= message.count
    let end = min(helloEnd, message.count)
    // Behind version and random: session identifier, cipher suites, compression methods.
    var reader = VectorReader(4 + 2 + 32..<max(end, 4 + 2 + 32))
    guard reader.vector(message, lengthBytes: 1) != nil,
      reader.vector(message, lengthBytes: 2) != nil,
      reader.vector(message, lengthBytes: 1) != nil
    else {
      if isComplete { throw ClientHello.malformed(at: reader.position) }
      return
    }
    // Extensions may be left out as a whole.
    guard reader.position < end else { return }
    guard reader.position + 2 <= end else {
      if isComplete { throw ClientHello.malformed(at: reader.position) }
      return
    }
    let extensionsEnd = reader.position + 2 + Int(message.bigEndian16(at: reader.position))
    guard extensionsEnd <= helloEnd else { throw ClientHello.malformed(at: reader.position) }
    try readExtensions(
      message, from: reader.position + 2, end: min(extensionsEnd, end), isCut: extensionsEnd > end,
      &name)
  }

  private mutating func readExtensions(
    _ message: Span<UInt8>, from start: Int, end: Int, isCut: Bool, _ name: inout NameBuffer
  ) throws(DecodeError) {
    var position = start
    while position + 4 <= end {
      let type = message.bigEndian16(at: position)
      let content = position + 4
      let stop = content + Int(message.bigEndian16(at: position + 2))
      guard stop <= end else {
        if isCut { return }
        throw ClientHello.malformed(at: position)
      }
      if type == 0 { try readServerName(message, content..<stop, &name) }
      if type == 0xfe0d { hasECH = true }
      position = stop
    }
    guard position == end || isCut else { throw ClientHello.malformed(at: position) }
  }

  /// A list of names, of which the first of type `host_name` counts; RFC 6066 allows no second one.
  private func readServerName(
    _ message: Span<UInt8>, _ range: Range<Int>, _ name: inout NameBuffer
  ) throws(DecodeError) {
    var offset = range.lowerBound + 2
    while offset + 3 <= range.upperBound {
      let length = Int(message.bigEndian16(at: offset + 1))
      let start = offset + 3
      guard start + length <= range.upperBound else { throw ClientHello.malformed(at: offset) }
      if message[offset] == 0, name.count == 0 {
        guard name.set(text: message.extracting(start..<start + length)) else {
          throw ClientHello.malformed(at: offset)
        }
      }
      offset = start + length
    }
  }

  private static func malformed(at offset: Int) -> DecodeError {
    DecodeError(.tls, .contentMalformed, at: offset)
  }
}
