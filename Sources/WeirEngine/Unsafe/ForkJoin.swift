import Glibc
import Synchronization

/// A few threads that run one closure together and wait for each other.
///
/// The crossing that a replay needs: the caller lends a batch, every thread takes its share, and the batch goes
/// back when the last one is done. Nothing is queued, so nothing can overflow.
@safe final class ForkJoin: @unchecked Sendable {
  /// How many threads run the closure, the caller's included.
  let threads: Int

  private var handles: [pthread_t] = []
  private let lock: UnsafeMutablePointer<pthread_mutex_t>
  private let wake: UnsafeMutablePointer<pthread_cond_t>
  /// Counts the runs; a change is the signal to begin.
  ///
  /// Written under the lock.
  private let run = Atomic<Int>(0)
  /// How many of the other threads are not done with the current run.
  private let pending = Atomic<Int>(0)
  private let isClosing = Atomic<Bool>(false)
  /// The closure of the current run; written before `run` is raised, read after.
  nonisolated(unsafe) private var body: ((Int) -> Void)?

  /// How often a waiting thread looks before it sleeps: some 20 µs, less than a wake-up costs.
  private static let spins = 4000

  init(threads: Int) {
    self.threads = max(threads, 1)
    unsafe lock = .allocate(capacity: 1)
    unsafe wake = .allocate(capacity: 1)
    unsafe pthread_mutex_init(lock, nil)
    unsafe pthread_cond_init(wake, nil)
    for index in 1..<max(threads, 1) { start(index) }
  }

  deinit {
    unsafe pthread_cond_destroy(wake)
    unsafe pthread_mutex_destroy(lock)
    unsafe wake.deallocate()
    unsafe lock.deallocate()
  }

  /// Ends the threads.
  ///
  /// The pool is of no use afterwards.
  func close() {
    isClosing.store(true, ordering: .releasing)
    signal()
    for handle in handles { pthread_join(handle, nil) }
    handles = []
  }

  /// Runs `body` once on every thread, each with its number from 0, and returns when all are done.
  func callAsFunction(_ body: (Int) -> Void) {
    guard threads > 1 else { return body(0) }
    // The closure is gone from `self.body` before this call returns, so it does not outlive its caller.
    withoutActuallyEscaping(body) { escaping in
      unsafe self.body = escaping
      pending.store(threads - 1, ordering: .relaxed)
      signal()
      escaping(0)
      var spins = 0
      while pending.load(ordering: .acquiring) > 0 {
        spins += 1
        if spins > ForkJoin.spins { sched_yield() }
      }
      unsafe self.body = nil
    }
  }

  private func signal() {
    unsafe pthread_mutex_lock(lock)
    run.add(1, ordering: .releasing)
    unsafe pthread_cond_broadcast(wake)
    unsafe pthread_mutex_unlock(lock)
  }

  private func start(_ index: Int) {
    let argument = unsafe Unmanaged.passRetained(Argument(pool: self, index: index)).toOpaque()
    var handle = pthread_t()
    let code = unsafe pthread_create(
      &handle, nil,
      { pointer in
        guard let pointer = unsafe pointer else { return nil }
        // The one retain of `start` is taken back here.
        let argument = unsafe Unmanaged<Argument>.fromOpaque(pointer).takeRetainedValue()
        argument.pool.work(argument.index)
        return nil
      }, argument)
    precondition(code == 0, "the system refuses another thread")
    handles.append(handle)
  }

  private final class Argument {
    let pool: ForkJoin
    let index: Int

    init(pool: ForkJoin, index: Int) {
      self.pool = pool
      self.index = index
    }
  }

  private func work(_ index: Int) {
    var seen = 0
    while true {
      seen = awaitRun(after: seen)
      if isClosing.load(ordering: .acquiring) { return }
      unsafe body?(index)
      pending.subtract(1, ordering: .releasing)
    }
  }

  private func awaitRun(after seen: Int) -> Int {
    for _ in 0..<ForkJoin.spins {
      let now = run.load(ordering: .acquiring)
      if now != seen { return now }
    }
    unsafe pthread_mutex_lock(lock)
    while run.load(ordering: .acquiring) == seen {
      unsafe pthread_cond_wait(wake, lock)
    }
    let now = run.load(ordering: .acquiring)
    unsafe pthread_mutex_unlock(lock)
    return now
  }
}
