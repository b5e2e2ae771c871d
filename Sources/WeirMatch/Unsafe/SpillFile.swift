import Glibc

/// A file without a name, for what has no room in memory: gone when its last user is, also after `kill -9`.
final class SpillFile: Sendable {
  private let descriptor: Int32

  /// `O_TMPFILE` without `O_DIRECTORY`, which is a macro that Swift does not import.
  private static let temporaryFlag: Int32 = 0o20_000_000

  /// Makes an empty file on the file system of a folder.
  init(in folder: String) throws(ScratchError) {
    // The path is read within the call.
    var opened = unsafe open(
      folder, SpillFile.temporaryFlag | O_DIRECTORY | O_RDWR | O_CLOEXEC, 0o600)
    if opened < 0 { opened = SpillFile.openUnlinked(in: folder) }
    descriptor = opened
    guard opened >= 0 else { throw ScratchError(call: "open", code: errno) }
  }

  deinit { close(descriptor) }

  /// The same on a file system that does not know of files without names.
  private static func openUnlinked(in folder: String) -> Int32 {
    var path = Array("\(folder)/.weir-XXXXXX".utf8CString)
    // The path is an array that ends with a zero byte and outlives both calls; the first one fills in its end.
    return unsafe path.withUnsafeMutableBufferPointer { path in
      guard let start = path.baseAddress else { return -1 }
      let opened = unsafe mkstemp(start)
      if opened >= 0 { _ = unsafe unlink(start) }
      return opened
    }
  }

  /// Writes at a place.
  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(ScratchError) {
    var done = 0
    while done < bytes.count {
      // The buffer is read within its bounds: from `done` to its end.
      let result = unsafe pwrite(
        descriptor, bytes.baseAddress.map { unsafe $0 + done }, bytes.count - done, offset + done)
      if result < 0, errno == EINTR { continue }
      guard result > 0 else { throw ScratchError(call: "write", code: result < 0 ? errno : ENOSPC) }
      done += result
    }
  }

  /// Fills a buffer from a place; all of it has been written before.
  func read(_ bytes: UnsafeMutableRawBufferPointer, at offset: Int) throws(ScratchError) {
    var done = 0
    while done < bytes.count {
      // The buffer is written within its bounds: from `done` to its end.
      let result = unsafe pread(
        descriptor, bytes.baseAddress.map { unsafe $0 + done }, bytes.count - done, offset + done)
      if result < 0, errno == EINTR { continue }
      guard result > 0 else { throw ScratchError(call: "read", code: result < 0 ? errno : EIO) }
      done += result
    }
  }
}

/// A temporary file failed.
public struct ScratchError: Error, Hashable, Sendable {
  /// The call of the system.
  public var call: String
  /// Its error number.
  public var code: Int32
}

extension ScratchError: CustomStringConvertible {
  /// The system's words.
  public var description: String {
    // The text is the C library's and is copied at once.
    let reason = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    return "temporary file: \(call): \(reason)"
  }
}
