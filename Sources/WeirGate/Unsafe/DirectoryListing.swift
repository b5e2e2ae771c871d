import Glibc

/// The names in the directory at `path`, without `.` and `..`, sorted by their bytes.
func directoryListing(_ path: String) throws(GateError) -> [String] {
  // The path is passed as a terminated copy for the length of the call.
  guard let directory = unsafe opendir(path) else { throw GateError(call: "opendir", code: errno) }
  // `directory` is open and closed once.
  defer { _ = unsafe closedir(directory) }
  var names: [String] = []
  errno = 0
  while let entry = unsafe readdir(directory) {
    // The name is a terminated string inside the entry, valid until the next call; it is copied at once.
    let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { field in
      unsafe field.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
    }
    if name != "." && name != ".." { names.append(name) }
    errno = 0
  }
  guard errno == 0 else { throw GateError(call: "readdir", code: errno) }
  return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
}

/// Whether `path` itself is a symbolic link.
func isSymbolicLink(_ path: String) -> Bool {
  var raw = stat()
  // `raw` is a whole `struct stat` that lives through the call.
  return unsafe lstat(path, &raw) == 0 && raw.st_mode & S_IFMT == S_IFLNK
}
