import FoundationEssentials
import WeirDecode
import WeirEngine
import WeirGate
import WeirModel
import WeirReport
import WeirRules
import WeirTally

/// One run of `weir scan` between its options and its summary.
struct ScanSession: ~Copyable {
  private let command: ScanCommand
  private let loaded: LoadedRules
  private var gate: LogGate
  private var following: FollowGate?
  private var scan: LogScan
  private var outputs: ScanOutputs
  private var progress: ProgressReporter
  private var window: ShareWindow?

  /// What a run came to.
  struct Outcome {
    var summary: RunSummary
    /// The status that the inputs ask for; nil when all were read.
    var inputStatus: ExitStatus?
    /// Whether a line was selected.
    var hasFound: Bool
  }

  init(_ command: ScanCommand, _ loaded: LoadedRules) throws {
    let threads = command.runOptions.threads ?? Processors.count
    // First, because nothing may fail once a part of the session is there.
    let outputs = try ScanOutputs(
      rules: loaded.rules, options: command.lineOptions, printsLines: command.printsLines,
      events: command.runOptions.eventsFile)
    let settings = LogScanSettings(
      mode: command.runOptions.mode.mode,
      keepsSightings: command.runOptions.eventsFile != nil || command.shareOptions.start != nil,
      keepsValues: command.runOptions.observablesFile != nil,
      format: command.format == .auto ? nil : LogFormat(rawValue: command.format.rawValue),
      now: FeedRequest.now)
    let window = try command.shareOptions.window(loaded.rules)
    self.command = command
    self.loaded = loaded
    self.window = window
    self.outputs = outputs
    gate = LogGate(
      inputs: command.follow ? [] : command.inputs, segments: LogScan.segments(threads: threads))
    if command.follow {
      StopSignals.watch()
      following = FollowGate(
        paths: command.inputs, state: ScanSession.savedState(command.stateFile))
    }
    scan = LogScan(rules: loaded.rules, settings: settings, threads: threads)
    let wantsProgress =
      !command.printsLines && !command.outputOptions.quiet && Console.hasTerminal
    progress = ProgressReporter(isShown: wantsProgress)
  }

  private static func savedState(_ path: String?) -> FollowState {
    guard let path, let data = try? Data(contentsOf: URL(filePath: path)) else {
      return FollowState()
    }
    return FollowState(Array(data))
  }

  /// Takes every log to its end, or follows them until a signal comes.
  mutating func run() throws {
    if var gate = following.take() {
      try follow(&gate)
      following = consume gate
      return
    }
    var isOpen = true
    while isOpen {
      isOpen = scan.turn(&gate) { arena, batch, lines, sightings in
        outputs.write(arena, batch, lines, sightings)
        window?.counter.count(sightings, in: lines, arena)
      }
      try outputs.check()
      progress.show(gate.progress, packets: scan.lines)
    }
    progress.clear()
  }

  private mutating func follow(_ gate: inout FollowGate) throws {
    while !StopSignals.isRaised {
      var isNews = false
      _ = scan.turn(&gate) { arena, batch, lines, sightings in
        outputs.write(arena, batch, lines, sightings)
        window?.counter.count(sightings, in: lines, arena)
        isNews = !batch.segments.isEmpty
      }
      try outputs.check()
      if isNews { try save(gate) }
    }
  }

  /// Keeps the positions; what was lent is written by then.
  private func save(_ gate: borrowing FollowGate) throws {
    guard let path = command.stateFile else { return }
    try OutputFile.write(gate.state.text, to: path)
  }

  /// Writes what is written at the end.
  consuming func finish(loadSeconds: Double, runSeconds: Double) throws -> Outcome {
    let hasFound = outputs.hasFound
    let formats = scan.formats
    let (tally, observed) = scan.finish()
    try outputs.finish()
    if let account = try window?.keep(), !command.outputOptions.quiet {
      ShareOptions.note(account)
    }
    var reports = gate.reports
    if let following = following.take() { reports = following.reports }
    let lines = reports.reduce(0) { $0 + $1.lines }
    let summary = RunSummary(
      command: "scan", version: Weir.version, depth: .lines, rules: loaded.rules,
      feeds: loaded.feeds,
      inputs: reports.enumerated().map { index, report in
        var input = InputSummary(report)
        if let format = formats[index] { input.kind = format.rawValue + report.kind.dropFirst(3) }
        return input
      }, tally: tally,
      elapsed: ElapsedSummary(
        loadSeconds: loadSeconds, runSeconds: runSeconds, packets: UInt64(lines),
        bytes: tally.bytes))
    if let path = command.runOptions.tallyFile {
      try OutputFile.write(summary.tallyFile(), to: path)
    }
    if let path = command.runOptions.observablesFile, let observed {
      try OutputFile.write(ObservablesTable.text(observed), to: path)
    }
    if !command.outputOptions.quiet { InputStatus.complain(reports) }
    return Outcome(summary: summary, inputStatus: InputStatus.status(reports), hasFound: hasFound)
  }
}
