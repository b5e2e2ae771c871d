import WeirEngine
import WeirGate
import WeirModel
import WeirReport
import WeirRules
import WeirTally

/// One run of `weir replay` between its options and its summary.
struct ReplaySession: ~Copyable {
  private let command: ReplayCommand
  private let loaded: LoadedRules
  private var gate: CaptureGate
  private var replay: Replay
  private var outputs: ReplayOutputs
  private var progress: ProgressReporter
  private var window: ShareWindow?

  /// From how many bytes of input on memory is better spent on speed.
  private static let largeInputBytes = 100_000_000

  /// What a run came to.
  struct Outcome {
    var summary: RunSummary
    /// The status that the inputs ask for; nil when all were read.
    var inputStatus: ExitStatus?
    /// What was counted for a release; nil when nothing was to be.
    var shared: CustomerCounter.Account?
  }

  init(
    _ command: ReplayCommand, _ loaded: LoadedRules, captures: [String], filter: PacketFilter?
  ) throws {
    let threads = command.runOptions.threads ?? Processors.count
    let gate = CaptureGate(
      inputs: captures, filter: filter, batch: Replay.batchSize(threads: threads))
    let settings = WorkerSettings(
      mode: command.runOptions.mode.mode, depth: command.depth.depth,
      tunnels: command.tunnels.choice, flowsMax: command.flowsMax,
      streamBytesMax: ByteSize.bytes(command.streamMemory) ?? 0,
      keepsSightings: command.runOptions.eventsFile != nil || command.packetsFile != nil
        || command.shareOptions.start != nil,
      keepsValues: command.runOptions.observablesFile != nil,
      expectsManyFlows: (gate.progress?.total ?? 0) >= ReplaySession.largeInputBytes)
    guard let replay = Replay(rules: loaded.rules, settings: settings, threads: threads) else {
      throw Failure(.unavailable, "there is not memory enough for the tables of flows and streams")
    }
    // First, because nothing may fail once a part of the session is there.
    let outputs = try ReplayOutputs(
      rules: loaded.rules, events: command.runOptions.eventsFile, packets: command.packetsFile,
      entersTunnels: command.tunnels != .outer)
    let window = try command.shareOptions.window(loaded.rules)
    self.command = command
    self.loaded = loaded
    self.window = window
    self.replay = replay
    self.outputs = outputs
    self.gate = gate
    let wantsProgress = !command.outputOptions.quiet && Console.hasTerminal
    progress = ProgressReporter(isShown: wantsProgress)
  }

  /// Takes every capture to its end.
  mutating func run() throws {
    var isOpen = true
    while isOpen {
      do throws(GateError) {
        isOpen = try replay.turn(&gate) { arena, slots, sightings in
          outputs.write(sightings, arena, slots)
          window?.counter.count(sightings, arena, slots)
        }
      } catch {
        throw Failure(.readOrWriteError, "\(error.call): \(error.reason)")
      }
      try outputs.check()
      progress.show(gate.progress, packets: replay.packets)
    }
    progress.clear()
  }

  /// Writes what is written at the end.
  consuming func finish(loadSeconds: Double, runSeconds: Double) throws -> Outcome {
    let (tally, observed) = replay.finish()
    try outputs.finish()
    let shared = try window?.keep()
    let reports = gate.reports
    let summary = RunSummary(
      command: "replay", version: Weir.version, depth: command.depth.depth, rules: loaded.rules,
      feeds: loaded.feeds,
      inputs: reports.map(InputSummary.init), tally: tally,
      elapsed: ElapsedSummary(
        loadSeconds: loadSeconds, runSeconds: runSeconds, packets: tally.packets,
        bytes: tally.bytes))
    if let path = command.runOptions.tallyFile {
      try OutputFile.write(summary.tallyFile(), to: path)
    }
    if let path = command.runOptions.observablesFile, let observed {
      try OutputFile.write(ObservablesTable.text(observed), to: path)
    }
    if !command.outputOptions.quiet { InputStatus.complain(reports) }
    return Outcome(
      summary: summary, inputStatus: InputStatus.status(reports), shared: shared)
  }
}

extension InputSummary {
  /// What the gate says of an input, in the words of the contract.
  init(_ report: InputReport) {
    self.init(
      path: report.path, kind: report.kind, packets: UInt64(report.packets),
      lines: UInt64(report.lines),
      bytes: UInt64(report.bytes), complete: report.complete,
      error: report.error.map { "\($0)" })
  }
}
