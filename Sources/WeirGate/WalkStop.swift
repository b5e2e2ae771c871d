import WeirModel

/// Why a reader stopped walking.
enum WalkStop {
  /// As many slots as fit are filled.
  case full
  /// So many bytes from the position must be there to go on.
  case needs(Int)
  /// What stands at the position cannot be; a sentence says why.
  case damaged(String)
  /// The input does not begin as a capture does.
  case foreign
}

/// Integers of a capture file, whose byte order is found at its head.
struct ByteOrder {
  /// Whether the most significant byte comes first.
  var isBig: Bool

  @inline(__always) func load16(_ bytes: Span<UInt8>, _ offset: Int) -> UInt16 {
    let value = bytes.bigEndian16(at: offset)
    return isBig ? value : value.byteSwapped
  }

  @inline(__always) func load32(_ bytes: Span<UInt8>, _ offset: Int) -> UInt32 {
    let value = bytes.bigEndian32(at: offset)
    return isBig ? value : value.byteSwapped
  }

  @inline(__always) func load64(_ bytes: Span<UInt8>, _ offset: Int) -> UInt64 {
    let value = bytes.bigEndian64(at: offset)
    return isBig ? value : value.byteSwapped
  }
}
