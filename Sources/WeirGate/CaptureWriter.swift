import WeirModel

/// Writes packets as pcapng: one section, an interface for each link type, times in nanoseconds.
///
/// A file that was not finished is readable up to its last flush, which falls between two blocks.
public struct CaptureWriter: ~Copyable {
  /// After how many bytes the buffer is written out.
  private static let flushBytes = 1 << 16
  /// The longest comment that an option can hold.
  private static let commentBytesMax = 65_535

  private let descriptor: FileDescriptor
  private var buffer = ByteBuffer(capacity: flushBytes)
  private var links: [LinkType] = []

  /// Creates `path`, or empties it; `-` is standard output.
  public init(path: String) throws(GateError) {
    descriptor =
      path == "-" ? FileDescriptor.standardOutput() : try FileDescriptor(writing: path)
    appendSectionHeader()
  }

  /// Writes one packet.
  ///
  /// `frame` is what was captured of it, at most `Limits.packetBytesMax` bytes, and `slot` says the rest of it;
  /// `comment` is UTF-8 text, cut at 65,535 bytes; empty for none. Times before 1970 become 1970, since the
  /// format has none.
  ///
  /// - Throws: `GateError` of a failed write; `EMSGSIZE` for a frame that is too long.
  public mutating func write(
    _ frame: Span<UInt8>, slot: Slot, comment: [UInt8]
  ) throws(GateError) {
    guard frame.count <= Limits.packetBytesMax else { throw .messageTooLong }
    let interface = interfaceNumber(slot.link)
    let text = comment.span.extracting(first: min(comment.count, Self.commentBytesMax))
    let optionBytes = text.isEmpty ? 0 : 4 + padded(text.count) + 4
    let total = UInt32(32 + padded(frame.count) + optionBytes)
    let time = UInt64(max(slot.timestamp.nanoseconds, 0))
    buffer.append(BlockType.enhancedPacket)
    buffer.append(total)
    buffer.append(UInt32(interface))
    buffer.append(UInt32(truncatingIfNeeded: time >> 32))
    buffer.append(UInt32(truncatingIfNeeded: time))
    buffer.append(UInt32(frame.count))
    buffer.append(max(slot.wireLength, UInt32(frame.count)))
    appendPadded(frame)
    if !text.isEmpty {
      appendOption(1, text)
      buffer.append(UInt32(0))
    }
    buffer.append(total)
    if buffer.count >= Self.flushBytes { try flush() }
  }

  /// Writes out what is still in the buffer.
  public mutating func flush() throws(GateError) {
    // What could not be written is given up, so that a full disk does not fill the memory.
    defer { buffer.removeAll() }
    try descriptor.write(buffer)
  }

  /// Writes out what is still in the buffer and closes the file.
  ///
  /// - Throws: `GateError` of the write or of the close, which for some file systems is when a full disk shows.
  public consuming func finish() throws(GateError) {
    try flush()
    try descriptor.close()
  }

  private mutating func interfaceNumber(_ link: LinkType) -> Int {
    if let number = links.firstIndex(of: link) { return number }
    links.append(link)
    let total: UInt32 = 20 + 8 + 4
    buffer.append(BlockType.interface)
    buffer.append(total)
    buffer.append(link.rawValue)
    buffer.append(UInt16(0))
    buffer.append(UInt32(0))
    let nanoseconds: [UInt8] = [9]
    appendOption(CaptureInterface.OptionCode.timeResolution, nanoseconds.span)
    buffer.append(UInt32(0))
    buffer.append(total)
    return links.count - 1
  }

  private mutating func appendSectionHeader() {
    let application: [UInt8] = Array("weir".utf8)
    let total: UInt32 = 28 + 8 + 4
    buffer.append(BlockType.section)
    buffer.append(total)
    buffer.append(UInt32(0x1a2b_3c4d))
    buffer.append(UInt16(1))
    buffer.append(UInt16(0))
    // The section's length is not known.
    buffer.append(UInt64.max)
    appendOption(4, application.span)
    buffer.append(UInt32(0))
    buffer.append(total)
  }

  private mutating func appendOption(_ code: UInt16, _ value: Span<UInt8>) {
    buffer.append(code)
    buffer.append(UInt16(value.count))
    appendPadded(value)
  }

  private mutating func appendPadded(_ bytes: Span<UInt8>) {
    buffer.append(bytes)
    for _ in bytes.count..<padded(bytes.count) { buffer.append(UInt8(0)) }
  }
}

/// A length, rounded up to whole 32-bit words.
private func padded(_ byteCount: Int) -> Int { (byteCount + 3) & ~3 }
