import Glibc

/// What a compilation that was killed left behind: `NAME.PID.tmp` beside the database.
enum StaleFiles {
  /// Removes those that nobody writes any more; what cannot be removed stays.
  static func remove(beside path: String) {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { String(path[...$0]) } ?? "./"
    let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    // The stream is closed below and used nowhere else.
    guard let stream = unsafe opendir(folder) else { return }
    defer { unsafe _ = closedir(stream) }
    // `readdir` returns a record that is valid until the next call; the name in it ends with a zero byte.
    while let record = unsafe readdir(stream) {
      let entry = unsafe withUnsafePointer(to: &record.pointee.d_name) { pointer in
        unsafe String(cString: UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self))
      }
      if isTemporary(entry, of: name) { removeUnlessInUse(folder + entry) }
    }
  }

  /// Whether a file is called `NAME.PID.tmp`.
  private static func isTemporary(_ entry: String, of name: String) -> Bool {
    guard entry.hasPrefix(name + "."), entry.hasSuffix(".tmp") else { return false }
    let number = entry.dropFirst(name.count + 1).dropLast(4)
    return !number.isEmpty && number.utf8.allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
  }

  private static func removeUnlessInUse(_ path: String) {
    // The path is read within the call.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    // Whoever writes the file holds its lock.
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return }
    // The path is read within the call.
    _ = unsafe unlink(path)
  }
}
