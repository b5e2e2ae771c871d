import Foundation

/// The program under test, run as a user runs it.
enum WeirProgram {
  /// What a run came to.
  struct Outcome {
    /// The exit status; the signal's number when one ended the program.
    var status: Int32
    /// Whether a signal ended the program, or it was killed because it did not end in time.
    var wasSignaled: Bool
    /// Standard output.
    var output: Data
    /// Standard error.
    var complaints: String

    /// Standard output as text.
    var text: String { String(decoding: output, as: UTF8.self) }

    /// The summary that `-o json` printed.
    func summary() throws -> Summary { try JSONDecoder().decode(Summary.self, from: output) }
  }

  /// The root of the package.
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The folder of the project's own test data.
  static let fixtures = root.appending(path: "Fixtures").path

  /// The executable: `WEIR_PROGRAM`, or else the one that was built beside the tests.
  static let path: String = {
    if let named = ProcessInfo.processInfo.environment["WEIR_PROGRAM"] { return named }
    let beside = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appending(path: "weir").path
    if FileManager.default.isExecutableFile(atPath: beside) { return beside }
    return root.appending(path: ".build/debug/weir").path
  }()

  /// Runs the program to its end and never longer than `seconds`.
  static func run(
    _ arguments: [String], input: String? = nil, seconds: Double = 60
  ) throws -> Outcome {
    let folder = try TemporaryFolder()
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    // Files, because a pipe that nobody empties would hold the program up.
    let output = try folder.create("output")
    let complaints = try folder.create("complaints")
    process.standardOutput = output
    process.standardError = complaints
    process.standardInput =
      try input.map { try FileHandle(forReadingFrom: URL(filePath: $0)) } ?? FileHandle.nullDevice
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    try process.run()
    if ended.wait(timeout: .now() + seconds) == .timedOut {
      kill(process.processIdentifier, SIGKILL)
      ended.wait()
    }
    return Outcome(
      status: process.terminationStatus,
      wasSignaled: process.terminationReason == .uncaughtSignal,
      output: try Data(contentsOf: URL(filePath: folder["output"])),
      complaints: String(
        decoding: try Data(contentsOf: URL(filePath: folder["complaints"])), as: UTF8.self))
  }

  /// Runs `weir replay` with `-o json`.
  static func replay(_ arguments: [String], seconds: Double = 60) throws -> Outcome {
    try run(["replay", "-o", "json"] + arguments, seconds: seconds)
  }

  /// The path of a fixture capture.
  static func capture(_ name: String) -> String { "\(fixtures)/captures/\(name)" }

  /// The options that load the fixture feeds.
  static let feeds = ["--feed", "\(fixtures)/feeds"]
}

/// A folder that is gone when the test is over.
final class TemporaryFolder {
  /// Where it is.
  let url: URL

  /// Makes a folder of its own.
  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "weir-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// The path of a file in the folder.
  subscript(_ name: String) -> String { url.appending(path: name).path }

  /// Makes an empty file and opens it for writing.
  func create(_ name: String) throws -> FileHandle {
    try Data().write(to: URL(filePath: self[name]))
    return try FileHandle(forWritingTo: URL(filePath: self[name]))
  }

  /// Writes a file and gives its path.
  func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
    try Data(bytes).write(to: URL(filePath: self[name]))
    return self[name]
  }

  /// Reads a file.
  func data(_ name: String) throws -> Data { try Data(contentsOf: URL(filePath: self[name])) }
}
