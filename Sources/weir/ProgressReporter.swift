import WeirReport

/// Shows a progress bar on standard error while a long run lasts.
struct ProgressReporter {
  private let isShown: Bool
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var bar = ProgressBar(now: 0)
  private var turns = 0
  private var isVisible = false
  private var nextLine = 0.25

  init(isShown: Bool) {
    self.isShown = isShown
    start = clock.now
  }

  /// Renews the line when it is time for that.
  mutating func show(_ progress: (done: Int, total: Int)?, packets: UInt64) {
    guard isShown else { return }
    // Asking for the time costs as much as a few packets.
    turns += 1
    guard turns % 64 == 0 else { return }
    let now = (clock.now - start).seconds
    guard
      let line = bar.line(
        now: now, done: progress?.done ?? 0, total: progress?.total, packets: packets)
    else { return }
    isVisible = true
    Console.write("\r\u{1b}[K\(line)")
  }

  /// Renews a line that counts, when it is time for that.
  mutating func show(_ what: String, count: Int) {
    if isDue { draw("\(what)  \(count) entries") }
  }

  /// Renews a line that tells a share, when it is time for that.
  mutating func show(_ what: String, done: Int, total: Int) {
    guard isDue else { return }
    let percent = total == 0 ? 100 : done * 100 / total
    let full = percent / 4
    let bar = String(repeating: "█", count: full) + String(repeating: "░", count: 25 - full)
    draw("\(what)  \(bar) \(percent) %")
  }

  /// Ten times a second.
  private var isDue: Bool {
    mutating get {
      guard isShown else { return false }
      let now = (clock.now - start).seconds
      guard now >= nextLine else { return false }
      nextLine = now + 0.1
      return true
    }
  }

  private mutating func draw(_ line: String) {
    isVisible = true
    Console.write("\r\u{1b}[K\(line)")
  }

  /// Takes the line away.
  func clear() {
    if isVisible { Console.write("\r\u{1b}[K") }
  }
}
