import Glibc

/// A program run to its end.
public struct Command: Sendable {
  /// What a run left.
  public struct Outcome: Sendable {
    /// The exit status, or 128 and the signal that ended it.
    public let status: Int32
    /// Standard output.
    public let output: [UInt8]
    /// What passed, in seconds.
    public let wallSeconds: Double
    /// What the processor spent on it, in seconds.
    public let processorSeconds: Double
  }

  /// The file to run.
  public let path: String
  /// The words after the program's name.
  public let arguments: [String]

  /// A command; nothing runs yet.
  public init(_ path: String, _ arguments: [String]) {
    self.path = path
    self.arguments = arguments
  }

  /// The file that `name` stands for: a path when it has a slash, else looked for on `PATH`.
  public static func find(_ name: String) -> String? {
    if name.contains("/") { return isExecutable(name) ? name : nil }
    // `getenv` returns nil or a C string that nothing here changes.
    guard let list = unsafe getenv("PATH") else { return nil }
    return unsafe String(cString: list).split(separator: ":")
      .map { "\($0)/\(name)" }.first(where: isExecutable)
  }

  private static func isExecutable(_ path: String) -> Bool {
    var status = stat()
    // Both C strings, and the structure, live for the calls.
    guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
    return unsafe access(path, X_OK) == 0
  }

  /// Runs it with standard output collected, and standard error passed on or dropped.
  public func run(isQuiet: Bool = true) throws -> Outcome {
    var ends: [Int32] = [-1, -1]
    // The array has room for the two descriptors that `pipe` writes.
    guard unsafe pipe(&ends) == 0 else { throw Absent("no pipe: error \(errno)") }
    let watch = Stopwatch()
    let child = spawn(outputTo: ends[1], closing: ends, isQuiet: isQuiet)
    close(ends[1])
    defer { close(ends[0]) }
    guard let child else { throw Absent("\(path) cannot be started") }
    let output = Command.readAll(ends[0])
    var status: Int32 = 0
    var usage = rusage()
    // Both live for the call, which fills them; only a signal makes it return early.
    while unsafe wait4(child, &status, 0, &usage) < 0, errno == EINTR {}
    let signal = status & 0x7F
    return Outcome(
      status: signal == 0 ? status >> 8 & 0xFF : 128 + signal, output: output,
      wallSeconds: watch.seconds(.wall),
      processorSeconds: Command.seconds(usage.ru_utime) + Command.seconds(usage.ru_stime))
  }

  private func spawn(
    outputTo descriptor: Int32, closing others: [Int32], isQuiet: Bool
  ) -> pid_t? {
    var actions = unsafe posix_spawn_file_actions_t()
    // Initialized here, destroyed before it goes out of scope, never copied.
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, 1)
    for other in others { unsafe posix_spawn_file_actions_addclose(&actions, other) }
    if isQuiet { unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0) }
    // Each word is copied for the child's list, which ends with nil, and freed after the call.
    var words = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
    defer { unsafe words.forEach { unsafe free($0) } }
    var child: pid_t = 0
    let result = unsafe posix_spawn(&child, path, &actions, nil, &words, environ)
    return result == 0 ? child : nil
  }

  private static func readAll(_ descriptor: Int32) -> [UInt8] {
    var all: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = part.count
      // `read` writes at most `count` bytes, which is what the array has.
      let got = unsafe read(descriptor, &part, count)
      if got < 0, errno == EINTR { continue }
      if got <= 0 { return all }
      all += part[..<got]
    }
  }

  private static func seconds(_ time: timeval) -> Double {
    Double(time.tv_sec) + Double(time.tv_usec) / 1e6
  }
}
