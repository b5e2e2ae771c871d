import WeirModel

/// A value that a DNS response answers with.
public enum DNSAnswer: Equatable, Sendable, BitwiseCopyable {
  /// A name: the target of CNAME, HTTPS or SVCB.
  case name
  /// An address: of A or AAAA, or a hint of HTTPS or SVCB.
  case address(IPAddress)
}

/// The answers of a DNS response (RFC 1035, section 4.1.3; RFC 3596; RFC 9460 for HTTPS and SVCB).
extension DNSMessage {
  /// The most records that are read of one message.
  public static let recordsMax = 512

  /// The record types that are read; EDNS's OPT (RFC 6891) is a record like any other, and skipped as one.
  private enum RecordType {
    static let a: UInt16 = 1
    static let cname: UInt16 = 5
    static let aaaa: UInt16 = 28
    static let svcb: UInt16 = 64
    static let https: UInt16 = 65
  }

  /// Calls `body` with each value that a response holds, in any of its sections.
  ///
  /// - Parameters:
  ///   - message: a whole message, as UDP carries it.
  ///   - name: a buffer for the names; it holds one when the value is `DNSAnswer.name`.
  /// - Throws: `DecodeError` at the first record that breaks the rules; the values before it were delivered.
  /// - Complexity: O(records × pointers + message), all bounded.
  public static func forEachAnswer(
    in message: Span<UInt8>, _ name: inout NameBuffer,
    _ body: (DNSAnswer, borrowing NameBuffer) -> Void
  ) throws(DecodeError) {
    guard message.count >= 12 else { throw DecodeError(.dns, .contentMalformed, at: 0) }
    let questions = Int(message.bigEndian16(at: 4))
    let records =
      Int(message.bigEndian16(at: 6)) + Int(message.bigEndian16(at: 8))
      + Int(message.bigEndian16(at: 10))
    guard questions <= questionsMax else { throw DecodeError(.dns, .contentMalformed, at: 4) }
    var offset = 12
    for _ in 0..<questions { offset = try skipName(in: message, at: offset) + 4 }
    for _ in 0..<min(records, recordsMax) {
      let start = try skipName(in: message, at: offset)
      // Type, class, time to live and length come before the data.
      guard start + 10 <= message.count,
        start + 10 + Int(message.bigEndian16(at: start + 8)) <= message.count
      else { throw DecodeError(.dns, .contentMalformed, at: offset) }
      offset = start + 10 + Int(message.bigEndian16(at: start + 8))
      guard message.bigEndian16(at: start + 2) == 1 else { continue }
      try readData(
        of: message.bigEndian16(at: start), in: message, start + 10..<offset, &name, body)
    }
    guard records <= recordsMax else { throw DecodeError(.dns, .contentMalformed, at: offset) }
  }

  private static func readData(
    of type: UInt16, in message: Span<UInt8>, _ data: Range<Int>, _ name: inout NameBuffer,
    _ body: (DNSAnswer, borrowing NameBuffer) -> Void
  ) throws(DecodeError) {
    let isWhole: Bool
    switch type {
    case RecordType.a, RecordType.aaaa:
      let bytes = type == RecordType.a ? 4 : 16
      isWhole = data.count == bytes
      if isWhole { forEachAddress(in: message, data, bytes: bytes, name, body) }
    case RecordType.cname:
      isWhole = try readName(in: message, at: data.lowerBound, &name) == data.upperBound
      if isWhole { body(.name, name) }
    case RecordType.svcb, RecordType.https:
      isWhole = try readService(in: message, data, &name, body)
    default: isWhole = true
    }
    guard isWhole else { throw DecodeError(.dns, .contentMalformed, at: data.lowerBound) }
  }

  /// Priority, target and parameters (RFC 9460, section 2.2); false when they do not fill the record.
  private static func readService(
    in message: Span<UInt8>, _ data: Range<Int>, _ name: inout NameBuffer,
    _ body: (DNSAnswer, borrowing NameBuffer) -> Void
  ) throws(DecodeError) -> Bool {
    guard data.count >= 3 else { return false }
    var offset = try readName(in: message, at: data.lowerBound + 2, &name)
    guard offset <= data.upperBound else { return false }
    // The root stands for the name that was asked for, or for no service.
    if name.count > 0 { body(.name, name) }
    while offset < data.upperBound {
      guard offset + 4 <= data.upperBound else { return false }
      let end = offset + 4 + Int(message.bigEndian16(at: offset + 2))
      guard end <= data.upperBound else { return false }
      // Keys 4 and 6 are hints of IPv4 and IPv6 addresses.
      let key = message.bigEndian16(at: offset)
      if key == 4 || key == 6 {
        let bytes = key == 4 ? 4 : 16
        guard (end - offset - 4) % bytes == 0 else { return false }
        forEachAddress(in: message, offset + 4..<end, bytes: bytes, name, body)
      }
      offset = end
    }
    return true
  }

  private static func forEachAddress(
    in message: Span<UInt8>, _ range: Range<Int>, bytes: Int, _ name: borrowing NameBuffer,
    _ body: (DNSAnswer, borrowing NameBuffer) -> Void
  ) {
    for offset in stride(from: range.lowerBound, to: range.upperBound, by: bytes) {
      let address =
        bytes == 4
        ? IPAddress(v4: message.bigEndian32(at: offset))
        : IPAddress(
          v6High: message.bigEndian64(at: offset), low: message.bigEndian64(at: offset + 8))
      body(.address(address), name)
    }
  }

  /// Where the bytes behind a name begin, which is not read.
  private static func skipName(
    in message: Span<UInt8>, at start: Int
  ) throws(DecodeError) -> Int {
    var offset = start
    while offset < message.count {
      let length = Int(message[offset])
      switch length >> 6 {
      case 0 where length == 0: return offset + 1
      case 0: offset += 1 + length
      case 3: return offset + 2
      default: throw DecodeError(.dns, .contentMalformed, at: start)
      }
    }
    throw DecodeError(.dns, .contentMalformed, at: start)
  }
}
