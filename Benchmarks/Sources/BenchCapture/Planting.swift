/// Puts a pattern into the content that a shape's server sends.
struct Planting {
  /// The lengths of the server's payloads.
  let lengths: [Int]
  /// Whether a pattern can lie across two payloads.
  let isStream: Bool

  private let content: Content
  /// Indices of the payloads long enough to hold a pattern.
  private let roomy: [Int]

  /// Nil when the shape has no payload that is free of structure and has 500 bytes.
  init?(shape: SessionShape) {
    guard case .content(let content, let lengths) = shape.server else { return nil }
    switch content {
    case .text, .bulk, .page, .download, .shortHeader: break
    case .records, .sealed, .voice, .timeRequest, .timeReply, .echo: return nil
    }
    // The first payload may begin with a header or a greeting.
    roomy = lengths.indices.filter { $0 > 0 && lengths[$0] >= 500 }
    guard !roomy.isEmpty else { return nil }
    self.content = content
    self.lengths = lengths
    isStream = shape.transport == .tcp
  }

  /// Fresh content with `pattern` in it, one in ten across two payloads where that can be; nil
  /// when the pattern is too long.
  func bytes(holding pattern: BytePattern, _ maker: inout ContentMaker) -> [UInt8]? {
    let length = pattern.bytes.count
    let target = maker.random.pick(roomy)
    guard length <= lengths[target] - 2 else { return nil }
    let start = lengths[..<target].reduce(0, +)
    let isAcross = isStream && target > 1 && maker.random.below(10) == 0
    // One byte of room in front keeps the first byte of a datagram as it is.
    let offset =
      isAcross
      ? start - 1 - maker.random.below(length - 1)
      : start + 1 + maker.random.below(lengths[target] - length)
    var bytes = maker.bytes(content, lengths: lengths)
    let varied = pattern.bytes.map { byte in
      pattern.ignoresCase ? otherCase(byte, maker.random.below(2) == 0) : byte
    }
    bytes.replaceSubrange(offset..<offset + length, with: varied)
    return bytes
  }

  private func otherCase(_ byte: UInt8, _ isWanted: Bool) -> UInt8 {
    isWanted && foldedByte(byte) &- 97 < 26 ? byte ^ 0x20 : byte
  }
}
