import WeirModel

/// The frames of an Initial packet (RFC 9000, section 12.4, table 3).
public enum QUICFrames {
  /// Calls `body` with each piece of the handshake and where in the handshake it belongs.
  ///
  /// - Throws: `DecodeError` at the first frame that is cut, or may not stand in an Initial packet. The pieces before
  ///   it were delivered.
  /// - Complexity: O(frames).
  public static func forEachCrypto(
    in frames: Span<UInt8>, _ body: (_ offset: Int, _ bytes: Span<UInt8>) -> Void
  ) throws(DecodeError) {
    var position = 0
    while position < frames.count {
      let start = position
      position += 1
      switch frames[start] {
      // Padding and ping.
      case 0, 1: continue
      case 2, 3: try skipAcknowledgment(frames, &position, hasCounts: frames[start] == 3)
      case 6:
        guard let offset = QUICPacket.readInteger(frames, &position),
          let length = QUICPacket.readInteger(frames, &position),
          length <= frames.count - position
        else { throw malformed(at: start) }
        body(offset, frames.extracting(position..<position + length))
        position += length
      case 0x1c:
        guard skipIntegers(2, frames, &position),
          let length = QUICPacket.readInteger(frames, &position),
          length <= frames.count - position
        else { throw malformed(at: start) }
        position += length
      default: throw malformed(at: start)
      }
    }
  }

  /// Largest number, delay, ranges, first range; then the ranges, and the counts of ECN.
  private static func skipAcknowledgment(
    _ frames: Span<UInt8>, _ position: inout Int, hasCounts: Bool
  ) throws(DecodeError) {
    let start = position
    guard skipIntegers(2, frames, &position),
      let ranges = QUICPacket.readInteger(frames, &position), ranges <= frames.count,
      skipIntegers(1 + 2 * ranges + (hasCounts ? 3 : 0), frames, &position)
    else { throw malformed(at: start) }
  }

  private static func skipIntegers(
    _ number: Int, _ frames: Span<UInt8>, _ position: inout Int
  ) -> Bool {
    for _ in 0..<number where QUICPacket.readInteger(frames, &position) == nil { return false }
    return true
  }

  private static func malformed(at offset: Int) -> DecodeError {
    DecodeError(.quic, .contentMalformed, at: offset)
  }
}
