import ArgumentParser
import WeirFeeds
import WeirReport
import WeirRules

/// `weir feed estimate`: what feeds would take, before they are compiled.
struct FeedEstimateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "estimate",
    abstract: "Say what feeds would take: memory, size of the database, time to compile.",
    discussion: """
      The feeds are read, but nothing is kept of them. Entries listed twice are counted twice.
      Exit status: 78 when a feed is refused.
      """)

  @Argument(
    help: ArgumentHelp("Feeds: files or directories.", valueName: "PATH[,key=value…]"))
  var feeds: [String]

  @OptionGroup(title: "Output") var outputOptions: OutputOptions

  func run() throws {
    let (estimate, load) = try FeedEstimateCommand.estimate(feeds, allow: [])
    for feed in load.feeds where feed.verdict == .refuse {
      Console.complain("\(feed.path): refused: \(feed.why ?? "")")
    }
    let output = try OutputFile("-")
    switch outputOptions.format {
    case .json: try output.write(JSONOutput.encode(EstimateReport(estimate)))
    case .human: try output.write(Array(text(estimate).utf8))
    }
    if load.hasRefused { throw ExitStatus.configuration }
  }

  /// Reads feeds and counts what they hold.
  static func estimate(
    _ feeds: [String], allow: [String]
  ) throws -> (CompileEstimate, FeedLoad) {
    var estimate = CompileEstimate()
    let load = FeedLoader(now: FeedRequest.now).load(
      options: try FeedRequest.options(feeds), allow: allow
    ) { estimate.add($1) }
    return (estimate, load)
  }

  private func text(_ estimate: CompileEstimate) -> String {
    """
    entries            \(estimate.entries)
    memory to match    \(ByteSize.text(estimate.matchingByteCount)), shared and read from the database
    database           \(ByteSize.text(estimate.fileByteCount))
    memory to compile  \(ByteSize.text(estimate.compileByteCount))
    time to compile    \(Double(Int(estimate.compileSeconds * 100)) / 100) s on one core

    """
  }
}

/// The object of `weir feed estimate -o json`.
private struct EstimateReport: Encodable {
  var schema = "weir.estimate.v1"
  var entries: Int
  var matchingBytes: Int
  var databaseBytes: Int
  var compileBytes: Int
  var compileSeconds: Double

  enum CodingKeys: String, CodingKey {
    case schema, entries
    case matchingBytes = "matching_bytes"
    case databaseBytes = "database_bytes"
    case compileBytes = "compile_bytes"
    case compileSeconds = "compile_s"
  }

  init(_ estimate: CompileEstimate) {
    entries = estimate.entries
    matchingBytes = estimate.matchingByteCount
    databaseBytes = estimate.fileByteCount
    compileBytes = estimate.compileByteCount
    compileSeconds = estimate.compileSeconds
  }
}

/// A number of bytes, as options and people write it.
enum ByteSize {
  private static let units: [(letter: Character, shift: Int)] = [("G", 30), ("M", 20), ("K", 10)]

  /// Reads `64M`, `1G`, `512K` or plain bytes; nil when it is none, or no positive number.
  static func bytes(_ text: String) -> Int? {
    let unit = units.first {
      text.last == $0.letter || text.last == Character($0.letter.lowercased())
    }
    guard let number = Int(unit == nil ? text : String(text.dropLast())), number > 0,
      number <= Int.max >> (unit?.shift ?? 0)
    else { return nil }
    return number << (unit?.shift ?? 0)
  }

  /// The size in binary units with one decimal.
  static func text(_ bytes: Int) -> String {
    guard let unit = units.first(where: { bytes >= 1 << $0.shift }) else { return "\(bytes) bytes" }
    let tenths = (bytes * 10 + (1 << unit.shift) / 2) >> unit.shift
    return "\(tenths / 10).\(tenths % 10) \(unit.letter)iB"
  }
}
