import ArgumentParser
import WeirFeeds
import WeirMatch
import WeirModel
import WeirReport
import WeirRules

/// `weir compile`: feeds to a database.
struct CompileCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compile",
    abstract: "Compile feeds to a database that loads at once.",
    discussion: """
      The same feeds in the same order give the same bytes. The old file stays until the new one \
      is complete. A feed line that is not understood is an error, unless --lenient.

      Example: weir compile blocklist.netset,category=malware domains.txt --allow own.txt -o rules.weir
      """)

  @Argument(
    help: ArgumentHelp("Feeds: files or directories.", valueName: "PATH[,key=value…]"))
  var words: [String] = []

  @Option(
    name: .customLong("feed"),
    help: ArgumentHelp("One more feed, as with other commands.", valueName: "PATH[,key=value…]"))
  var feeds: [String] = []

  @Option(
    name: .customLong("allow"),
    help: ArgumentHelp("Entries that are never blocked, in any feed format.", valueName: "PATH"))
  var allow: [String] = []

  @Option(
    name: [.customShort("o", allowingJoined: true), .customLong("output")],
    help: ArgumentHelp("The database.", valueName: "FILE.weir"))
  var path: String

  @Flag(
    name: .customLong("strict"), help: "A feed line that is not understood is an error (default).")
  var isStrict = false

  @Flag(
    name: .customLong("lenient"),
    help:
      "Count and name what is not understood and go on; a feed that cannot be used still gives 78.")
  var isLenient = false

  @Option(
    name: .customLong("memory-limit"),
    help: ArgumentHelp(
      "Compile within so much memory, or refuse before starting; for example 64M.",
      valueName: "SIZE"))
  var memoryLimit: String?

  @Flag(name: .shortAndLong, help: "Say less on standard error.")
  var quiet = false

  func validate() throws {
    if isStrict, isLenient { throw ValidationError("--strict and --lenient exclude each other") }
    if let memoryLimit, ByteSize.bytes(memoryLimit) == nil {
      throw ValidationError("--memory-limit takes a size such as 256M")
    }
    if words.isEmpty, feeds.isEmpty { throw ValidationError("name at least one feed") }
  }

  func run() throws {
    let bufferByteCount = try bufferByteCount()
    var progress = ProgressReporter(isShown: !quiet && Console.hasTerminal)
    let gathered = try GatheredFeeds(
      words + feeds, allow: allow, isLenient: isLenient, quiet: quiet,
      scratch: Scratch(folder: folder), bufferByteCount: bufferByteCount
    ) { progress.show("reading", count: $0) }
    progress.clear()
    if !isLenient, gathered.rejectedLines > 0 {
      throw Failure(
        .configuration, "\(gathered.rejectedLines) feed lines were not understood",
        advice: "With --lenient they are counted and named, and the others are compiled.")
    }
    let hasRefusedFeed = gathered.hasRefusedFeed
    let compiled: CompiledRules
    do throws(BuildError) {
      compiled = try gathered.compile { progress.show("sorting", done: $0, total: $1) }
    } catch {
      throw Failure(.configuration, "the rules cannot be compiled: \(error)")
    }
    let indicators = compiled.records.reduce(0) { $0 + $1.yield.loaded }
    let byteCount = compiled.byteCount
    let generation: String
    do throws(DatabaseError) {
      generation = try compiled.write(to: path) { progress.show("writing", done: $0, total: $1) }
    } catch {
      throw Failure(.cannotCreate, "\(path): \(error)")
    }
    progress.clear()
    if !quiet {
      Console.note("\(path): \(indicators) entries in \(byteCount) bytes, \(generation)")
    }
    if hasRefusedFeed { throw ExitStatus.configuration }
  }

  /// The folder of the database, for what has no room in memory.
  private var folder: String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
  }

  /// How much memory entries may take; with a limit, the feeds are read once more beforehand.
  private func bufferByteCount() throws -> Int {
    guard let memoryLimit, let limit = ByteSize.bytes(memoryLimit) else {
      return RuleSetBuilder.bufferByteCountDefault
    }
    let estimate = try FeedEstimateCommand.estimate(words + feeds, allow: allow).0
    if let byteCount = estimate.bufferByteCount(within: limit) { return byteCount }
    let needed = ByteSize.text(estimate.compileByteCount)
    throw Failure(
      .unavailable,
      "compiling would take about \(needed), more than --memory-limit \(memoryLimit)",
      advice: "weir feed estimate says what each feed takes.")
  }
}
