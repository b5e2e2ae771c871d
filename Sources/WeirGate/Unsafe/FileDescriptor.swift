import Glibc

/// An open file, pipe or device; closed with its owner.
struct FileDescriptor: ~Copyable {
  private let number: Int32
  private let isOwned: Bool

  /// Standard input, which stays open.
  static func standardInput() -> FileDescriptor { FileDescriptor(number: STDIN_FILENO) }

  /// Standard output, which stays open.
  static func standardOutput() -> FileDescriptor { FileDescriptor(number: STDOUT_FILENO) }

  private init(number: Int32) {
    self.number = number
    isOwned = false
  }

  /// Opens `path` for reading.
  init(reading path: String) throws(GateError) {
    // The string is passed as a terminated copy for the length of the call.
    number = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
    isOwned = true
    guard number >= 0 else { throw GateError(call: "open", code: errno) }
  }

  /// Creates or empties `path` for writing.
  init(writing path: String) throws(GateError) {
    // The string is passed as a terminated copy for the length of the call.
    number = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0o666)
    isOwned = true
    guard number >= 0 else { throw GateError(call: "open", code: errno) }
  }

  deinit {
    if isOwned && number >= 0 { _ = Glibc.close(number) }
  }

  /// Closes now, and says what a deinit could not.
  consuming func close() throws(GateError) {
    let number = number
    let isOwned = isOwned
    discard self
    guard isOwned else { return }
    guard Glibc.close(number) == 0 else { throw GateError(call: "close", code: errno) }
  }

  /// What kind of file it is and how long it is now.
  func status() throws(GateError) -> FileStatus {
    var raw = stat()
    // `raw` is a whole `struct stat` that lives through the call.
    guard unsafe fstat(number, &raw) == 0 else { throw GateError(call: "fstat", code: errno) }
    return FileStatus(raw)
  }

  /// Whether nothing was read yet; false for what cannot be positioned.
  func isAtStart() -> Bool { lseek(number, 0, SEEK_CUR) == 0 }

  /// Waits until something can be read.
  ///
  /// - Returns: false after `milliseconds`, or when a signal came first.
  func waitReadable(milliseconds: Int32) -> Bool {
    var request = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
    // One `pollfd` that lives through the call.
    return unsafe poll(&request, 1, milliseconds) != 0 && request.revents != 0
  }

  /// Reads at most `byteCount` bytes onto the end of `buffer`.
  ///
  /// - Returns: how many; 0 at the end of the file.
  func read(onto buffer: inout ByteBuffer, byteCount: Int) throws(GateError) -> Int {
    let number = number
    var code: Int32 = 0
    let count = unsafe buffer.append(atMost: byteCount) { space in
      while true {
        // `space` is writable for its whole count.
        let result = unsafe Glibc.read(number, space.baseAddress, space.count)
        if result >= 0 { return result }
        code = errno
        if code != EINTR { return 0 }
        code = 0
      }
    }
    guard code == 0 else { throw GateError(call: "read", code: code) }
    return count
  }

  /// Writes all of `buffer`.
  func write(_ buffer: borrowing ByteBuffer) throws(GateError) {
    let number = number
    let code: Int32 = unsafe buffer.withPointer { bytes in
      var written = 0
      while written < bytes.count {
        let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[written...])
        // `rest` is readable for its whole count.
        let result = unsafe Glibc.write(number, rest.baseAddress, rest.count)
        if result < 0 && errno != EINTR { return errno }
        written += max(result, 0)
      }
      return 0
    }
    guard code == 0 else { throw GateError(call: "write", code: code) }
  }

  /// Maps the first `byteCount` bytes read-only; nil when the kernel refuses.
  func map(byteCount: Int) -> MappedFile? { MappedFile(descriptor: number, byteCount: byteCount) }
}

extension FileDescriptor {
  /// Goes on at `offset`; false for what cannot be positioned.
  func seek(to offset: Int) -> Bool { lseek(number, offset, SEEK_SET) == offset }

  /// A hash of the first bytes, by which another file in the same place is told; nil when they cannot be read.
  func fingerprint(byteCount: Int) -> UInt64? {
    var bytes = [UInt8](repeating: 0, count: byteCount)
    let number = number
    // The buffer is writable for its whole count.
    let count = unsafe bytes.withUnsafeMutableBytes {
      unsafe pread(number, $0.baseAddress, $0.count, 0)
    }
    guard count == byteCount else { return nil }
    return bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
  }
}

/// The time of day, by which the file system stamps files.
enum WallClock {
  /// In nanoseconds since 1970.
  static var nanoseconds: Int {
    var time = timespec()
    // `time` is written by the call that it is lent to.
    _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }
}

/// Which file it is on which device: what stays when it is renamed.
struct FileIdentity: Equatable {
  var device: UInt64
  var number: UInt64
}

/// What the file system says of a file.
struct FileStatus: Equatable {
  enum Kind { case regular, directory, other }

  var kind: Kind
  /// In bytes; meaningful for regular files.
  var byteCount: Int
  /// When it was last written to, in seconds since 1970.
  var modified: Int { modifiedNanoseconds / 1_000_000_000 }
  /// The same in nanoseconds.
  var modifiedNanoseconds: Int
  /// Which file it is, whatever its name.
  var identity: FileIdentity

  fileprivate init(_ raw: stat) {
    switch raw.st_mode & S_IFMT {
    case S_IFREG: kind = .regular
    case S_IFDIR: kind = .directory
    default: kind = .other
    }
    byteCount = max(0, Int(raw.st_size))
    modifiedNanoseconds = raw.st_mtim.tv_sec * 1_000_000_000 + raw.st_mtim.tv_nsec
    identity = FileIdentity(device: UInt64(raw.st_dev), number: UInt64(raw.st_ino))
  }

  /// Of the file that `path` names, behind symbolic links.
  init(of path: String) throws(GateError) {
    var raw = stat()
    // `raw` is a whole `struct stat` that lives through the call.
    guard unsafe stat(path, &raw) == 0 else { throw GateError(call: "stat", code: errno) }
    self.init(raw)
  }
}

extension GateError {
  /// More than a file format can hold.
  static let messageTooLong = GateError(call: "write", code: EMSGSIZE)

  /// Whether there is no such file.
  var isMissing: Bool { code == ENOENT || code == ENOTDIR }

  /// The system's words for the error number: `Permission denied`.
  public var reason: String {
    var text = [CChar](repeating: 0, count: 256)
    let code = code
    return unsafe text.withUnsafeMutableBufferPointer { space in
      // The call writes at most `count` bytes, the last of them zero; the string is copied.
      guard let start = space.baseAddress, unsafe strerror_r(code, start, space.count) == 0
      else { return String("error ") + String(code) }
      return unsafe String(cString: start)
    }
  }
}
