import BenchKit
import BenchReplay
import FoundationEssentials
import Glibc

/// Runs the benchmarks and prints the table.
@main
struct WeirBench {
  static let usage = """
    usage: weir-bench [--smoke] [--filter TEXT] [--rounds N] [--work DIRECTORY]
      --smoke           tiny captures, one round: are the answers right?
      --filter TEXT     only plans with TEXT in their name: \
    \(ReplayPlan.all.map(\.name).joined(separator: ", "))
      --rounds N        values taken of each contender (5)
      --work DIRECTORY  where captures are written, and left (default: a temporary one, removed)
    """

  static func main() {
    let options: BenchOptions
    do {
      options = try BenchOptions(Array(CommandLine.arguments.dropFirst()))
    } catch {
      complain("weir-bench: \(error)\n\(usage)")
      exit(2)
    }
    if options.isHelpWanted {
      print(usage)
      return
    }
    do {
      // Before minutes are spent on captures.
      print("weir: \(try WeirProgram.find().path)")
      let table = try withDirectory(options) { try run(options, in: $0) }
      print(table.text)
      try table.writeWhereAsked()
      if !table.isRight { exit(1) }
    } catch let absent as Absent {
      complain("weir-bench: \(absent)")
      exit(69)
    } catch {
      complain("weir-bench: \(error)")
      exit(74)
    }
  }

  private static func run(_ options: BenchOptions, in directory: String) throws -> BenchmarkTable {
    let runner = BenchmarkRunner(rounds: options.rounds)
    var rows: [BenchmarkRow] = []
    for plan in ReplayPlan.all
    where options.filter.isEmpty || plan.name.contains(options.filter) {
      for benchmark in try plan.make(options.isSmoke ? .smoke : .full, directory) {
        rows += runner.rows(of: benchmark)
      }
    }
    return BenchmarkTable(rows)
  }

  private static func withDirectory<Result>(
    _ options: BenchOptions, _ body: (String) throws -> Result
  ) throws -> Result {
    if let directory = options.directory {
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true)
      return try body(directory)
    }
    let directory = FileManager.default.temporaryDirectory
      .appending(path: "weir-bench-\(getpid())").path
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    return try body(directory)
  }

  private static func complain(_ text: String) {
    StandardError.write(text)
  }
}
