import Foundation
import Testing

@Suite("Enforcement in network namespaces")
struct EnforceTests {
  /// Namespaces of one's own: as root, and as a user who is root only there.
  @Test(arguments: [["-nm"], ["-Urnm"]]) func theKernelBlocksWhatItShould(
    flags: [String]
  ) throws {
    try Self.tryOut("enforce.py", flags, proof: "203.0.113.255 is blocked")
  }

  @Test(arguments: [["-nm"], ["-Urnm"]]) func aRunWatchesAndKeepsTheKernelTrue(
    flags: [String]
  ) throws {
    try Self.tryOut("run.py", flags, proof: "every packet is counted")
  }

  /// Runs a script whose every line is a check.
  private static func tryOut(_ name: String, _ flags: [String], proof: String) throws {
    for program in ["/usr/sbin/nft", "/usr/bin/unshare", "/usr/bin/python3"]
    where !FileManager.default.isExecutableFile(atPath: program) {
      print("skipped: \(program) is not installed")
      return
    }
    let isAllowed = try run(
      ["/usr/bin/unshare"] + flags + ["/usr/sbin/nft", "list", "tables"])
    guard isAllowed.status == 0 else {
      print("skipped: unshare \(flags): \(isAllowed.output)")
      return
    }
    let script = WeirProgram.root.appending(path: "Tests/ReplayTests/Namespaces/\(name)").path
    let outcome = try run(
      ["/usr/bin/unshare"] + flags + ["/usr/bin/python3", script, WeirProgram.path])
    let failed = outcome.output.split(separator: "\n").filter { !$0.hasPrefix("ok ") }
    #expect(outcome.status == 0, "\(failed.joined(separator: "\n"))")
    #expect(outcome.output.contains("ok      \(proof)"))
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
    if ended.wait(timeout: .now() + 180) == .timedOut {
      kill(process.processIdentifier, SIGKILL)
      ended.wait()
    }
    let text = String(decoding: try folder.data("output"), as: UTF8.self)
    return (process.terminationStatus, text)
  }
}
