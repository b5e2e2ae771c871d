import CCompression

/// How a test compresses.
enum Packing: String, CaseIterable {
  case none = ""
  case gzip = ".gz"
  case zstd = ".zst"
  case lz4 = ".lz4"

  /// One member or frame that holds `bytes`, with a check sum.
  func pack(_ bytes: [UInt8]) -> [UInt8] {
    switch self {
    case .none: bytes
    case .gzip: gzipped(bytes)
    case .zstd: zstandard(bytes)
    case .lz4: lz4Frame(bytes)
    }
  }

  private func gzipped(_ bytes: [UInt8]) -> [UInt8] {
    var stream = unsafe z_stream()
    // A zeroed stream with the library's own allocator, ended below.
    _ = unsafe deflateInit2_(
      &stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    defer { _ = unsafe deflateEnd(&stream) }
    var input = bytes
    let bound = unsafe Int(deflateBound(&stream, UInt(bytes.count))) + 64
    return unsafe [UInt8](unsafeUninitializedCapacity: bound) { space, count in
      // The input outlives the call, and the output holds at most `bound` bytes.
      unsafe input.withUnsafeMutableBufferPointer { source in
        unsafe stream.next_in = source.baseAddress
        unsafe stream.avail_in = UInt32(source.count)
        unsafe stream.next_out = space.baseAddress
        unsafe stream.avail_out = UInt32(bound)
        _ = unsafe deflate(&stream, Z_FINISH)
        count = unsafe bound - Int(stream.avail_out)
      }
    }
  }

  private func zstandard(_ bytes: [UInt8]) -> [UInt8] {
    let context = unsafe ZSTD_createCCtx()
    // Freed once.
    defer { _ = unsafe ZSTD_freeCCtx(context) }
    _ = unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
    let bound = ZSTD_compressBound(bytes.count)
    return unsafe [UInt8](unsafeUninitializedCapacity: bound) { space, count in
      // The library writes at most `bound` bytes.
      let size = unsafe ZSTD_compress2(context, space.baseAddress, bound, bytes, bytes.count)
      count = ZSTD_isError(size) == 0 ? size : 0
    }
  }

  private func lz4Frame(_ bytes: [UInt8]) -> [UInt8] {
    var preferences = LZ4F_preferences_t()
    preferences.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled
    let bound = unsafe LZ4F_compressFrameBound(bytes.count, &preferences)
    return unsafe [UInt8](unsafeUninitializedCapacity: bound) { space, count in
      // The library writes at most `bound` bytes.
      let size = unsafe LZ4F_compressFrame(
        space.baseAddress, bound, bytes, bytes.count, &preferences)
      count = LZ4F_isError(size) == 0 ? size : 0
    }
  }
}
