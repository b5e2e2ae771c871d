import Glibc
import WeirModel

/// An open feed file.
public struct FeedFile: ~Copyable {
  private let descriptor: Int32
  /// When the content was last changed; nil when it is no regular file.
  let modified: Timestamp?

  /// Opens a file for reading.
  init(path: String) throws(FeedReadError) {
    // The string lives through the call.
    let opened = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard opened >= 0 else { throw .system(call: "open", code: errno) }
    descriptor = opened
    var status = stat()
    // `status` is written by the call and lives through it.
    let result = unsafe fstat(opened, &status)
    modified =
      result == 0 && status.st_mode & S_IFMT == S_IFREG
      ? Timestamp(
        seconds: Int64(status.st_mtim.tv_sec), nanoseconds: Int64(status.st_mtim.tv_nsec))
      : nil
  }

  deinit { close(descriptor) }

  /// Reads at least one byte to `output` from `start` on; zero at the end.
  func read(into output: inout [UInt8], from start: Int) throws(FeedReadError) -> Int {
    while true {
      // The buffer is written within its bounds: from `start` to its end.
      let count = unsafe output.withUnsafeMutableBytes { buffer in
        let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[start...])
        return unsafe Glibc.read(descriptor, rest.baseAddress, rest.count)
      }
      if count >= 0 { return count }
      guard errno == EINTR else { throw .system(call: "read", code: errno) }
    }
  }

  /// Whether there is a file or a directory with this path.
  public static func exists(_ path: String) -> Bool {
    // The string lives through the call.
    unsafe access(path, F_OK) == 0
  }

  /// Whether the path is a directory.
  public static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    // Both arguments live through the call.
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The names in a directory, sorted by bytes, without `.` and `..`; empty when it cannot be read.
  static func directoryEntries(_ path: String) -> [String] {
    // The stream is closed below and used nowhere else.
    guard let stream = unsafe opendir(path) else { return [] }
    defer { unsafe _ = closedir(stream) }
    var names: [String] = []
    // `readdir` returns a record that is valid until the next call; the name in it ends with a zero byte.
    while let record = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &record.pointee.d_name) { pointer in
        unsafe String(cString: UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self))
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
  }

  /// The system's words for an error number.
  static func message(of code: Int32) -> String {
    // `strerror` returns a text that is valid until the next call on this thread.
    unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
  }
}
