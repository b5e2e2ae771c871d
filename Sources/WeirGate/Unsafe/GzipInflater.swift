import CCompression

/// Decompresses gzip members one after another (RFC 1952).
@safe struct GzipInflater: ~Copyable {
  /// The library keeps a pointer to it, so it may not move.
  private let stream: UnsafeMutablePointer<z_stream>
  private let isReady: Bool

  /// Makes a decompressor at the beginning of a member.
  init() {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    // A zeroed `z_stream` chooses the library's own allocator; 15 + 16 is a gzip wrapper of any window.
    isReady =
      unsafe inflateInit2_(
        stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
  }

  deinit {
    // Ended once, after which nothing points to the state.
    if isReady { _ = unsafe inflateEnd(stream) }
    unsafe stream.deallocate()
  }

  /// Uses some of `input` and appends at most `byteCount` bytes to `output`.
  mutating func inflate(
    _ input: borrowing ByteBuffer, onto output: inout ByteBuffer, byteCount: Int
  ) -> InflateStep {
    var step = InflateStep()
    guard isReady else {
      step.fault = "no memory to decompress"
      return step
    }
    let stream = unsafe stream
    step.produced = unsafe input.withPointer { source in
      unsafe output.append(atMost: byteCount) { space in
        // The library reads `avail_in` bytes, which it never writes to, and writes `avail_out`; both buffers
        // outlive the call, and the pointers are not used after it.
        unsafe stream.pointee.next_in = UnsafeMutablePointer(
          mutating: source.baseAddress?.assumingMemoryBound(to: UInt8.self))
        unsafe stream.pointee.avail_in = UInt32(clamping: source.count)
        unsafe stream.pointee.next_out = space.baseAddress?.assumingMemoryBound(to: UInt8.self)
        unsafe stream.pointee.avail_out = UInt32(clamping: space.count)
        let result = unsafe CCompression.inflate(stream, Z_NO_FLUSH)
        unsafe step.consumed = source.count - Int(stream.pointee.avail_in)
        switch result {
        case Z_OK, Z_BUF_ERROR: break
        case Z_STREAM_END:
          step.isFrameEnd = true
          _ = unsafe inflateReset(stream)
        default:
          let message = unsafe stream.pointee.msg
          step.fault = unsafe message.map { unsafe String(cString: $0) } ?? "damaged"
        }
        return unsafe space.count - Int(stream.pointee.avail_out)
      }
    }
    return step
  }
}
