import WeirModel

/// DNS messages in a TCP segment: each stands behind two bytes of length (RFC 1035, section 4.2.2).
public enum DNSStream {
  /// Calls `body` with each name that the queries of a segment ask for, as `DNSMessage.forEachQuestion` does.
  ///
  /// - Parameter segment: begins with the length of a message.
  /// - Throws: `DecodeError`: `contentMalformed` at the first message that breaks the rules,
  ///   `handshakeIncomplete` at one that goes on behind the segment. Names before it were delivered.
  /// - Complexity: O(segment).
  public static func forEachQuestion(
    in segment: Span<UInt8>, _ name: inout NameBuffer, _ body: (borrowing NameBuffer) -> Void
  ) throws(DecodeError) {
    var offset = 0
    while offset < segment.count {
      guard offset + 2 <= segment.count else {
        throw DecodeError(.dns, .handshakeIncomplete, at: offset)
      }
      let end = offset + 2 + Int(segment.bigEndian16(at: offset))
      guard end <= segment.count else { throw DecodeError(.dns, .handshakeIncomplete, at: offset) }
      let message = segment.extracting(offset + 2..<end)
      guard message.count >= 12 else { throw DecodeError(.dns, .contentMalformed, at: offset) }
      if DNSMessage.isQuery(message) {
        try DNSMessage.forEachQuestion(in: message, &name, body)
      }
      offset = end
    }
  }
}
