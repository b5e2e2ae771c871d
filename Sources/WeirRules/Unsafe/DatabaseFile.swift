import Glibc
import WeirMatch

/// A database file that is read, or one that is written beside the one it is to replace.
struct DatabaseFile: ~Copyable {
  private let descriptor: Int32
  /// The file that is replaced, and the one that is written; nil when reading.
  private let replacement: (path: String, temporaryPath: String)?
  private var isCommitted = false

  /// Opens a file for reading.
  init(reading path: String) throws(DatabaseError) {
    // The path is read within the call.
    descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    replacement = nil
    guard descriptor >= 0 else { throw DatabaseFile.failure("open") }
  }

  /// Makes a new file in the folder of `path`.
  init(replacing path: String) throws(DatabaseError) {
    StaleFiles.remove(beside: path)
    let temporaryPath = "\(path).\(getpid()).tmp"
    // The path is read within the call.
    descriptor = unsafe open(
      temporaryPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
    replacement = (path, temporaryPath)
    guard descriptor >= 0 else { throw DatabaseFile.failure("open") }
    // Held until the file is closed: who can take it knows that nobody writes any more.
    _ = flock(descriptor, LOCK_EX | LOCK_NB)
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    guard let replacement, !isCommitted else { return }
    // The path is read within the call.
    _ = unsafe unlink(replacement.temporaryPath)
  }

  /// How long the file is.
  func byteCount() throws(DatabaseError) -> Int {
    var status = stat()
    // `status` is written by the call and lives through it.
    guard unsafe fstat(descriptor, &status) == 0 else { throw DatabaseFile.failure("fstat") }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .system(call: "open", reason: "no regular file")
    }
    return Int(status.st_size)
  }

  /// Some of the file's bytes.
  func bytes(at offset: Int, count: Int) throws(DatabaseError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      // The buffer is written within its bounds: from `filled` to its end.
      let result = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe pread(
          descriptor, buffer.baseAddress.map { unsafe $0 + filled }, count - filled,
          offset + filled)
      }
      if result < 0, errno == EINTR { continue }
      guard result >= 0 else { throw DatabaseFile.failure("read") }
      guard result > 0 else { throw .truncated(expected: offset + count, found: offset + filled) }
      filled += result
    }
    return bytes
  }

  /// Maps an image in the file.
  func image(at offset: Int, byteCount: Int) throws(DatabaseError) -> Image {
    do throws(ImageError) {
      return try Image(descriptor: descriptor, offset: offset, byteCount: byteCount)
    } catch {
      throw DatabaseError(error)
    }
  }

  /// Writes at the end, or over what stands at `offset`.
  func write(_ bytes: Span<UInt8>, at offset: Int? = nil) throws(DatabaseError) {
    var done = 0
    while done < bytes.count {
      // The buffer is read within its bounds: from `done` to its end.
      let result = unsafe bytes.withUnsafeBytes { buffer in
        let start = unsafe buffer.baseAddress.map { unsafe $0 + done }
        let rest = buffer.count - done
        guard let offset else { return unsafe Glibc.write(descriptor, start, rest) }
        return unsafe pwrite(descriptor, start, rest, offset + done)
      }
      if result < 0, errno == EINTR { continue }
      guard result > 0 else { throw DatabaseFile.failure("write") }
      done += result
    }
  }

  /// Puts the new file, complete and on disk, in the place of the old one.
  consuming func commit() throws(DatabaseError) {
    guard let replacement else { return }
    guard fsync(descriptor) == 0 else { throw DatabaseFile.failure("fsync") }
    // Both paths are read within the call.
    guard unsafe rename(replacement.temporaryPath, replacement.path) == 0 else {
      throw DatabaseFile.failure("rename")
    }
    isCommitted = true
    try DatabaseFile.synchronizeFolder(of: replacement.path)
  }

  /// Makes sure that the new name is on disk too.
  private static func synchronizeFolder(of path: String) throws(DatabaseError) {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    // The path is read within the call.
    let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("open") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw failure("fsync") }
  }

  private static func failure(_ call: String) -> DatabaseError {
    let code = errno
    // The text is the C library's and is copied at once.
    let reason = unsafe strerror(code).map { unsafe String(cString: $0) }
    return .system(call: call, reason: reason ?? "error \(code)")
  }
}
