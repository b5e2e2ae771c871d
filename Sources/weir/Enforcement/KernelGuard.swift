import Synchronization
import WeirEnforce
import WeirModel
import WeirReport
import WeirRules

/// Keeps the kernel's sets as they should be while a run lasts.
final class KernelGuard: Sendable {
  private let state = Mutex(State())
  /// Held while a plan is put in force or read back, which may take seconds; `state` never is.
  private let work = Mutex(())

  private struct State {
    var plan = BlockPlan()
    var last: EnforcementTruth?
    /// What elements of plans that are gone have counted.
    var earlier = (packets: UInt64(0), bytes: UInt64(0))
    var summary = EnforcementSummary(backend: "nftables")
    var isStopped = false
    /// Whether what the kernel counted before is ours.
    var isBegun = false
    /// The flows that were blocked lately, oldest first in `order`.
    var flows: Set<BlockedFlow> = []
    var order: [BlockedFlow] = []

    /// Takes note of what was found.
    mutating func note(_ truth: EnforcementTruth, canaryHasPassed: Bool) {
      last = truth
      summary.verified += 1
      summary.enforcedRatio = truth.enforcedRatio
      summary.blocked = EnforcementSummary.Counts(
        packets: earlier.packets + truth.blockedPackets,
        bytes: earlier.bytes + truth.blockedBytes)
      if canaryHasPassed { summary.canariesPassed += 1 }
      guard !truth.holds else { return }
      summary.repaired += 1
      guard !truth.isIntact else { return }
      // All was put in force again, so the counters begin again, and flows are forgotten there.
      addEarlier(truth.blockedPackets, truth.blockedBytes)
      forgetFlows()
    }

    mutating func forgetFlows() {
      flows = []
      order = []
    }

    mutating func addEarlier(_ packets: UInt64, _ bytes: UInt64) {
      earlier.packets += packets
      earlier.bytes += bytes
    }
  }

  /// How many flows are remembered, so that each is told to the kernel once.
  private static let flowsRemembered = 4096

  /// What was found last.
  var last: EnforcementTruth? { state.withLock { $0.last } }

  /// What the run's summary says.
  var summary: EnforcementSummary {
    look()
    return state.withLock { $0.summary }
  }

  /// Puts the addresses of a rule set in force.
  func enforce(_ rules: RuleSet) throws {
    let plan = BlockPlan(rules, own: OwnSources.now)
    do {
      try work.withLock { _ in
        var table = try NftTable()
        // Counters begin again with every plan.
        let counts = try table.blockedSoFar()
        try table.apply(plan, drops: true)
        state.withLock { state in
          if state.isBegun { state.addEarlier(counts.packets, counts.bytes) }
          state.isBegun = true
          state.plan = plan
          state.last = nil
          state.forgetFlows()
        }
      }
    } catch let error as EnforceError {
      throw Failure(error)
    }
  }

  /// Blocks flows for a time, each once.
  ///
  /// What the kernel refuses is counted; the flow is tried again when it shows something else.
  func block(_ flows: [BlockedFlow], seconds: Int) {
    state.withLock { state in
      let new = flows.filter { state.flows.insert($0).inserted }
      guard !new.isEmpty else { return }
      state.order += new
      if state.order.count > KernelGuard.flowsRemembered {
        for flow in state.order.prefix(state.order.count / 2) { state.flows.remove(flow) }
        state.order.removeFirst(state.order.count / 2)
      }
      do throws(EnforceError) {
        var table = try NftTable()
        try table.block(new, seconds: seconds)
        state.summary.flowsBlocked += UInt64(new.count)
      } catch {
        for flow in new { state.flows.remove(flow) }
        state.summary.flowsRefused += UInt64(new.count)
      }
    }
  }

  /// Begins to look every few seconds, but never takes more than a tenth of a processor's time for it.
  func start(everySeconds seconds: Int) {
    Task.detached { [self] in
      var pause = Duration.seconds(seconds)
      while !state.withLock({ $0.isStopped }) {
        try? await Task.sleep(for: pause)
        let taken = ContinuousClock().measure { look() }
        pause = max(.seconds(seconds), taken * 9)
      }
    }
  }

  /// Ends looking; what is blocked stays so.
  func stop() { state.withLock { $0.isStopped = true } }

  /// Reads the kernel's sets back, repairs them, and says what differed.
  private func look() {
    let message = work.withLock { _ in
      state.withLock { $0.isStopped } ? nil : verified()
    }
    if let message { Console.complain(message) }
  }

  /// What is to be said after a look.
  private func verified() -> String? {
    let plan = state.withLock { $0.plan }
    do throws(EnforceError) {
      var table = try NftTable()
      let truth = try table.verify(plan, drops: true, repairing: true)
      let hasPassed = Canary.release().hasPassed
      state.withLock { $0.note(truth, canaryHasPassed: hasPassed) }
      if hasPassed { return "a canary came through: the kernel does not block what it should" }
      guard !truth.holds else { return nil }
      return "enforcement differed and was repaired: \(truth.missing) elements were missing, "
        + "\(truth.foreign) should not be there\(truth.isIntact ? "" : ", rules were changed")"
    } catch {
      state.withLock { $0.summary.enforcedRatio = 0 }
      return "enforcement cannot be verified: \(error)"
    }
  }
}
