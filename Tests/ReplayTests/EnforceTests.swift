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
    let isAllowed = try Script.run(
      ["/usr/bin/unshare"] + flags + ["/usr/sbin/nft", "list", "tables"])
    guard isAllowed.status == 0 else {
      print("skipped: unshare \(flags): \(isAllowed.output)")
      return
    }
    let script = WeirProgram.root.appending(path: "Tests/ReplayTests/Namespaces/\(name)").path
    let outcome = try Script.run(
      ["/usr/bin/unshare"] + flags + ["/usr/bin/python3", script, WeirProgram.path])
    #expect(outcome.status == 0, "\(Script.failures(outcome.output))")
    #expect(outcome.output.contains("ok      \(proof)"))
  }
}
