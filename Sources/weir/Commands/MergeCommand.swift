import ArgumentParser
import FoundationEssentials
import WeirFeeds
import WeirReport

/// `weir merge`: tallies of many runs or edges as one.
struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Merge the tallies of many runs or edges.",
    discussion: "Example: weir merge edge-a.tally edge-b.tally --tally both.tally")

  @Argument(help: ArgumentHelp("Files written by --tally.", valueName: "TALLY"))
  var tallies: [String]

  @Option(
    name: .customLong("tally"),
    help: ArgumentHelp("Write the merged tally.", valueName: "FILE"))
  var tallyFile: String?

  @OptionGroup(title: "Output") var outputOptions: OutputOptions

  func run() throws {
    var merged = try MergeCommand.read(tallies[0])
    for path in tallies.dropFirst() { merged.merge(try MergeCommand.read(path)) }
    merged.command = "merge"
    if let tallyFile { try OutputFile.write(merged.tallyFile(), to: tallyFile) }
    let output = try OutputFile("-")
    switch outputOptions.format {
    case .json: try output.write(merged.json())
    case .human:
      let style = TextStyle(isColored: Console.isColored(outputOptions.color))
      try output.write(Array(HumanSummary(merged, style: style).text().utf8))
    }
  }

  private static func read(_ path: String) throws -> RunSummary {
    guard FeedFile.exists(path) else { throw Failure(.missingInput, "\(path): no such file") }
    guard let data = try? Data(contentsOf: URL(filePath: path)) else {
      throw Failure(.readOrWriteError, "\(path): cannot be read")
    }
    do throws(TallyError) {
      return try RunSummary(tallyFile: Array(data))
    } catch .foreign(let schema) {
      throw Failure(.damagedInput, "\(path): not a tally but \"\(schema)\"")
    } catch .damaged(let why) {
      throw Failure(.damagedInput, "\(path): not a tally: \(why)")
    }
  }
}
