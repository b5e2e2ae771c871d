import Glibc

/// Follows logs as they grow, through renaming, replacing and emptying; it has no end.
public struct FollowGate: ~Copyable, LineGate {
  /// How long it sleeps when no log has news, in microseconds.
  private static let napMicroseconds: UInt32 = 50_000

  private let logs: [FollowedLog]
  private var batches: [LogBatch]
  private var next = 0

  /// Makes a gate over files, which need not be there yet.
  ///
  /// - Parameter state: where each of them was left; others are read from their beginning.
  public init(paths: [String], state: FollowState = FollowState()) {
    logs = paths.map { FollowedLog(path: $0, resuming: state[$0]) }
    batches = paths.indices.map { LogBatch(input: $0, path: paths[$0]) }
  }

  /// One report for each log, as it stands.
  public var reports: [InputReport] { logs.map(\.report) }

  /// Where to go on: what was lent before is behind.
  public var state: FollowState {
    var state = FollowState()
    for log in logs { state[log.path] = log.position }
    return state
  }

  /// Lends lines of the next log that has some; none when there were none for 50 ms.
  ///
  /// See `LineGate`.
  public mutating func turn(_ body: (_ arena: Span<UInt8>, _ batch: LogBatch) -> Int) -> Bool {
    for _ in logs.indices {
      let index = next
      next = (next + 1) % logs.count
      if logs[index].turn(&batches[index], body) {
        batches[index].isFirst = false
        return true
      }
    }
    _ = usleep(FollowGate.napMicroseconds)
    return true
  }
}
