import Synchronization
import WeirEnforce
import WeirModel
import WeirReport
import WeirRules

/// Keeps the kernel's sets as they should be while a run lasts.
final class KernelGuard: Sendable {
  private let state = Mutex(State())

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
      try state.withLock { state in
        var table = try NftTable()
        // Counters begin again with every plan.
        let counts = try table.blockedSoFar()
        if state.isBegun { state.addEarlier(counts.packets, counts.bytes) }
        state.isBegun = true
        try table.apply(plan, drops: true)
        state.plan = plan
        state.last = nil
        state.flows = []
        state.order = []
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

  /// Begins to look every few seconds.
  func start(everySeconds seconds: Int) {
    Task.detached { [self] in
      while !state.withLock({ $0.isStopped }) {
        try? await Task.sleep(for: .seconds(seconds))
        look()
      }
    }
  }

  /// Ends looking; what is blocked stays so.
  func stop() { state.withLock { $0.isStopped = true } }

  /// Reads the kernel's sets back, repairs them, and says what differed.
  private func look() {
    let message: String? = state.withLock { state in
      guard !state.isStopped else { return nil }
      do throws(EnforceError) {
        var table = try NftTable()
        let truth = try table.verify(state.plan, drops: true, repairing: true)
        state.last = truth
        state.summary.verified += 1
        state.summary.enforcedRatio = truth.enforcedRatio
        state.summary.blocked = EnforcementSummary.Counts(
          packets: state.earlier.packets + truth.blockedPackets,
          bytes: state.earlier.bytes + truth.blockedBytes)
        if Canary.release().hasPassed {
          state.summary.canariesPassed += 1
          return "a canary came through: the kernel does not block what it should"
        }
        guard !truth.holds else { return nil }
        state.summary.repaired += 1
        if !truth.isIntact {
          // All was put in force again, so the counters begin again, and flows are forgotten there.
          state.addEarlier(truth.blockedPackets, truth.blockedBytes)
          state.flows = []
          state.order = []
        }
        return "enforcement differed and was repaired: \(truth.missing) elements were missing, "
          + "\(truth.foreign) should not be there\(truth.isIntact ? "" : ", rules were changed")"
      } catch {
        state.summary.enforcedRatio = 0
        return "enforcement cannot be verified: \(error)"
      }
    }
    if let message { Console.complain(message) }
  }
}
