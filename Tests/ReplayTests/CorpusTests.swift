import Foundation
import Testing

/// The captures of other projects, which lie beside the repository, against what tshark said of them.
@Suite struct CorpusTests {
  private static let corpus = WeirProgram.root.deletingLastPathComponent()
    .appending(path: "shared/corpus").path
  /// Link types that are decoded; captures of others are held to their number of packets only.
  static let links: Set<String> = [
    "0", "1", "9", "12", "14", "50", "51", "101", "104", "105", "108", "113", "127", "192", "228",
    "229", "239",
    "276",
  ]
  private static let names = [
    "ip.inner", "dns.query", "dns.answer", "tls.sni", "tls.ja3", "quic.sni", "http.host",
  ]

  /// What has to agree at least, in percent.
  private static let floors = [
    "ip.inner": 96.0, "dns.query": 96, "dns.answer": 92, "tls.sni": 98, "tls.ja3": 97,
    "quic.sni": 99, "http.host": 99,
  ]

  /// What tshark says of a capture.
  private struct Truth: Decodable {
    struct Address: Decodable {
      var src: Int
      var dst: Int
      var tunnel: Int
    }
    struct DNS: Decodable {
      struct Query: Decodable {
        var name: String
        var count: Int
      }
      var queries: [Query]
      var answers_a: [String: Int]
      var answers_aaaa: [String: Int]
      var answers_cname: [String: Int]
    }
    struct TLS: Decodable {
      struct Name: Decodable {
        var frames: Int
        var flows: Int
      }
      var sni: [String: Name]
      var quic_sni: [String: Name]
      var ja3: [String: Int]
    }
    struct HTTP: Decodable { var hosts: [String: Int] }

    var file: String
    var packets: Int
    var linktypes: [String: Int]
    var ip: [String: Address]
    var dns: DNS
    var tls: TLS
    var http: HTTP

    var isDecoded: Bool { Set(linktypes.keys).isSubset(of: CorpusTests.links) }

    /// The counts of the places that are compared, names folded as the contract folds them.
    var counts: [Sight: Int] {
      var counts: [Sight: Int] = [:]
      func add(_ place: String, _ value: String, _ count: Int) {
        guard count > 0 else { return }
        counts[Sight(place: place, value: value), default: 0] += count
      }
      for (address, count) in ip {
        add("ip.src", address, count.src)
        add("ip.dst", address, count.dst)
        add("ip.inner", address, count.tunnel)
      }
      for query in dns.queries {
        // tshark's word for the root.
        let name = query.name == "<root>" ? "." : query.name.lowercased()
        add("dns.query", name, query.count)
      }
      for (value, count) in dns.answers_a.merging(dns.answers_aaaa, uniquingKeysWith: +) {
        add("dns.answer", value, count)
      }
      for (name, count) in dns.answers_cname { add("dns.answer", name.lowercased(), count) }
      for (name, count) in tls.sni { add("tls.sni", name.lowercased(), count.frames) }
      for (name, count) in tls.quic_sni { add("quic.sni", name.lowercased(), count.flows) }
      for (digest, count) in tls.ja3 { add("tls.ja3", digest, count) }
      for (host, count) in http.hosts {
        let name = host.lowercased().split(separator: ":").first.map(String.init) ?? ""
        add("http.host", name, count)
      }
      return counts
    }
  }

  /// How a capture compares.
  private struct Comparison: Sendable {
    var file: String
    /// Places whose packets or addresses differ: `packets`, `ip`.
    var differing: Set<String> = []
    /// Of each place of names, sightings that both have, and those of the truth.
    var agreed: [String: Int] = [:]
    var expected: [String: Int] = [:]
    var seen: [String: Int] = [:]
    var failure: String?
  }

