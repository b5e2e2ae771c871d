import Testing

/// The sizes of the tables that a replay keeps between packets.
@Suite struct TableSizeTests {
  private let capture = ["segments.pcap"].map { WeirProgram.capture($0) }

  @Test func smallTablesAreEnoughForFewFlows() throws {
    let usual = try WeirProgram.replay(capture + WeirProgram.feeds)
    let small = try WeirProgram.replay(
      capture + WeirProgram.feeds + ["--max-flows", "512", "--stream-memory", "2M"])
    #expect(usual.status == 0 && small.status == 0, "\(small.complaints)")
    let (expected, found) = (try usual.summary(), try small.summary())
    #expect(found.sightings.total == expected.sightings.total && expected.sightings.total > 0)
    #expect(found.observables == expected.observables)
  }

  @Test(
    arguments: [
      ["--max-flows", "0"], ["--max-flows", "-5"], ["--stream-memory", "much"],
      ["--stream-memory", "0"],
    ])
  func sizesThatAreNoneAreRefused(_ option: [String]) throws {
    let run = try WeirProgram.replay(capture + WeirProgram.feeds + option)
    #expect(run.status == 2)
  }
}
