import ArgumentParser
import FoundationEssentials
import WeirFeeds
import WeirReport

/// `weir feed`: the feeds themselves.
struct FeedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "feed", abstract: "Work with feeds.",
    subcommands: [FeedCheckCommand.self, FeedEstimateCommand.self])
}

/// `weir feed check`: whether feeds can be used, and what they hold.
struct FeedCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Say whether feeds can be used, what they hold and what was rejected.",
    discussion: "Exit status: 0 when every feed can be used, 78 when one is refused.")

  @Argument(
    help: ArgumentHelp("Feeds: files or directories.", valueName: "PATH[,key=value…]"))
  var feeds: [String]

  @Flag(name: .customLong("lenient"), help: "A feed line that is not understood is no error.")
  var isLenient = false

  @OptionGroup(title: "Output") var outputOptions: OutputOptions

  func run() throws {
    let loaded = try LoadedRules(feeds: feeds, isLenient: true, quiet: outputOptions.quiet)
    let output = try OutputFile("-")
    switch outputOptions.format {
    case .json: try output.write(JSONOutput.encode(FeedsReport(loaded.feeds)))
    case .human: for feed in loaded.feeds { try output.write(Array(row(feed).utf8)) }
    }
    if loaded.hasRefusedFeed { throw ExitStatus.configuration }
    if !isLenient, loaded.rejectedLines > 0 {
      throw Failure(
        .configuration, "\(loaded.rejectedLines) feed lines were not understood",
        advice: "With --lenient they are counted and named, and no error.")
    }
  }

  private func row(_ feed: FeedSummary) -> String {
    let kinds = feed.byKind.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    var text = "\(feed.verdict)  \(feed.path)  \(feed.format ?? "unknown format")  "
    text += kinds.isEmpty ? "nothing" : kinds
    if feed.duplicates > 0 { text += ", \(feed.duplicates) duplicates" }
    if let why = feed.why { text += "\n  \(why)" }
    return text + "\n"
  }
}

/// The object of `weir feed check -o json`.
private struct FeedsReport: Encodable {
  var schema = "weir.feeds.v1"
  var feeds: [Row]

  struct Row: Encodable {
    var name: String
    var path: String
    var format: String?
    var lines: Int
    var loaded: Int
    var duplicates: Int
    var byKind: [String: Int]
    var rejected: [String: Int]
    var quarantined: [String: Int]
    var verdict: String
    var why: String?

    enum CodingKeys: String, CodingKey {
      case name, path, format, lines, loaded, duplicates
      case byKind = "by_kind"
      case rejected, quarantined, verdict, why
    }

    /// Writes `why` also when there is nothing to say, as the contract shows it.
    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(name, forKey: .name)
      try container.encode(path, forKey: .path)
      try container.encode(format, forKey: .format)
      try container.encode(lines, forKey: .lines)
      try container.encode(loaded, forKey: .loaded)
      try container.encode(duplicates, forKey: .duplicates)
      try container.encode(byKind, forKey: .byKind)
      try container.encode(rejected, forKey: .rejected)
      try container.encode(quarantined, forKey: .quarantined)
      try container.encode(verdict, forKey: .verdict)
      try container.encode(why, forKey: .why)
    }
  }

  init(_ feeds: [FeedSummary]) {
    self.feeds = feeds.map { feed in
      Row(
        name: feed.name, path: feed.path, format: feed.format, lines: feed.lines,
        loaded: feed.loaded, duplicates: feed.duplicates, byKind: feed.byKind,
        rejected: feed.rejected, quarantined: [:], verdict: feed.verdict, why: feed.why)
    }
  }
}
