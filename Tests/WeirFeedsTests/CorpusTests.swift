import Foundation
import Testing
import WeirModel

@testable import WeirFeeds

/// The corpus beside the repository; nil where there is none.
private let corpus: String? = {
  let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  let path = root.appendingPathComponent("shared/corpus").path
  return FileManager.default.fileExists(atPath: path) ? path : nil
}()

/// Feeds of the corpus of which Weir loads fewer values than the truth counts, how many, and why.
private let differences: [String: (measure: String, less: Int, reason: String)] = [
  "feeds/domains/ph00lt0.adblock.txt.gz": (
    "domains", 6 - 2,
    "six names are not ASCII and rejected; two rules have a note behind them, which the truth's rule skips"
  )
]

/// Lists of a kind that the truth counts by lines only.
private let plainLists: [String: IndicatorKind] = [
  "feeds/abusech/urlhaus-urls.txt.gz": .url, "feeds/spamhaus/asn_drop.json": .asn,
]

/// Folders and files whose formats are not read yet; they must be refused, not guessed.
private func isForeign(_ file: String) -> Bool {
  if file.hasSuffix(".csv") || file.hasSuffix("/urlhaus-urls.txt.gz") { return false }
  if isJSON(file) { return false }
  let folders = ["abusech", "misp-events", "rules"]
  if folders.contains(where: { file.hasPrefix("feeds/\($0)/") }) { return true }
  // Nothing is in it but its header.
  if file.hasSuffix("/talos.intel") { return true }
  return false
}

/// Files that the truth counts by other measures; see the tests below.
private func isJSON(_ file: String) -> Bool {
  file.contains(".json") && !file.hasPrefix("feeds/spamhaus/")
    && !file.hasSuffix("/rqz-dnsduvel_blocklist.json")
}

/// Reads a file of the corpus.
private func load(_ path: String) -> (feed: LoadedFeed, entries: [FeedEntry]) {
  var entries: [FeedEntry] = []
  let loader = FeedLoader(now: Timestamp(nanoseconds: 0))
  let result = loader.load(options: [FeedOption(path: path)]) { entries.append($1) }
  return (result.feeds[0], entries)
}

/// `measure` and value of every file in the truth.
private func truth(_ corpus: String) throws -> [String: [String: Int]] {
  let text = try String(contentsOfFile: corpus + "/truth/feeds.tsv", encoding: .utf8)
  var result: [String: [String: Int]] = [:]
  for line in text.split(separator: "\n").dropFirst() {
    let columns = line.split(separator: "\t").map(String.init)
    guard columns.count == 3 else { continue }
    result[columns[0], default: [:]][columns[1]] = Int(columns[2]) ?? -1
  }
  return result
}

/// Distinct values by the measures of the truth.
private func measures(_ entries: Set<IndicatorValue>) -> [String: Int] {
  var result: [String: Int] = [:]
  for value in entries {
    switch value {
    case .address(let address): result["ip\(family(address))_hosts", default: 0] += 1
    case .prefix(let prefix): result["ip\(family(prefix.address))_nets", default: 0] += 1
    case .domain: result["domains", default: 0] += 1
    default: result[value.kind.name, default: 0] += 1
    }
  }
  return result
}

/// The truth counts the rows of Zeek's files by kind, equal ones too.
private func expectRows(_ expected: [String: Int], _ feed: LoadedFeed, _ file: String) {
  let kinds = ["ADDR", "SUBNET", "DOMAIN", "URL"]
  let read = kinds.reduce(0) { $0 + (expected["rows_Intel::\($1)"] ?? 0) }
  let others = (expected["rows"] ?? 0) - read
  #expect(feed.counts.lines == expected["lines"], "\(file)")
  #expect(feed.counts.rejected[.unsupportedKind] ?? 0 == others, "\(file) \(feed.counts)")
  #expect(feed.counts.entries == read, "\(file) \(feed.counts)")
}

private func family(_ address: IPAddress) -> String { address.family == .v4 ? "v4" : "v6" }

@Test func everyFeedOfTheCorpusHoldsWhatTheTruthSays() throws {
  guard let corpus else { return print("skipped: no corpus beside the repository") }
  let keys = ["ipv4_hosts", "ipv4_nets", "ipv6_hosts", "ipv6_nets", "domains"]
  var files = 0
  for (file, expected) in try truth(corpus).sorted(by: { $0.key < $1.key })
  where !isForeign(file) && !isJSON(file) {
    var values: Set<IndicatorValue> = []
    let loader = FeedLoader(now: Timestamp(nanoseconds: 0))
    let result = loader.load(options: [FeedOption(path: corpus + "/" + file)]) {
      // Exceptions are no part of what the truth counts.
      if $1.action != .allow { values.insert($1.value) }
    }
    if file.hasSuffix(".intel") {
      expectRows(expected, result.feeds[0], file)
      files += 1
      continue
    }
    if file.hasSuffix(".csv") {
      // All lines but comments and the header, which the truth counts among the rows.
      let rows = (expected["lines"] ?? 0) - (expected["comment_lines"] ?? 0) - 1
      #expect(result.feeds[0].counts.entries == rows, "\(file) \(result.feeds[0])")
      files += 1
      continue
    }
    if let kind = plainLists[file] {
      // All lines but the record at the end, which is no entry.
      let rows = (expected["lines"] ?? 0) - result.feeds[0].counts.ignored
      #expect(result.feeds[0].counts.entries == rows, "\(file) \(result.feeds[0])")
      #expect(values.allSatisfy { $0.kind == kind })
      files += 1
      continue
    }
    let found = measures(values)
    for key in keys {
      let less = differences[file].map { $0.measure == key ? $0.less : 0 } ?? 0
      #expect(found[key] ?? 0 == (expected[key] ?? 0) - less, "\(file) \(key) \(result.feeds[0])")
    }
    #expect(result.feeds[0].counts.lines == expected["lines"], "\(file)")
    files += 1
  }
  #expect(files >= 30)
}

