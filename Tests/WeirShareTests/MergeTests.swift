import Testing
import WeirCrypto

@testable import WeirShare

@Suite struct MergeTests {
  private func opening(_ site: borrowing Site) throws -> WindowOpening {
    var store = try site.store()
    let id = try store.open(
      .indicatorsOut, try Site.window(), ReleaseParameters(.indicatorsOut),
      domain: try Site.domain(count: 50), region: "154")
    return try store.opening(of: id)
  }

  @Test func thousandsOfEdgesAddUpInAnyOrder() throws {
    let opening = try opening(Site())
    guard let key = SigningKey(seed: Array(repeating: 4, count: 32)) else { throw EntropyError() }
    var expected = [UInt32](repeating: 0, count: 50)
    var contributions: [EdgeContribution] = []
    for edge in 0..<2000 {
      let counts = (0..<50).map { UInt32(($0 * edge) % 7) }
      for cell in 0..<50 { expected[cell] += counts[cell] }
      let file = EdgeContribution.file(opening, edge: "edge-\(edge)", counts: counts, key: key)
      contributions.append(try EdgeContribution(file: file, edges: ["edge-\(edge)": key.publicKey]))
    }
    var random = SystemRandomNumberGenerator()
    for _ in 0..<3 {
      var sums = EdgeSums(opening)
      for contribution in contributions.shuffled(using: &random) { try sums.add(contribution) }
      #expect(sums.counts == expected)
      let again = try #require(EdgeSums(state: sums.state, opening))
      #expect(again.counts == expected)
      #expect(again.edges.count == 2000)
      #expect(throws: ShareError.self) { try sums.add(contributions[7]) }
    }
  }

  @Test func sumsThatOverflowAreRefusedWhole() throws {
    let opening = try opening(Site())
    guard let key = SigningKey(seed: Array(repeating: 4, count: 32)) else { throw EntropyError() }
    var sums = EdgeSums(opening)
    for edge in ["a", "b"] {
      var counts = [UInt32](repeating: 0, count: 50)
      counts[3] = 1
      counts[9] = .max
      let file = EdgeContribution.file(opening, edge: edge, counts: counts, key: key)
      let contribution = try EdgeContribution(file: file, edges: [edge: key.publicKey])
      if edge == "a" {
        try sums.add(contribution)
      } else {
        #expect(throws: ShareError.self) { try sums.add(contribution) }
      }
    }
    #expect(sums.counts[3] == 1)
    #expect(sums.edges == ["a"])
  }

  @Test func everyMutationOfAContributionIsRefused() throws {
    let opening = try opening(Site())
    guard let key = SigningKey(seed: Array(repeating: 4, count: 32)) else { throw EntropyError() }
    let file = EdgeContribution.file(
      opening, edge: "edge", counts: Array(repeating: 5, count: 50), key: key)
    let edges = ["edge": key.publicKey]
    for index in file.indices {
      var mutant = file
      mutant[index] ^= 1
      #expect(throws: ShareError.self) { try EdgeContribution(file: mutant, edges: edges) }
    }
  }
}
