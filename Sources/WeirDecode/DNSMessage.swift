import WeirModel

/// The questions of a DNS message (RFC 1035, section 4).
public enum DNSMessage {
  /// The most questions that are read of one message; ordinary ones have one.
  public static let questionsMax = 32
  /// The most compression pointers that are followed for one name.
  public static let pointersMax = 16

  /// Whether the header says that the message is a query; false when there is no whole header.
  public static func isQuery(_ message: Span<UInt8>) -> Bool {
    message.count >= 12 && message[2] & 0x80 == 0
  }

  /// Whether bytes that came to another port than that of DNS are a query nevertheless: no bits set but those that
  /// resolvers set, one question and no answers.
  ///
  /// In other bytes that stands once in 2⁶¹ times.
  @inlinable public static func isPlainQuery(_ message: Span<UInt8>) -> Bool {
    // Behind the identifier: flags, and the numbers of questions, answers and authorities.
    message.count >= 17 && message.bigEndian64(at: 2) & ~(0x0130 << 48) == 1 << 32
  }

  /// Calls `body` with each name asked for, in canonical text; the root is the empty name.
  ///
  /// - Parameters:
  ///   - message: a whole message, as UDP carries it.
  ///   - name: a buffer for the names.
  /// - Throws: `DecodeError` at the first question that breaks the rules; those before it were delivered.
  /// - Complexity: O(questions × pointers + message), all bounded.
  public static func forEachQuestion(
    in message: Span<UInt8>, _ name: inout NameBuffer, _ body: (borrowing NameBuffer) -> Void
  ) throws(DecodeError) {
    guard message.count >= 12 else { throw DecodeError(.dns, .contentMalformed, at: 0) }
    let questions = Int(message.bigEndian16(at: 4))
    var offset = 12
    for _ in 0..<min(questions, questionsMax) {
      offset = try readName(in: message, at: offset, &name)
      // Type and class.
      guard message.count >= offset + 4 else {
        throw DecodeError(.dns, .contentMalformed, at: offset)
      }
      offset += 4
      body(name)
    }
    guard questions <= questionsMax else { throw DecodeError(.dns, .contentMalformed, at: offset) }
  }

  /// Reads the name at `start`; where the bytes behind it begin.
  ///
  /// A pointer must lead to an earlier place than the name or pointer that it stands in (RFC 1035, section
  /// 4.1.4: "a prior occurrence"), which rules out loops.
  static func readName(
    in message: Span<UInt8>, at start: Int, _ name: inout NameBuffer
  ) throws(DecodeError) -> Int {
    name.clear()
    var offset = start
    var end: Int?
    var lowest = start
    var pointers = 0
    while true {
      guard offset < message.count else { throw DecodeError(.dns, .contentMalformed, at: start) }
      let length = message[offset]
      switch length >> 6 {
      case 0:
        if length == 0 { return end ?? offset + 1 }
        guard offset + 1 + Int(length) <= message.count,
          name.append(label: message.extracting(offset + 1..<offset + 1 + Int(length)))
        else { throw DecodeError(.dns, .contentMalformed, at: start) }
        offset += 1 + Int(length)
      case 3:
        guard offset + 2 <= message.count else {
          throw DecodeError(.dns, .contentMalformed, at: start)
        }
        let target = Int(message.bigEndian16(at: offset) & 0x3fff)
        pointers += 1
        guard target < lowest, pointers <= pointersMax else {
          throw DecodeError(.dns, .contentMalformed, at: start)
        }
        end = end ?? offset + 2
        lowest = target
        offset = target
      default: throw DecodeError(.dns, .contentMalformed, at: start)
      }
    }
  }
}
