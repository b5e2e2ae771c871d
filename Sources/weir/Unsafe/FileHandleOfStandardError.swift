import Glibc

/// Standard error, written without buffering.
struct FileHandleOfStandardError {
  /// Writes as much as the descriptor takes.
  func write(_ bytes: [UInt8]) {
    // The buffer is read within the call.
    unsafe bytes.withUnsafeBytes { buffer in
      _ = unsafe Glibc.write(STDERR_FILENO, buffer.baseAddress, buffer.count)
    }
  }
}
