import Foundation
import WeirModel

@testable import WeirFeeds

/// Entries and counts of one text, read whole.
struct Reading: Equatable {
  var entries: [FeedEntry] = []
  var counts = FeedCounts()

  /// Reads `text` in chunks that end at `cuts`.
  init(
    _ text: [UInt8], _ format: FeedFormat, settings: FeedSettings = FeedSettings(name: "test"),
    cuts: [Int] = []
  ) {
    var parser = FeedParser(format: format, settings: settings, path: "test.txt")
    var start = 0
    for end in cuts + [text.count] {
      parser.parse(text.span.extracting(start..<end)) { entries.append($0) }
      start = end
    }
    parser.finish { entries.append($0) }
    counts = parser.counts
  }

  init(_ text: String, _ format: FeedFormat, settings: FeedSettings = FeedSettings(name: "test")) {
    self.init(Array(text.utf8), format, settings: settings)
  }

  /// What one line of text gives: values with their scope where it is not the usual one, or the reason.
  var summary: String {
    if let reason = counts.samples.first?.reason, entries.isEmpty { return "!" + reason.name }
    let values = entries.map { entry in
      let scope = entry.scope == .exact ? "=" : ""
      return (entry.action == .allow ? "allow " : "") + scope + entry.value.description
    }
    let rejected = counts.samples.first.map { " !" + $0.reason.name } ?? ""
    if values.isEmpty { return counts.comments > 0 ? "#" : counts.ignored > 0 ? "~" : "" }
    return values.joined(separator: " ") + rejected
  }
}

/// A seeded generator (SplitMix64).
struct Seeded: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }
}

/// A directory that is removed when the test lets go of it.
final class ScratchDirectory: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "weir-feeds-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and returns its path.
  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let file = path + "/" + name
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }

  func write(_ name: String, _ text: String) throws -> String {
    try write(name, Array(text.utf8))
  }
}
