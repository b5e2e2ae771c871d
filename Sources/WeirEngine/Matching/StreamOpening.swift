import WeirModel

/// What the first bytes of a message tell before all of it is there.
enum StreamOpening {
  /// Whether fewer bytes than `ClientHello.begins` looks at agree with it.
  static func mayBeHello(_ bytes: Span<UInt8>) -> Bool {
    bytes.count > 0 && bytes.count < 6 && bytes[0] == 22 && (bytes.count < 2 || bytes[1] == 3)
      && (bytes.count < 3 || bytes[2] <= 4)
  }

  /// Whether fewer bytes than `HTTPRequest.begins` looks at agree with it, as far as the first eight go.
  static func mayBeRequest(_ bytes: Span<UInt8>) -> Bool {
    let count = min(bytes.count, 8)
    var word: UInt64 = 0
    for index in 0..<count { word |= UInt64(bytes[index]) << UInt64(56 - 8 * index) }
    return agrees(word, count, 0x4745_5420, 4)  // "GET "
      || agrees(word, count, 0x5055_5420, 4)  // "PUT "
      || agrees(word, count, 0x50_4f53_5420, 5)  // "POST "
      || agrees(word, count, 0x48_4541_4420, 5)  // "HEAD "
      || agrees(word, count, 0x43_4f50_5920, 5)  // "COPY "
      || agrees(word, count, 0x4d_4f56_4520, 5)  // "MOVE "
      || agrees(word, count, 0x4c_4f43_4b20, 5)  // "LOCK "
      || agrees(word, count, 0x4d4b_434f_4c20, 6)  // "MKCOL "
      || agrees(word, count, 0x5452_4143_4520, 6)  // "TRACE "
      || agrees(word, count, 0x5041_5443_4820, 6)  // "PATCH "
      || agrees(word, count, 0x44_454c_4554_4520, 7)  // "DELETE "
      || agrees(word, count, 0x55_4e4c_4f43_4b20, 7)  // "UNLOCK "
      || agrees(word, count, 0x434f_4e4e_4543_5420, 8)  // "CONNECT "
      || agrees(word, count, 0x5052_4f50_5041_5443, 8)  // "PROPPATC"
      || agrees(word, count, 0x4f50_5449_4f4e_5320, 8)  // "OPTIONS "
      || agrees(word, count, 0x5052_4f50_4649_4e44, 8)  // "PROPFIND"
  }

  /// Whether a method and the first `count` bytes of `word` agree as far as both go.
  private static func agrees(
    _ word: UInt64, _ count: Int, _ method: UInt64, _ length: Int
  ) -> Bool {
    let method = method << UInt64(64 - 8 * length)
    return (word ^ method) >> UInt64(64 - 8 * min(count, length)) == 0
  }

  /// Whether a ChangeCipherSpec record of TLS is next: always the same six bytes but for the minor version.
  static func isCipherChange(_ bytes: Span<UInt8>) -> Bool {
    bytes.count >= 6 && bytes.bigEndian32(at: 2) & 0x00ff_ffff == 0x0000_0101
      && bytes[0] == 20 && bytes[1] == 3
  }

  /// How far the ClientHello goes whose first record begins at the first byte, over its records.
  ///
  /// - Returns: whether all of it is there, and where it ends; or else with how many bytes to look again.
  /// - Complexity: O(records).
  static func helloExtent(_ bytes: Span<UInt8>) -> (isWhole: Bool, end: Int) {
    var record = 0
    var joined = 0
    var header: UInt32 = 0
    while true {
      guard record + 5 <= bytes.count else { return (false, record + 6) }
      // A record of another sort ends the message early.
      guard bytes[record] == 22 else { return (true, record) }
      let content = record + 5
      let end = content + Int(bytes.bigEndian16(at: record + 3))
      var position = content
      while joined < 4, position < end {
        guard position < bytes.count else { return (false, position + 1) }
        header = header << 8 | UInt32(bytes[position])
        joined += 1
        position += 1
      }
      let length = 4 + Int(header & 0xff_ffff)
      if joined >= 4, length - joined <= end - position {
        let messageEnd = position + length - joined
        return (messageEnd <= bytes.count, messageEnd)
      }
      guard end <= bytes.count else { return (false, end) }
      joined += end - position
      record = end
    }
  }
}
