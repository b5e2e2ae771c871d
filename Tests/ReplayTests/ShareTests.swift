import Foundation
import Testing

@Suite("Sharing, from traffic to a partner's check")
struct ShareTests {
  @Test func disclosuresHoldAgainstEverythingThatIsTried() throws {
    try Self.tryOut("share.py", proof: "both verifiers accept the bundle")
  }

  @Test func edgesAreAddedUpAndDrawnOnce() throws {
    try Self.tryOut("merge.py", proof: "one draw for all")
  }

  /// Runs a script whose every line is a check.
  private static func tryOut(_ name: String, proof: String) throws {
    let python = "/usr/bin/python3"
    guard FileManager.default.isExecutableFile(atPath: python),
      try Script.run([python, "-c", "import cryptography"]).status == 0
    else {
      print("skipped: python3 with the package cryptography is not installed")
      return
    }
    let folder = try TemporaryFolder()
    let script = WeirProgram.root.appending(path: "Tests/ReplayTests/Sharing/\(name)").path
    let outcome = try Script.run(
      [python, script, WeirProgram.path, folder["tried"]], seconds: 420)
    #expect(outcome.status == 0, "\(Script.failures(outcome.output))")
    #expect(outcome.output.contains("ok      \(proof)"))
  }
}
