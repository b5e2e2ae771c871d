import Foundation

/// The summary as the contract describes it, read without the types that wrote it.
struct Summary: Decodable {
  struct Database: Decodable {
    var generation: String
    var indicators: [String: Int]
    var feeds: [Feed]
  }

  struct Feed: Decodable {
    var name: String
    var path: String
    var loaded: Int
    var duplicates: Int
    var lines: Int
    var rejected: [String: Int]

    /// The file's name without its folders.
    var file: String { URL(filePath: path).lastPathComponent }
    /// Rejected lines of every reason.
    var rejectedTotal: Int { rejected.values.reduce(0, +) }
  }

  struct Input: Decodable {
    var path: String
    var kind: String
    var packets: Int
    var bytes: Int
    var lines: Int
    var complete: Bool
    var error: String?
  }

  struct Packets: Decodable, Equatable {
    var read: Int
    var ipv4: Int
    var ipv6: Int
    var other: Int
    var undecided: [String: Int]
  }

  struct Held: Decodable, Equatable {
    var packets: Int
    var bytes: Int
    var threats: Int
  }

  struct Sightings: Decodable, Equatable {
    var total: Int
    var by_where: [String: Int]
    var by_feed: [String: Int]
    var by_category: [String: Int]
  }

  struct Indicator: Decodable, Equatable {
    var value: String
    var kind: String
    var feeds: [String]
    var packets: Int
    var bytes: Int
    var sightings: [String: Int]
    var first_seen: String
    var last_seen: String
  }

  var schema: String
  var command: String
  var database: Database
  var inputs: [Input]
  var packets: Packets
  var observables: [String: Int]
  var flows: [String: Int]
  var blocked: Held
  var monitored: Held
  var allowed: [String: Int]
  var sightings: Sightings
  var indicators: [Indicator]

  /// What may not depend on how the input is split: everything but the names of the inputs and the time.
  struct Counts: Equatable {
    var packets: Packets
    var observables: [String: Int]
    var flows: [String: Int]
    var blocked: Held
    var monitored: Held
    var sightings: Sightings
    var indicators: [Indicator]
  }

  /// What was counted.
  var counts: Counts {
    Counts(
      packets: packets, observables: observables, flows: flows, blocked: blocked,
      monitored: monitored, sightings: sightings, indicators: indicators)
  }
}

/// A place and what was seen there.
struct Sight: Hashable, CustomStringConvertible {
  var place: String
  /// The feed, or nothing where it is a value that was looked up.
  var feed = ""
  var value: String

  var description: String { "\(place) \(feed) \(value)" }
}

/// Tab-separated files, whose first line may be a heading.
enum Table {
  /// The rows of a file, comments and empty lines left out.
  static func rows(_ path: String) throws -> [[String]] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
      .filter { !$0.hasPrefix("#") }
      .map { $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }
  }

  /// What `--observables` wrote.
  static func observables(_ path: String) throws -> [Sight: Int] {
    // Names of hostile captures need not be UTF-8.
    let text = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    var counts: [Sight: Int] = [:]
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard fields.count == 3, let count = Int(fields[2]) else { continue }
      counts[Sight(place: String(fields[0]), value: String(fields[1])), default: 0] += count
    }
    return counts
  }
}

/// The events of a run.
struct Events {
  /// One object a line.
  var objects: [[String: Any]]

  /// Reads a file of JSON lines; a line that is none throws.
  init(_ path: String) throws {
    objects = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
      try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
    }
  }

  /// Sightings by place, file of the feed, and entry.
  func counts(_ summary: Summary) -> [Sight: Int] {
    var files: [String: String] = [:]
    for feed in summary.database.feeds { files[feed.name] = feed.file }
    var counts: [Sight: Int] = [:]
    for object in objects {
      guard let weir = object["weir"] as? [String: Any], let place = weir["where"] as? String,
        let indicator = weir["indicator"] as? String, let feeds = weir["feeds"] as? [String]
      else { continue }
      for feed in feeds {
        counts[Sight(place: place, feed: files[feed] ?? feed, value: indicator), default: 0] += 1
      }
    }
    return counts
  }
}
