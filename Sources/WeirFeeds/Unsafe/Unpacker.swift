import CCompression

/// How a file is packed.
enum Packing: String {
  case gzip, zstd, lz4

  /// Tells the packing from the first bytes of a file; nil for any other content.
  init?(magic: Span<UInt8>) {
    guard magic.count >= 4 else { return nil }
    switch (magic[0], magic[1], magic[2], magic[3]) {
    case (0x1f, 0x8b, 0x08, _): self = .gzip
    case (0x28, 0xb5, 0x2f, 0xfd): self = .zstd
    case (0x04, 0x22, 0x4d, 0x18): self = .lz4
    default: return nil
    }
  }
}

/// Unpacks one stream of gzip members, zstd frames or lz4 frames.
///
/// Memory is bounded by the library's window: 32 KiB for gzip, 32 MiB for zstd, 4 MiB for lz4.
@safe struct Unpacker: ~Copyable {
  @unsafe private enum Context {
    case gzip(UnsafeMutablePointer<z_stream>)
    case zstd(OpaquePointer)
    case lz4(OpaquePointer)
  }

  private let packing: Packing
  /// Made by the library in `init`, used by `self` only, released in `deinit`.
  private let context: Context
  /// Whether the data may end here: between two members or frames.
  private var isComplete = false
  private var isBehindData = false

  /// 2^25 bytes: `zstd -19` uses 2^23.
  private static let zstdWindowLogMax: Int32 = 25

  init(_ packing: Packing) throws(FeedReadError) {
    self.packing = packing
    switch packing {
    case .gzip:
      let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
      unsafe stream.initialize(to: z_stream())
      // 16 asks for gzip; the structure's size is that of the header this was compiled with.
      let code = unsafe inflateInit2_(
        stream, 16 + MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
      guard code == Z_OK else {
        unsafe stream.deallocate()
        throw .damaged(packing.rawValue)
      }
      unsafe context = .gzip(stream)
    case .zstd:
      guard let stream = unsafe ZSTD_createDStream() else { throw .damaged(packing.rawValue) }
      unsafe ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, Unpacker.zstdWindowLogMax)
      unsafe context = .zstd(stream)
    case .lz4:
      var stream: OpaquePointer?
      let code = unsafe LZ4F_createDecompressionContext(&stream, UInt32(LZ4F_VERSION))
      guard LZ4F_isError(code) == 0, let stream = unsafe stream else {
        throw .damaged(packing.rawValue)
      }
      unsafe context = .lz4(stream)
    }
  }

  deinit {
    switch unsafe context {
    case .gzip(let stream):
      unsafe inflateEnd(stream)
      unsafe stream.deallocate()
    case .zstd(let stream): unsafe ZSTD_freeDStream(stream)
    case .lz4(let stream): unsafe LZ4F_freeDecompressionContext(stream)
    }
  }

  /// Unpacks from `input[range]` to `output[start...]`; moves the range's beginning behind what was used and
  /// returns how many bytes were made, which may be none.
  mutating func unpack(
    _ input: Span<UInt8>, _ range: inout Range<Int>, into output: inout [UInt8], from start: Int
  ) throws(FeedReadError) -> Int {
    if isBehindData {
      range = range.upperBound..<range.upperBound
      return 0
    }
    var used = 0
    var made = 0
    let source = input.extracting(range)
    // Both buffers outlive the calls inside; the libraries get their exact bounds.
    let isSound = unsafe source.withUnsafeBufferPointer { source in
      unsafe output.withUnsafeMutableBufferPointer { output in
        let target = unsafe UnsafeMutableBufferPointer(rebasing: output[start...])
        return unsafe step(source, target, used: &used, made: &made)
      }
    }
    range = range.lowerBound + used..<range.upperBound
    guard isSound else { throw .damaged(packing.rawValue) }
    return made
  }

  /// Reports data that ends within a member or frame.
  func checkEnd() throws(FeedReadError) {
    guard isComplete || isBehindData else { throw .truncated(packing.rawValue) }
  }

  private mutating func step(
    _ source: UnsafeBufferPointer<UInt8>, _ target: UnsafeMutableBufferPointer<UInt8>,
    used: inout Int, made: inout Int
  ) -> Bool {
    switch unsafe context {
    case .gzip(let stream):
      return unsafe inflateStep(stream, source, target, used: &used, made: &made)
    case .zstd(let stream):
      return unsafe zstdStep(stream, source, target, used: &used, made: &made)
    case .lz4(let stream):
      (used, made) = (source.count, target.count)
      // A call without input at the end of a frame would begin a new one.
      if source.isEmpty, isComplete {
        made = 0
        return true
      }
      let code = unsafe LZ4F_decompress(
        stream, target.baseAddress, &made, source.baseAddress, &used, nil)
      guard LZ4F_isError(code) == 0 else { return false }
      isComplete = code == 0
      return true
    }
  }

  private mutating func zstdStep(
    _ stream: OpaquePointer, _ source: UnsafeBufferPointer<UInt8>,
    _ target: UnsafeMutableBufferPointer<UInt8>, used: inout Int, made: inout Int
  ) -> Bool {
    if source.isEmpty, isComplete { return true }
    // The positions start at zero and are moved by the library within the sizes.
    var input = unsafe ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
    var output = unsafe ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
    let code = unsafe ZSTD_decompressStream(stream, &output, &input)
    (used, made) = unsafe (input.pos, output.pos)
    guard ZSTD_isError(code) == 0 else { return false }
    isComplete = code == 0
    return true
  }

  private mutating func inflateStep(
    _ stream: UnsafeMutablePointer<z_stream>, _ source: UnsafeBufferPointer<UInt8>,
    _ target: UnsafeMutableBufferPointer<UInt8>, used: inout Int, made: inout Int
  ) -> Bool {
    if source.isEmpty, isComplete { return true }
    // Bytes behind the last member that begin no other one are padding, as gzip itself takes them.
    if isComplete, unsafe source[0] != 0x1f {
      isBehindData = true
      used = source.count
      return true
    }
    // zlib reads from `next_in` only, in spite of its type; both counts fit 32 bits, since the buffers do.
    unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
    unsafe stream.pointee.avail_in = UInt32(source.count)
    unsafe stream.pointee.next_out = target.baseAddress
    unsafe stream.pointee.avail_out = UInt32(target.count)
    let code = unsafe inflate(stream, Z_NO_FLUSH)
    used = unsafe source.count - Int(stream.pointee.avail_in)
    made = unsafe target.count - Int(stream.pointee.avail_out)
    isComplete = code == Z_STREAM_END
    if isComplete { return unsafe inflateReset(stream) == Z_OK }
    return code == Z_OK || code == Z_BUF_ERROR
  }
}
