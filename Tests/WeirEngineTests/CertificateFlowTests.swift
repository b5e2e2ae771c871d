import Testing
import WeirEngine
import WeirGate
import WeirModel
import WeirRules
import WeirTally

/// A server's certificate over segments of any length.
struct CertificateFlowTests {
  private func big24(_ value: Int) -> [UInt8] {
    [UInt8(value >> 16)] + Frames.big16(value & 0xffff)
  }

  @Test(arguments: [1, 7, 100, 2000])
  func aListedCertificateBlocksItsConnection(_ length: Int) throws {
    let hello: [UInt8] = [2, 0, 0, 38, 3, 3] + [UInt8](repeating: 9, count: 36)
    // Zeros, so that the digest can be had from anywhere: `head -c 500 /dev/zero | sha1sum`.
    let leaf = [UInt8](repeating: 0, count: 500)
    let chain = big24(leaf.count + 3) + big24(leaf.count) + leaf
    let flight = hello + [11] + big24(chain.count) + chain
    let stream = [22, 3, 3] + Frames.big16(flight.count) + flight
    let rules = try RuleSet.of(
      (
        FeedSettings(name: "certificates"),
        ["fc56d4b3c72a8bfe593373c740d558ec1340ac73"].compactMap { Digest($0) }.map {
          FeedEntry(.certificate($0), line: 1)
        }
      ))
    var gate = MemoryGate()
    for start in stride(from: 0, to: stream.count, by: length) {
      let piece = Array(stream[start..<min(start + length, stream.count)])
      gate.append(
        Frames.ipv4(
          "198.51.100.80", "192.0.2.10", transport: 6,
          Frames.big16(443) + Frames.big16(40_000) + [0, 0] + Frames.big16(start)
            + [0, 0, 0, 0, 0x50, 0x10, 0, 0, 0, 0, 0, 0] + piece), link: .raw)
    }
    let run = try Run(gate, rules: rules)
    #expect(run.sightings.count == 1)
    #expect(run.sightings.allSatisfy { $0.contains(" tls.cert fc56d4") })
    #expect(run.verdicts.last == .block)
    #expect(run.observed.count { $0.hasPrefix("tls.cert ") } == 2)
    #expect(run.unjudged == [:])
  }
}
