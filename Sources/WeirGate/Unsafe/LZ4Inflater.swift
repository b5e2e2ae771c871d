import CCompression

/// Decompresses LZ4 frames one after another.
@safe struct LZ4Inflater: ~Copyable {
  /// Enough to tell a frame header from its first bytes.
  private static let frameStartBytes = 7

  private let context: OpaquePointer?
  /// How much input the library wants at once: a block.
  ///
  /// With no more than that, damage in one block takes away none of the output of those before it.
  private var pieceBytes = frameStartBytes

  /// Makes a decompressor at the beginning of a frame.
  init() {
    var fresh: OpaquePointer?
    // The library sets `fresh` to a new context or leaves it nil.
    _ = unsafe LZ4F_createDecompressionContext(&fresh, UInt32(LZ4F_VERSION))
    unsafe context = fresh
  }

  // Freed once; the library accepts nil.
  deinit { _ = unsafe LZ4F_freeDecompressionContext(context) }

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
        var consumed = piece
        var produced = space.count
        // Both buffers outlive the call; the library keeps copies of what it needs later.
        let result = unsafe LZ4F_decompress(
          context, space.baseAddress, &produced, source.baseAddress, &consumed, nil)
        guard LZ4F_isError(result) == 0 else {
          step.fault = unsafe String(cString: LZ4F_getErrorName(result))
          return 0
        }
        step.consumed = consumed
        step.isFrameEnd = result == 0
        pieceBytes = result == 0 ? Self.frameStartBytes : result
        return produced
      }
    }
    return step
  }
}
