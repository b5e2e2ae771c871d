import WeirEngine
import WeirGate
import WeirModel
import WeirRules
import WeirShare

/// The windows of a running Weir, one week after the other.
///
/// A class, so that the loop over packets can lend itself out while it counts; used by that one thread.
final class RunningReleases {
  private let settings: ShareSettings
  private var window: ShareWindow?
  private let clock = ContinuousClock()
  private var lastKept: ContinuousClock.Instant
  private var lastMinute: ContinuousClock.Instant

  init(_ settings: ShareSettings) {
    self.settings = settings
    lastKept = clock.now
    lastMinute = clock.now
  }

  /// Begins, or goes on with, the week of now, under these rules.
  func begin(_ rules: RuleSet) throws {
    window = nil
    window = try ShareWindow.begin(settings, rules: rules, ShareWindow.current())
    lastMinute = clock.now
  }

  /// Takes in what was sighted in a batch.
  func count(_ sightings: Sightings, _ arena: Span<UInt8>, _ slots: Span<Slot>) {
    window?.counter.count(sightings, arena, slots)
  }

  /// Keeps what was counted every minute, and goes over to the next week when this one has ended.
  ///
  /// When a week cannot be opened, the budget being spent, counting for releases rests; packets are judged all the same.
  func attend(_ rules: RuleSet) throws {
    guard clock.now - lastKept >= .seconds(60) else { return }
    lastKept = clock.now
    try keep()
    guard let now = UTCTime(seconds: FeedRequest.now.seconds) else { return }
    if let end = window?.window.end, now < end { return }
    do { try begin(rules) } catch let failure as Failure {
      Console.complain("nothing is counted for a release: \(failure.message)")
    }
  }

  /// Keeps what was counted, and the minutes that it took.
  func keep() throws {
    let minutes = Int64((clock.now - lastMinute).seconds / 60)
    lastMinute += .seconds(minutes * 60)
    window?.counter.cover(minutes: UInt64(max(0, minutes)))
    _ = try window?.keep()
  }
}
