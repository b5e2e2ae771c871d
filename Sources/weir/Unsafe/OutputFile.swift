import Glibc

/// A file that is written from beginning to end; `-` is standard output.
struct OutputFile: ~Copyable {
  private let descriptor: Int32
  private let path: String
  private let temporaryPath: String?

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - atomically: whether the old file stays until `finish`; for files that are read as a whole.
  ///   - appends: whether what the file holds stays; for logs.
  init(_ path: String, atomically: Bool = false, appends: Bool = false) throws(Failure) {
    self.path = path
    if path == "-" {
      descriptor = STDOUT_FILENO
      temporaryPath = nil
      return
    }
    temporaryPath = atomically ? "\(path).\(getpid()).tmp" : nil
    // The path is read within the call.
    descriptor = unsafe open(
      temporaryPath ?? path,
      O_WRONLY | O_CREAT | O_CLOEXEC | (appends ? O_APPEND : O_TRUNC), 0o644)
    guard descriptor >= 0 else {
      throw Failure(.cannotCreate, "\(path): cannot be created: \(SystemError.text(errno))")
    }
  }

  deinit {
    if descriptor > STDERR_FILENO { close(descriptor) }
  }

  /// Whether two paths lead to one file that is there.
  static func isSame(_ left: String, _ right: String) -> Bool {
    guard left != "-", right != "-" else { return false }
    var (first, second) = (stat(), stat())
    // Both are written by the calls that they are lent to.
    guard unsafe stat(left, &first) == 0, unsafe stat(right, &second) == 0 else { return false }
    return first.st_dev == second.st_dev && first.st_ino == second.st_ino
  }

  /// Writes all bytes.
  func write(_ bytes: [UInt8]) throws(Failure) {
    var offset = 0
    while offset < bytes.count {
      // The buffer is `bytes`, and `offset` lies inside it.
      let written = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.write(
          descriptor, buffer.baseAddress.map { unsafe $0 + offset }, buffer.count - offset)
      }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else {
        throw Failure(
          .readOrWriteError, "\(path): cannot be written: \(SystemError.text(errno))")
      }
      offset += written
    }
  }

  /// Puts the file in its place.
  consuming func finish() throws(Failure) {
    guard let temporaryPath else { return }
    guard fsync(descriptor) == 0, unsafe rename(temporaryPath, path) == 0 else {
      throw Failure(.readOrWriteError, "\(path): cannot be written: \(SystemError.text(errno))")
    }
  }
}

/// What the system says of an error number.
enum SystemError {
  static func text(_ code: Int32) -> String {
    // The string is the C library's and is copied at once.
    guard let text = unsafe strerror(code) else { return "error \(code)" }
    return unsafe String(cString: text)
  }
}

extension OutputFile {
  /// Writes a whole file, the old one staying until the new one is complete.
  static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
    let file = try OutputFile(path, atomically: true)
    try file.write(bytes)
    try file.finish()
  }
}
