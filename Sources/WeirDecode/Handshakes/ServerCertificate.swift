import WeirModel

/// The certificate of a TLS server, which versions up to 1.2 send in the clear (RFC 5246, section 7.4.2).
public enum ServerCertificate {
  /// What reading the server's first messages led to.
  public enum Step: Equatable, Sendable {
    /// There will be more to be said with so many bytes.
    case needsMore(bytes: Int)
    /// The certificate was delivered, or there is none; what was read ends here.
    case finished(end: Int)
  }

  /// The most bytes of handshake messages that are looked at; a chain of certificates has some 4,000.
  public static let joinedBytesMax = 16_384

  /// Whether the bytes begin a TLS handshake record with a ServerHello.
  @inlinable public static func begins(_ payload: Span<UInt8>) -> Bool {
    payload.count >= 6 && payload[0] == 22 && payload[1] == 3 && payload[2] <= 4
      && payload[5] == 2
  }

  /// Looks for the server's own certificate, the first of its chain, in the records from the first byte on.
  ///
  /// - Parameter body: called with it at most once, as soon as it is there.
  /// - Complexity: O(payload), at most `joinedBytesMax`.
  public static func read(
    _ payload: Span<UInt8>, _ body: (_ certificate: Span<UInt8>) -> Void
  ) -> Step {
    // Messages may be cut into records anywhere, so the records' contents are put together.
    var joined = InlineArray<16_384, UInt8>(repeating: 0)
    var count = 0
    var record = 0
    while true {
      guard record + 5 <= payload.count else { return .needsMore(bytes: record + 5) }
      // From version 1.3 on, and when a session is resumed, a record of another sort comes next.
      guard payload[record] == 22, payload[record + 1] == 3 else { return .finished(end: record) }
      let end = record + 5 + Int(payload.bigEndian16(at: record + 3))
      let available = min(end, payload.count)
      for index in record + 5..<max(available, record + 5) where count < joinedBytesMax {
        joined[count] = payload[index]
        count += 1
      }
      switch find(joined.span.extracting(0..<count)) {
      case .found(let range):
        body(joined.span.extracting(range))
        return .finished(end: available)
      case .none: return .finished(end: available)
      case .unknown:
        guard count < joinedBytesMax else { return .finished(end: available) }
        guard end <= payload.count else { return .needsMore(bytes: end) }
        record = end
      }
    }
  }

  private enum Place {
    case found(Range<Int>)
    case none
    case unknown
  }

  /// Where the first certificate is among the messages that there are.
  private static func find(_ messages: Span<UInt8>) -> Place {
    guard messages.count >= 4 else { return .unknown }
    guard messages[0] == 2 else { return .none }
    let start = 4 + length(messages, at: 1)
    guard start < messages.count else { return .unknown }
    guard messages[start] == 11 else { return .none }
    guard start + 10 <= messages.count else { return .unknown }
    let message = length(messages, at: start + 1)
    let list = length(messages, at: start + 4)
    let certificate = length(messages, at: start + 7)
    guard certificate > 0, certificate + 3 <= list, list + 3 <= message else { return .none }
    let end = start + 10 + certificate
    guard end <= messages.count else { return .unknown }
    return .found(start + 10..<end)
  }

  /// A number of three bytes.
  private static func length(_ messages: Span<UInt8>, at offset: Int) -> Int {
    Int(messages[offset]) << 16 | Int(messages.bigEndian16(at: offset + 1))
  }
}
