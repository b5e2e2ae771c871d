import Glibc

/// Files that survive a crash: what was written before a call returned is there after it.
public enum DurableFile {
  /// The largest file that is read.
  public static let bytesMax = 1 << 30

  /// Reads a file; nil when there is none.
  public static func read(_ path: String) throws(ShareError) -> [UInt8]? {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    if file < 0 {
      if errno == ENOENT { return nil }
      throw failure("open", path)
    }
    defer { close(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      // The chunk has the size that the call is told.
      let count = unsafe chunk.withUnsafeMutableBytes {
        unsafe Glibc.read(file, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure("read", path) }
      if count == 0 { return bytes }
      bytes.append(contentsOf: chunk[..<count])
      guard bytes.count <= bytesMax else { throw .file("\(path): too large") }
    }
  }

  /// Puts a file with these bytes in place of what was there: the old one or the new one is there, never a part.
  public static func replace(_ path: String, with bytes: [UInt8], mode: mode_t = 0o600)
    throws(ShareError)
  {
    let temporary = path + ".new"
    let file = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    guard file >= 0 else { throw failure("create", temporary) }
    do throws(ShareError) {
      try write(bytes, to: file, temporary)
    } catch {
      close(file)
      unsafe unlink(temporary)
      throw error
    }
    close(file)
    guard unsafe rename(temporary, path) == 0 else { throw failure("rename", path) }
    try synchronizeFolder(of: path)
  }

  /// Appends bytes; they are on the disk when this returns.
  public static func append(_ bytes: [UInt8], to path: String) throws(ShareError) {
    let file = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw failure("open", path) }
    defer { close(file) }
    try write(bytes, to: file, path)
  }

  /// Cuts a file to its first bytes.
  public static func truncate(_ path: String, to count: Int) throws(ShareError) {
    guard unsafe Glibc.truncate(path, count) == 0 else { throw failure("truncate", path) }
  }

  /// Deletes a file, if it is there.
  public static func remove(_ path: String) throws(ShareError) {
    guard unsafe unlink(path) == 0 || errno == ENOENT else { throw failure("delete", path) }
  }

  /// Makes a folder and those above it, for the owner only.
  public static func makeFolder(_ path: String) throws(ShareError) {
    var part = path.hasPrefix("/") ? "/" : ""
    for name in path.split(separator: "/") {
      part += part.isEmpty || part.hasSuffix("/") ? "\(name)" : "/\(name)"
      guard unsafe mkdir(part, 0o700) == 0 || errno == EEXIST else {
        throw failure("make the folder", part)
      }
    }
  }

  /// Whether there is something at a path.
  public static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  /// Holds a lock on a file until the process ends or the lock goes away; nil when another has it.
  public static func lock(_ path: String) throws(ShareError) -> FileLock? {
    let file = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw failure("open", path) }
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
      close(file)
      return nil
    }
    return FileLock(file)
  }

  private static func write(_ bytes: [UInt8], to file: Int32, _ path: String) throws(ShareError) {
    var written = 0
    while written < bytes.count {
      // The rest of the array is what the call is told.
      let count = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.write(file, $0.baseAddress?.advanced(by: written), $0.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure("write", path) }
      written += count
    }
    guard fsync(file) == 0 else { throw failure("write", path) }
  }

  private static func synchronizeFolder(of path: String) throws(ShareError) {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let file = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard file >= 0 else { throw failure("open", folder) }
    defer { close(file) }
    guard fsync(file) == 0 else { throw failure("write", folder) }
  }

  private static func failure(_ what: String, _ path: String) -> ShareError {
    let reason = unsafe String(cString: strerror(errno))
    return .file("\(path): cannot \(what): \(reason)")
  }
}

/// A lock that ends with this value.
public struct FileLock: ~Copyable {
  private let file: Int32

  fileprivate init(_ file: Int32) { self.file = file }

  deinit { close(file) }
}
