import ArgumentParser
import WeirModel
import WeirReport

/// Where rules come from, for every command that needs some.
struct RuleOptions: ParsableArguments {
  @Option(
    name: .customLong("feed"),
    help: ArgumentHelp(
      "A feed: file or directory; keys are name format category action direction confidence scope ttl tlp.",
      valueName: "PATH[,key=value…]"))
  var feeds: [String] = []

  @Option(
    name: .customLong("allow"),
    help: ArgumentHelp("Entries that are never blocked, in any feed format.", valueName: "PATH"))
  var allow: [String] = []

  @Option(
    name: .customLong("db"),
    help: ArgumentHelp(
      "A compiled database instead of feeds; see weir compile.", valueName: "FILE.weir"))
  var database: String?

  @Flag(
    name: .customLong("verify"),
    help: "Read all of the database first and compare it with its content hash.")
  var verifies = false

  @Flag(name: .customLong("strict"), help: "A feed line that is not understood is an error.")
  var isStrict = false

  @Flag(
    name: .customLong("lenient"),
    help: "Go on without a feed that cannot be used; the exit status is still 78.")
  var isLenient = false

  /// The files that the rules are made from.
  var inputs: [String] {
    let feeds = feeds.map { option in option.prefix { $0 != "," } }
    return feeds.map(String.init) + allow + [database].compactMap(\.self)
  }

  func validate() throws {
    if isStrict, isLenient { throw ValidationError("--strict and --lenient exclude each other") }
    if database != nil, !feeds.isEmpty || !allow.isEmpty {
      throw ValidationError("--db takes the place of --feed and --allow")
    }
    if verifies, database == nil { throw ValidationError("--verify is about a --db") }
  }
}

/// How a run works and what it writes, for every command that judges.
struct RunOptions: ParsableArguments {
  @Option(
    name: .customLong("events"),
    help: ArgumentHelp("Write one JSON line a sighting, with EVE's names.", valueName: "FILE"))
  var eventsFile: String?

  @Option(
    name: .customLong("tally"),
    help: ArgumentHelp("Write the counts for weir merge.", valueName: "FILE"))
  var tallyFile: String?

  @Option(
    name: .customLong("observables"),
    help: ArgumentHelp("Write every value seen: where, value, count.", valueName: "FILE"))
  var observablesFile: String?

  @Option(help: "enforce: report what would be blocked as blocked; audit: as monitored.")
  var mode: ModeChoice = .enforce

  @Option(
    name: [.customShort("j", allowingJoined: true), .customLong("threads")],
    help: ArgumentHelp("Worker threads (default: one a core).", valueName: "N"))
  var threads: Int?

  /// The files that are written.
  var files: [String] { [eventsFile, tallyFile, observablesFile].compactMap(\.self) }

  func validate() throws {
    if let threads, !(1...64).contains(threads) {
      throw ValidationError("-j takes a number from 1 to 64")
    }
  }
}

/// How results are shown.
struct OutputOptions: ParsableArguments {
  @Option(
    name: [.customShort("o", allowingJoined: true), .customLong("output")],
    help: ArgumentHelp("The summary on standard output: human or json.", valueName: "FORMAT"))
  var requestedFormat: OutputFormat?

  /// The form of the summary.
  var format: OutputFormat { requestedFormat ?? .human }

  @Option(help: ArgumentHelp("Colors: auto, always or never.", valueName: "WHEN"))
  var color: ColorChoice = .auto

  @Flag(name: .shortAndLong, help: "Say less on standard error.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Say more on standard error.")
  var verbose = false
}

extension OutputOptions {
  /// Writes a summary to standard output.
  func show(_ summary: RunSummary) throws {
    let output = try OutputFile("-")
    switch format {
    case .json: try output.write(summary.json())
    case .human:
      let style = TextStyle(isColored: Console.isColored(color))
      try output.write(Array(HumanSummary(summary, style: style).text().utf8))
    }
  }
}

/// A form of output.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case human, json
}

/// When to use colors.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
  case auto, always, never
}

/// `--depth`.
enum DepthChoice: String, ExpressibleByArgument, CaseIterable {
  case content, addresses

  var depth: Depth { self == .addresses ? .addresses : .content }
}

/// `--tunnels`.
enum TunnelOption: String, ExpressibleByArgument, CaseIterable {
  case outer, inner, both

  var choice: TunnelChoice {
    switch self {
    case .outer: .outer
    case .inner: .inner
    case .both: .both
    }
  }
}

/// `--mode`.
enum ModeChoice: String, ExpressibleByArgument, CaseIterable {
  case audit, enforce

  var mode: Mode { self == .audit ? .audit : .enforce }
}