@Test func formatsThatAreNotReadYetAreRefused() throws {
  guard let corpus else { return print("skipped: no corpus beside the repository") }
  var files = 0
  for file in try truth(corpus).keys.sorted() where isForeign(file) {
    let loader = FeedLoader(now: Timestamp(nanoseconds: 0))
    var entries = 0
    let result = loader.load(options: [FeedOption(path: corpus + "/" + file)]) { _, _ in
      entries += 1
    }
    #expect(result.feeds[0].verdict == .refuse, "\(file) \(result.feeds[0])")
    #expect(entries == 0, "\(file)")
    files += 1
  }
  #expect(files >= 13)
}

@Test func everyMISPEventOfTheCorpusHoldsWhatTheTruthSays() throws {
  guard let corpus else { return print("skipped: no corpus beside the repository") }
  var files = 0
  for (file, expected) in try truth(corpus) where file.hasPrefix("feeds/misp-events/") {
    guard isJSON(file) else { continue }
    let (feed, entries) = load(corpus + "/" + file)
    var (all, values, others) = (0, 0, 0)
    for (measure, count) in expected {
      if measure.hasPrefix("attributes_") { all += count }
      guard measure.hasPrefix("to_ids_") else { continue }
      switch measure.dropFirst("to_ids_".count) {
      case "text", "regkey", "email-src": others += count
      case "domain|ip": values += 2 * count
      default: values += count
      }
      all -= count
    }
    #expect(feed.format == .misp, "\(file)")
    #expect(feed.counts.lines == expected["lines"], "\(file)")
    #expect(feed.counts.ignored == all, "\(file) \(feed.counts)")
    #expect(entries.count == values, "\(file) \(feed.counts)")
    let rejected = others == 0 ? [:] : [RejectReason.unsupportedKind: others]
    #expect(feed.counts.rejected == rejected, "\(file)")
    files += 1
  }
  #expect(files == 8)
}

@Test func everySTIXBundleOfTheCorpusHoldsWhatTheTruthSays() throws {
  guard let corpus else { return print("skipped: no corpus beside the repository") }
  var fileCount = 0
  for (file, expected) in try truth(corpus) where file.hasPrefix("feeds/stix/") {
    guard isJSON(file) else { continue }
    let (feed, entries) = load(corpus + "/" + file)
    let domains = entries.count { $0.value.kind == .domain }
    let addresses = entries.count { $0.value.kind == .ip || $0.value.kind == .cidr }
    let digests = entries.count { $0.value.kind == .hash }
    #expect(feed.format == .stix, "\(file)")
    // One bundle calls addresses names, another has a word before a name.
    let rejected = feed.counts.rejected
    let faults = (rejected[.addressAmongNames] ?? 0) + (rejected[.invalidName] ?? 0)
    #expect(domains + faults == expected["pattern_domain-name"] ?? 0, "\(file)")
    #expect(addresses == expected["pattern_ipv4-addr"] ?? 0, "\(file)")
    // Names of files count as `pattern_file` in the truth and are rejected here.
    let files = expected["pattern_file"] ?? 0
    #expect((0...files).contains(digests), "\(file)")
    let others = feed.counts.rejected[.unsupportedKind] ?? 0
    #expect(digests + others >= files, "\(file) \(feed.counts)")
    let objects = expected.filter { $0.key.hasPrefix("objects_") }.values.reduce(0, +)
    #expect(feed.counts.ignored == objects - (expected["objects_indicator"] ?? 0), "\(file)")
    #expect(feed.counts.lines == expected["lines"], "\(file)")
    fileCount += 1
  }
  #expect(fileCount == 11)
}

@Test func everyWarningListOfTheCorpusHoldsWhatTheTruthSays() throws {
  guard let corpus else { return print("skipped: no corpus beside the repository") }
  var files = 0
  for (file, expected) in try truth(corpus) where file.hasPrefix("feeds/misp-warninglists/") {
    let (feed, entries) = load(corpus + "/" + file)
    #expect(feed.format == .mispWarninglist, "\(file)")
    #expect(
      entries.count + feed.counts.rejectedTotal == expected["entries"], "\(file) \(feed.counts)")
    #expect(feed.counts.lines == expected["lines"], "\(file)")
    files += 1
  }
  #expect(files == 22)
}
