import Synchronization
import WeirEnforce
import WeirEngine
import WeirGate
import WeirModel
import WeirReport
import WeirRules

/// One run of `weir run`: the loop over packets, and what happens between batches.
struct RunSession: ~Copyable {
  private let command: RunCommand
  private var gate: RingGate
  private let kernel: KernelGuard?
  private let reloader: Reloader
  private let releases: RunningReleases?
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant

  init(_ command: RunCommand, filter: PacketFilter?) throws {
    let threads = command.threads ?? Processors.count
    // First, because nothing may fail once a part of the session is there.
    let releases = try command.config.map { RunningReleases(try ShareSettings(path: $0)) }
    do throws(GateError) {
      gate = try RingGate(
        interfaces: command.interfaces, ringByteCount: ByteSize.bytes(command.ringMemory) ?? 0,
        isPromiscuous: command.promiscuous, filter: filter,
        batch: Replay.batchSize(threads: threads))
    } catch {
      throw RunSession.failure(error)
    }
    self.command = command
    self.releases = releases
    kernel = command.mode == .enforce ? KernelGuard() : nil
    reloader = Reloader(RuleSource(command.ruleOptions), kernel)
    start = clock.now
  }

  private static func failure(_ error: GateError) -> Failure {
    let isForbidden = error.code == 1 || error.code == 13
    return Failure(
      isForbidden ? .notPermitted : .unavailable, "\(error.call): \(error.reason)",
      advice: isForbidden ? "Watching an interface needs CAP_NET_RAW: run as root." : nil)
  }

  /// Judges packets until a signal comes or the time is over.
  mutating func run(_ loaded: LoadedRules, loadSeconds: Double) throws -> RunSummary {
    try kernel?.enforce(loaded.rules)
    kernel?.start(everySeconds: command.verifySeconds)
    defer { kernel?.stop() }
    ServiceManager.notify("READY=1")
    var current: LoadedRules? = loaded
    var total: RunSummary?
    while let rules = current {
      var (part, next) = try watch(rules)
      if var sum = total {
        sum.merge(part)
        part = sum
      }
      total = part
      current = next
    }
    ServiceManager.notify("STOPPING=1")
    guard var summary = total else { throw Failure(.internalError, "a run without rules") }
    complete(&summary, loadSeconds: loadSeconds)
    return summary
  }

  /// Judges packets under one rule set; what was counted, and the rules to go on with if any.
  private mutating func watch(_ loaded: LoadedRules) throws -> (RunSummary, LoadedRules?) {
    let settings = WorkerSettings(
      mode: command.mode.mode, flowsMax: command.flowsMax,
      keepsSightings: command.eventsFile != nil || kernel != nil || releases != nil,
      seed: UInt64.random(in: 0...UInt64.max))
    let threads = command.threads ?? Processors.count
    guard var replay = Replay(rules: loaded.rules, settings: settings, threads: threads) else {
      throw Failure(.unavailable, "there is not memory enough for the tables of flows and streams")
    }
    var outputs = try ReplayOutputs(
      rules: loaded.rules, events: command.eventsFile, packets: nil, entersTunnels: true,
      appends: command.eventsFile != "-")
    try releases?.begin(loaded.rules)
    var next: LoadedRules?
    var end: ContinuousClock.Instant?
    while next == nil {
      if end == nil, isOver { end = clock.now }
      if let end, isDrained(since: end) { break }
      do throws(GateError) {
        _ = try replay.turn(&gate) { arena, slots, sightings in
          outputs.write(sightings, arena, slots)
          releases?.count(sightings, arena, slots)
          kernel?.block(
            BlockedFlow.all(sightings, arena, slots), seconds: command.blockSeconds)
        }
      } catch {
        throw RunSession.failure(error)
      }
      try outputs.check()
      try releases?.attend(loaded.rules)
      next = try attend(packets: replay.packets)
    }
    try outputs.finish()
    try releases?.keep()
    let (tally, _) = replay.finish()
    let summary = RunSummary(
      command: "run", version: Weir.version, depth: .content, rules: loaded.rules,
      feeds: loaded.feeds, inputs: [], tally: tally, elapsed: nil)
    return (summary, next)
  }

