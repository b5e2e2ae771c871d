import CCompression

/// Decompresses Zstandard frames one after another (RFC 8878), with windows of at most 128 MiB.
@safe struct ZstdInflater: ~Copyable {
  /// Enough to tell a frame header from its first bytes.
  private static let frameStartBytes = 5

  private let context: OpaquePointer?
  /// How much input the library wants at once: a block.
  ///
  /// With no more than that, damage in one block takes away none of the output of those before it.
  private var pieceBytes = frameStartBytes

  /// Makes a decompressor at the beginning of a frame.
  init() { unsafe context = ZSTD_createDCtx() }

  // Freed once; the library accepts nil.
  deinit { _ = unsafe ZSTD_freeDCtx(context) }

  /// Uses some of `input` and appends at most `byteCount` bytes to `output`.
  mutating func inflate(
    _ input: borrowing ByteBuffer, onto output: inout ByteBuffer, byteCount: Int
  ) -> InflateStep {
    var step = InflateStep()
    guard let context = unsafe context else {
      step.fault = "no memory to decompress"
      return step
    }
    let piece = min(input.count, pieceBytes)
    step.produced = unsafe input.withPointer { source in
      unsafe output.append(atMost: byteCount) { space in
        var from = unsafe ZSTD_inBuffer(src: source.baseAddress, size: piece, pos: 0)
        var to = unsafe ZSTD_outBuffer(dst: space.baseAddress, size: space.count, pos: 0)
        // Both buffers outlive the call, and the library keeps no pointer into them.
        let result = unsafe ZSTD_decompressStream(context, &to, &from)
        unsafe step.consumed = from.pos
        if ZSTD_isError(result) != 0 {
          step.fault = unsafe String(cString: ZSTD_getErrorName(result))
        } else {
          step.isFrameEnd = result == 0
          pieceBytes = result == 0 ? Self.frameStartBytes : result
        }
        return unsafe to.pos
      }
    }
    return step
  }
}
