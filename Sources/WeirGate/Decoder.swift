/// One of the decompressors, or none.
enum Decoder: ~Copyable {
  /// Too few bytes came to tell.
  case undetermined
  case stored
  case gzip(GzipInflater)
  case zstd(ZstdInflater)
  case lz4(LZ4Inflater)

  init(_ compression: Compression) {
    switch compression {
    case .none: self = .stored
    case .gzip: self = .gzip(GzipInflater())
    case .zstd: self = .zstd(ZstdInflater())
    case .lz4: self = .lz4(LZ4Inflater())
    }
  }

  /// Uses some of `input` and appends at most `byteCount` bytes to `output`; nil before it is determined.
  mutating func step(
    _ input: borrowing ByteBuffer, onto output: inout ByteBuffer, byteCount: Int
  ) -> InflateStep? {
    switch consume self {
    case .undetermined:
      self = .undetermined
      return nil
    case .stored:
      self = .stored
      let count = min(input.count, byteCount)
      input.withBytes { output.append($0.extracting(first: count)) }
      return InflateStep(consumed: count, produced: count)
    case .gzip(var inflater):
      let step = inflater.inflate(input, onto: &output, byteCount: byteCount)
      self = .gzip(inflater)
      return step
    case .zstd(var inflater):
      let step = inflater.inflate(input, onto: &output, byteCount: byteCount)
      self = .zstd(inflater)
      return step
    case .lz4(var inflater):
      let step = inflater.inflate(input, onto: &output, byteCount: byteCount)
      self = .lz4(inflater)
      return step
    }
  }
}

/// What one call of a decompressor did.
struct InflateStep {
  var consumed = 0
  var produced = 0
  /// Whether a member or frame is complete with what was consumed.
  var isFrameEnd = false
  /// Why it cannot go on.
  var fault: String?
}
