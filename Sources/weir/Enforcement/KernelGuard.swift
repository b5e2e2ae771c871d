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
  }

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
        if let last = state.last {
          state.earlier.packets += last.blockedPackets
          state.earlier.bytes += last.blockedBytes
        }
        try table.apply(plan, drops: true)
        state.plan = plan
        state.last = nil
      }
    } catch let error as EnforceError {
      throw Failure(error)
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
