import Glibc

/// The time since it was made.
public struct Stopwatch: Sendable {
  /// Which time.
  public enum Clock: Sendable {
    /// What the processor spent on this process, all threads together.
    case processor
    /// What passed.
    case wall
  }

  private let processorStart: Double
  private let wallStart: Double

  /// Starts.
  public init() {
    processorStart = Stopwatch.read(CLOCK_PROCESS_CPUTIME_ID)
    wallStart = Stopwatch.read(CLOCK_MONOTONIC)
  }

  /// Seconds since the start.
  public func seconds(_ clock: Clock) -> Double {
    switch clock {
    case .processor: Stopwatch.read(CLOCK_PROCESS_CPUTIME_ID) - processorStart
    case .wall: Stopwatch.read(CLOCK_MONOTONIC) - wallStart
    }
  }

  private static func read(_ clock: clockid_t) -> Double {
    var time = timespec()
    // The structure lives for the call, which fills it.
    unsafe clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
