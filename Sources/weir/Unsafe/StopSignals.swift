import Glibc
import Synchronization

/// INT and TERM, which end a run that has no end of its own.
enum StopSignals {
  private static let raised = Atomic<Bool>(false)

  /// Whether one came.
  static var isRaised: Bool { raised.load(ordering: .relaxed) }

  /// Lets the first one be noticed; a second one ends the program at once.
  static func watch() {
    Signals.unblock([SIGINT, SIGTERM])
    for number in [SIGINT, SIGTERM] {
      // The handler stores one atomic and resets itself, both of which a handler may do.
      _ = signal(number) { number in
        StopSignals.raised.store(true, ordering: .relaxed)
        _ = signal(number, SIG_DFL)
      }
    }
  }
}

extension StopSignals {
  /// Lets the program end its work when its terminal is gone.
  static func outliveTerminal() {
    _ = signal(SIGHUP, SIG_IGN)
    _ = signal(SIGPIPE, SIG_IGN)
  }
}

/// HUP and USR1, which ask a daemon for something.
enum RunSignals {
  private static let reload = Atomic<Bool>(false)
  private static let statistics = Atomic<Bool>(false)

  /// Lets them be noticed.
  static func watch() {
    Signals.unblock([SIGHUP, SIGUSR1])
    // The handlers store one atomic each.
    _ = signal(SIGHUP) { _ in RunSignals.reload.store(true, ordering: .relaxed) }
    _ = signal(SIGUSR1) { _ in RunSignals.statistics.store(true, ordering: .relaxed) }
  }

  /// Whether the rules are to be loaded again, once.
  static func takeReload() -> Bool { reload.exchange(false, ordering: .relaxed) }

  /// Whether statistics are wanted, once.
  static func takeStatistics() -> Bool { statistics.exchange(false, ordering: .relaxed) }
}

/// What a program inherits from the one that starts it.
private enum Signals {
  /// Lets signals come that whoever started the program may have blocked.
  static func unblock(_ numbers: [Int32]) {
    var set = sigset_t()
    // The set is written and read within the calls.
    unsafe sigemptyset(&set)
    for number in numbers { unsafe sigaddset(&set, number) }
    _ = unsafe pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }
}
