/// One line on a terminal that shows how far a long run is.
///
/// It decides what to say; writing is the caller's.
public struct ProgressBar: Sendable {
  /// Nothing is shown before this many seconds: most runs are over by then.
  public static let quietSeconds = 2.0
  /// The line is renewed at most this often.
  public static let intervalSeconds = 0.2

  private let started: Double
  private var shown: Double

  /// Makes a bar that starts now.
  ///
  /// - Parameter now: seconds of a steady clock.
  public init(now: Double) {
    started = now
    shown = now + ProgressBar.quietSeconds - ProgressBar.intervalSeconds
  }

  /// The line to show, or nil when it is not time for one.
  ///
  /// - Parameters:
  ///   - done: bytes read.
  ///   - total: bytes there are; nil when that is not known.
  ///   - packets: packets judged.
  public mutating func line(now: Double, done: Int, total: Int?, packets: UInt64) -> String? {
    guard now - shown >= ProgressBar.intervalSeconds else { return nil }
    shown = now
    let elapsed = max(now - started, 1e-9)
    let rate = "\(NumberText.short(Double(packets) / elapsed)) packets/s"
    guard let total, total > 0 else {
      return "\(NumberText.grouped(packets)) packets  \(rate)"
    }
    let share = min(1, Double(done) / Double(total))
    let filled = Int(share * 30)
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
    let left = share > 0 ? NumberText.duration(elapsed / share - elapsed) : "?"
    return "\(bar) \(Column.right("\(Int(share * 100))", 3)) %  \(rate)  \(left) left"
  }
}
