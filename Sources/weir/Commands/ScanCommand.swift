import ArgumentParser
import FoundationEssentials
import WeirEngine
import WeirFeeds
import WeirGate
import WeirModel
import WeirReport

/// `weir scan`: log streams against rules.
struct ScanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scan",
    abstract: "Match log lines: as a filter, or as a sensor that counts.",
    discussion: """
      Logs are files, also packed with gzip, zstd or lz4, directories, or - for standard input, \
      which is read when none is named. Addresses and domain names are found anywhere in a line, \
      in every usual spelling; allow lists win, and evil.com is not found in notevil.com.

      Without -o, lines that would be blocked or monitored are printed, as grep does; with it, the \
      summary is. Exit status: 0 something was found, 1 nothing was.

      Example: weir scan /var/log/nginx --feed blocklist.netset -o json
      """)

  @Argument(help: ArgumentHelp("Logs; - is standard input.", valueName: "LOG"))
  var logs: [String] = []

  @OptionGroup(title: "Rules") var ruleOptions: RuleOptions
  @OptionGroup(title: "Lines") var lineOptions: LineOptions
  @OptionGroup(title: "Run") var runOptions: RunOptions
  @OptionGroup(title: "Sharing") var shareOptions: ShareOptions
  @OptionGroup(title: "Output") var outputOptions: OutputOptions

  @Option(
    help: ArgumentHelp(
      "How lines are read: auto, or one of \(FormatChoice.names).", valueName: "NAME"))
  var format: FormatChoice = .auto

  @Flag(help: "Go on as the logs grow, through rotation, until INT or TERM.")
  var follow = false

  @Option(
    name: .customLong("state"),
    help: ArgumentHelp(
      "With --follow: where the position in each log is kept, so that a restart goes on there.",
      valueName: "FILE"))
  var stateFile: String?

  /// The logs to read.
  var inputs: [String] { logs.isEmpty ? ["-"] : logs }

  private var files: [String] {
    runOptions.files + [stateFile].compactMap(\.self)
  }

  /// Whether lines go to standard output, and not a summary or one of the files.
  var printsLines: Bool {
    outputOptions.requestedFormat == nil && !files.contains("-") && !outputOptions.quiet
  }

  func validate() throws {
    if files.filter({ $0 == "-" }).count > 1 {
      throw ValidationError("only one of the outputs can be standard output")
    }
    if follow, logs.isEmpty || logs.contains("-") {
      throw ValidationError("--follow takes files; standard input is read as it comes without it")
    }
    if stateFile != nil, !follow { throw ValidationError("--state is about --follow") }
    if lineOptions.isSet, outputOptions.requestedFormat != nil {
      throw ValidationError("with -o the summary is printed, and no lines")
    }
  }

  func run() throws {
    for output in files {
      guard let input = (logs + ruleOptions.inputs).first(where: { OutputFile.isSame(output, $0) })
      else { continue }
      throw Failure(.usage, "\(output): is read as \(input) and cannot be written too")
    }
    let clock = ContinuousClock()
    let (loaded, loadSeconds) = try LoadedRules.timed(ruleOptions, quiet: outputOptions.quiet)
    var session = try ScanSession(self, loaded)
    let runStart = clock.now
    try session.run()
    let outcome = try session.finish(
      loadSeconds: loadSeconds, runSeconds: (clock.now - runStart).seconds)
    try show(outcome.summary)
    try conclude(outcome, loaded)
  }

  /// The summary on standard output, when it was asked for and nothing else goes there.
  private func show(_ summary: RunSummary) throws {
    guard outputOptions.requestedFormat != nil, !files.contains("-") else { return }
    try outputOptions.show(summary)
  }

  /// The exit status: what was not processed weighs more than what was found.
  private func conclude(_ outcome: ScanSession.Outcome, _ loaded: LoadedRules) throws {
    if let status = outcome.inputStatus { throw status }
    try loaded.check(ruleOptions)
    if !outcome.hasFound { throw ExitStatus.answeredNo }
  }
}

/// What is printed of lines, as grep does.
struct LineOptions: ParsableArguments {
  @Flag(name: .customLong("invert"), help: "Print the lines that do not match.")
  var inverts = false

  @Flag(name: .customLong("only"), help: "Print the matching values alone, one a line.")
  var printsValues = false

  @Flag(name: .customLong("count"), help: "Print how many lines match, for each log.")
  var counts = false

  @Flag(
    name: [.customShort("H"), .customLong("with-filename")], help: "Print the log before each line."
  )
  var printsPath = false

  @Flag(
    name: [.customShort("n"), .customLong("line-number")], help: "Print the number of each line.")
  var printsNumber = false

  /// Whether any of them is set.
  var isSet: Bool { inverts || printsValues || counts || printsPath || printsNumber }

  func validate() throws {
    if inverts, printsValues {
      throw ValidationError("--only prints what matches, --invert what does not")
    }
    if inverts, printsNumber { throw ValidationError("-n cannot number what --invert prints") }
  }
}

/// `--format`.
enum FormatChoice: String, ExpressibleByArgument, CaseIterable {
  case auto, text, access, json, zeek, csv, keyvalue, syslog, dnsmasq, unbound, bind, powerdns
  case haproxy, squid

  static var names: String {
    allCases.dropFirst().map(\.rawValue).joined(separator: " ")
  }
}
