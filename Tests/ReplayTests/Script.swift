import Foundation

/// A program that tries Weir out from outside, and says one check a line.
enum Script {
  /// Runs a command to its end and never longer than `seconds`; both outputs together.
  static func run(
    _ command: [String], seconds: Double = 180
  ) throws -> (status: Int32, output: String) {
    let folder = try TemporaryFolder()
    let process = Process()
    process.executableURL = URL(filePath: command[0])
    process.arguments = Array(command.dropFirst())
    let output = try folder.create("output")
    process.standardOutput = output
    process.standardError = output
    process.standardInput = FileHandle.nullDevice
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    try process.run()
    if ended.wait(timeout: .now() + seconds) == .timedOut {
      kill(process.processIdentifier, SIGKILL)
      ended.wait()
    }
    let text = String(decoding: try folder.data("output"), as: UTF8.self)
    return (process.terminationStatus, text)
  }

  /// What of an output is no passed check.
  static func failures(_ output: String) -> String {
    output.split(separator: "\n").filter { !$0.hasPrefix("ok ") }.joined(separator: "\n")
  }
}
