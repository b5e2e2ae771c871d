import Foundation
import Testing

/// The logs of other projects, which lie beside the repository, against what plain rules say of them.
@Suite struct ScanCorpusTests {
  private static let corpus = WeirProgram.root.deletingLastPathComponent()
    .appending(path: "shared/corpus").path

  private struct Truth: Decodable {
    var file: String
    var lines: Int
    var addresses: [String: Int]

    enum CodingKeys: String, CodingKey {
      case file, lines
      case addresses = "lines_per_address"
    }
  }

  @Test func everyLogGivesTheLinesOfEveryAddress() throws {
    let folder = "\(ScanCorpusTests.corpus)/truth/logs"
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      print("skipped: there is no corpus beside the repository")
      return
    }
    let truths = names.filter { $0.hasSuffix(".json") }.sorted()
    #expect(truths.count > 60)
    let temporary = try TemporaryFolder()
    for name in truths {
      let truth = try JSONDecoder().decode(
        Truth.self, from: Data(contentsOf: URL(filePath: "\(folder)/\(name)")))
      guard !truth.addresses.isEmpty else { continue }
      let feed = try temporary.write(truth.addresses.keys.joined(separator: "\n").utf8, to: "feed")
      let outcome = try WeirProgram.run([
        "scan", "-o", "json", "-q", "--feed", feed, "\(ScanCorpusTests.corpus)/\(truth.file)",
      ])
      let summary = try outcome.summary()
      #expect(summary.inputs[0].lines == truth.lines, "\(truth.file)")
      // IPv4 in IPv6 has two spellings, so that values are compared by their counts.
      #expect(
        summary.indicators.map(\.packets).sorted() == truth.addresses.values.sorted(),
        "\(truth.file)")
    }
  }
}