  private var isOver: Bool {
    if StopSignals.isRaised { return true }
    guard let seconds = command.seconds else { return false }
    return clock.now - start >= .seconds(seconds)
  }

  /// Whether what came before the end is judged; it is waited for a tenth of a second, several times as long as the
  /// kernel keeps packets back, and no longer than a second.
  private func isDrained(since end: ContinuousClock.Instant) -> Bool {
    let passed = clock.now - end
    return passed > .seconds(1) || gate.isIdle && passed > .milliseconds(100)
  }

  /// Looks after signals; the new rules when there are any.
  private mutating func attend(packets: UInt64) throws -> LoadedRules? {
    if RunSignals.takeStatistics() {
      let drops = gate.kernelDrops().reduce(0, +)
      Console.note("weir: \(packets) packets under these rules, \(drops) dropped by the kernel")
      if let truth = kernel?.last { Console.note("weir: enforced ratio \(truth.enforcedRatio)") }
    }
    if RunSignals.takeReload() {
      ServiceManager.notifyReloading()
      reloader.begin()
    }
    guard let outcome = reloader.take() else { return nil }
    defer { ServiceManager.notify("READY=1") }
    do {
      let loaded = try outcome.get()
      Console.note("weir: reloaded: \(loaded.rules.generation)")
      return loaded
    } catch let failure as Failure {
      Console.complain("not reloaded, the old rules stay in force: \(failure.message)")
      return nil
    }
  }

  /// Adds what the gate and the kernel know.
  private mutating func complete(_ summary: inout RunSummary, loadSeconds: Double) {
    let seconds = (clock.now - start).seconds
    summary.command = "run"
    let drops = gate.kernelDrops()
    summary.inputs = gate.interfaces.indices.map { index in
      InputSummary(
        path: gate.interfaces[index], kind: "interface", packets: gate.packets[index], lines: 0,
        bytes: gate.bytes[index], complete: drops[index] == 0, error: nil,
        kernelDrops: drops[index])
    }
    summary.elapsed = ElapsedSummary(
      loadSeconds: loadSeconds, runSeconds: seconds, packets: gate.packets.reduce(0, +),
      bytes: gate.bytes.reduce(0, +))
    summary.enforcement = kernel?.summary
  }
}

/// What rules are loaded from, to be loaded again.
struct RuleSource: Sendable {
  private let feeds: [String]
  private let allow: [String]
  private let database: String?
  private let verifies: Bool
  private let isLenient: Bool

  init(_ options: RuleOptions) {
    feeds = options.feeds
    allow = options.allow
    database = options.database
    verifies = options.verifies
    isLenient = options.isLenient
  }

  func load() throws -> LoadedRules {
    guard let database else {
      return try LoadedRules(feeds: feeds, allow: allow, isLenient: isLenient, quiet: false)
    }
    return try LoadedRules(database: database, verifying: verifies)
  }
}

/// Loads rules beside the data plane, and puts them in force in the kernel.
final class Reloader: Sendable {
  private let source: RuleSource
  private let kernel: KernelGuard?
  private let state = Mutex(State())

  private struct State {
    var isLoading = false
    var isWantedAgain = false
    var outcome: Result<LoadedRules, any Error>?
  }

  init(_ source: RuleSource, _ kernel: KernelGuard?) {
    self.source = source
    self.kernel = kernel
  }

  /// Begins to load; when it is loading already, it does so once more afterwards.
  func begin() {
    let isFree = state.withLock { state in
      if state.isLoading { state.isWantedAgain = true }
      defer { state.isLoading = true }
      return !state.isLoading
    }
    guard isFree else { return }
    Task.detached { [self] in
      var isWanted = true
      while isWanted {
        let outcome = Result {
          let loaded = try source.load()
          try kernel?.enforce(loaded.rules)
          return loaded
        }
        isWanted = state.withLock { state in
          state.outcome = outcome
          state.isLoading = state.isWantedAgain
          defer { state.isWantedAgain = false }
          return state.isWantedAgain
        }
      }
    }
  }

  /// What was loaded, once.
  func take() -> Result<LoadedRules, any Error>? { state.withLock { $0.outcome.take() } }
}
