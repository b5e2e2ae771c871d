import Testing
import WeirGate
import WeirModel
import WeirRules

/// The frames of `Fixtures/frames` through all stations.
struct FrameTests {
  @Test func theFixturesAreThere() {
    #expect(FrameFile.all.count > 100)
  }

  @Test(arguments: FrameFile.all)
  func everyFrameTellsWhatIsExpected(_ file: FrameFile) throws {
    var gate = MemoryGate()
    gate.append(file.bytes, link: file.link, wireLength: file.wireLength)
    let run = try Run(gate, rules: try RuleSet.of())
    var told = run.observed
    for (reason, count) in run.unjudged {
      told += Array(repeating: "undecided \(reason)", count: Int(count))
    }
    #expect(told.sorted() == file.expected)
  }
}