  @Test func everyCaptureGivesWhatTsharkGives() async throws {
    guard
      let truths = try? FileManager.default.contentsOfDirectory(
        atPath: "\(CorpusTests.corpus)/truth/pcap")
    else {
      print("skipped: there is no corpus beside the repository")
      return
    }
    let sorted = truths.filter { $0.hasSuffix(".json") }.sorted()
    #expect(sorted.count > 900)
    let all = try await withThrowingTaskGroup(of: [Comparison].self) { group in
      for lane in 0..<2 {
        group.addTask {
          let folder = try TemporaryFolder()
          return try stride(from: lane, to: sorted.count, by: 2).map {
            try CorpusTests.compare(sorted[$0], folder)
          }
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    CorpusTests.report(all)
    try CorpusTests.check(all)
  }

  private static func compare(_ name: String, _ folder: TemporaryFolder) throws -> Comparison {
    let truth = try JSONDecoder().decode(
      Truth.self, from: Data(contentsOf: URL(filePath: "\(corpus)/truth/pcap/\(name)")))
    var comparison = Comparison(file: truth.file)
    let run = try WeirProgram.replay(
      ["-q", "-j", "1", "\(corpus)/\(truth.file)", "--observables", folder["observables"]],
      seconds: 20)
    guard !run.wasSignaled, [0, 65].contains(run.status) else {
      comparison.failure = "status \(run.status), signaled \(run.wasSignaled) \(run.complaints)"
      return comparison
    }
    if try run.summary().packets.read != truth.packets { comparison.differing.insert("packets") }
    guard truth.isDecoded else { return comparison }
    let found = CorpusTests.joiningTunnels(try Table.observables(folder["observables"]))
    let expected = truth.counts
    for sight in Set(found.keys).union(expected.keys) {
      let (here, there) = (found[sight] ?? 0, expected[sight] ?? 0)
      if names.contains(sight.place) {
        comparison.agreed[sight.place, default: 0] += min(here, there)
        comparison.expected[sight.place, default: 0] += there
        comparison.seen[sight.place, default: 0] += here
      } else if here != there, ["ip.src", "ip.dst"].contains(sight.place) {
        comparison.differing.insert("ip")
      }
    }
    return comparison
  }

  /// The truth counts packets that show an address within a tunnel, on whichever side.
  private static func joiningTunnels(_ found: [Sight: Int]) -> [Sight: Int] {
    var joined: [Sight: Int] = [:]
    for (sight, count) in found {
      let isInner = sight.place == "ip.src.inner" || sight.place == "ip.dst.inner"
      let place = isInner ? "ip.inner" : sight.place
      joined[Sight(place: place, value: sight.value), default: 0] += count
    }
    return joined
  }

  private static func report(_ all: [Comparison]) {
    for place in names {
      let agreed = all.reduce(0) { $0 + $1.agreed[place, default: 0] }
      let expected = all.reduce(0) { $0 + $1.expected[place, default: 0] }
      let seen = all.reduce(0) { $0 + $1.seen[place, default: 0] }
      let share = Double(agreed) / Double(max(expected, 1)) * 100
      print(
        "corpus: \(place): \(agreed) of \(expected) agree, \(String(format: "%.1f", share)) %, "
          + "\(seen - agreed) more seen")
      // A decoder that stops working must not pass as one that is not finished: what is missing is in tunnels and
      // fragments.
      #expect(share > floors[place, default: 100], "\(place)")
    }
  }

  /// Holds what differs against the table, in both directions.
  private static func check(_ all: [Comparison]) throws {
    let table = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "CorpusDifferences.tsv").path
    var known: [String: Set<String>] = [:]
    for row in try Table.rows(table) { known[row[0], default: []].insert(row[1]) }
    for comparison in all {
      #expect(comparison.failure == nil, "\(comparison.file): \(comparison.failure ?? "")")
      #expect(
        comparison.differing == known[comparison.file] ?? [],
        "\(comparison.file): CorpusDifferences.tsv says otherwise")
    }
    #expect(Set(known.keys).isSubset(of: all.map(\.file)), "a row names no capture")
  }
}
