import Glibc

/// A file that is written from its start to its end.
struct CaptureFile: ~Copyable {
  private let descriptor: Int32
  private let path: String

  /// Makes the file, or empties it.
  init(path: String) throws(CaptureError) {
    self.path = path
    // The C string lives for the call; `open` keeps no pointer to it.
    descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    if descriptor < 0 { throw .cannotWrite(path: path, errno: errno) }
  }

  deinit {
    close(descriptor)
  }

  /// Appends all of `bytes`.
  func write(_ bytes: Span<UInt8>) throws(CaptureError) {
    var written = 0
    while written < bytes.count {
      let rest = bytes.extracting(written..<bytes.count)
      let result = unsafe rest.withUnsafeBytes { buffer in
        // The buffer is valid for the closure, and `write` reads no more than its count.
        unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
      }
      if result < 0 {
        if errno == EINTR { continue }
        throw .cannotWrite(path: path, errno: errno)
      }
      written += result
    }
  }
}

/// Copies `source` into `target` from `offset` on; traps when it does not fit.
///
/// The standard library has no bulk copy between spans; byte by byte with checks took five
/// times as long for full frames.
func copyBytes(_ source: Span<UInt8>, to target: inout MutableSpan<UInt8>, at offset: Int) {
  precondition(offset >= 0 && source.count <= target.count - offset)
  guard source.count > 0 else { return }
  unsafe source.withUnsafeBytes { from in
    unsafe target.withUnsafeMutableBytes { into in
      // Both buffers are valid for the closures, do not overlap (one is borrowed, one is
      // exclusive), and the precondition keeps the copy inside both.
      guard let fromBase = from.baseAddress, let intoBase = into.baseAddress else { return }
      unsafe (intoBase + offset).copyMemory(from: fromBase, byteCount: from.count)
    }
  }
}
