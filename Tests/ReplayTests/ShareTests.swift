import Foundation
import Testing

@Suite("Sharing, from traffic to a partner's check")
struct ShareTests {
  @Test func disclosuresHoldAgainstEverythingThatIsTried() throws {
    let python = "/usr/bin/python3"
    guard FileManager.default.isExecutableFile(atPath: python),
      try Self.run([python, "-c", "import cryptography"]).status == 0
    else {
      print("skipped: python3 with the package cryptography is not installed")
      return
    }
    let folder = try TemporaryFolder()
    let script = WeirProgram.root.appending(path: "Tests/ReplayTests/Sharing/share.py").path
    let outcome = try Self.run([python, script, WeirProgram.path, folder["tried"]])
    let failed = outcome.output.split(separator: "\n").filter { !$0.hasPrefix("ok ") }
    #expect(outcome.status == 0, "\(failed.joined(separator: "\n"))")
    #expect(outcome.output.contains("ok      both verifiers accept the bundle"))
  }

  private static func run(_ command: [String]) throws -> (status: Int32, output: String) {
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
    if ended.wait(timeout: .now() + 420) == .timedOut {
      kill(process.processIdentifier, SIGKILL)
      ended.wait()
    }
    let text = String(decoding: try folder.data("output"), as: UTF8.self)
    return (process.terminationStatus, text)
  }
}
