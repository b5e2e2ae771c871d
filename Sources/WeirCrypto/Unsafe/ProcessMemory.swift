import CCrypto
import Glibc

/// What becomes of the memory of this process.
public enum ProcessMemory {
  /// Keeps it out of core files, whatever the system does with those, and away from debuggers of the same user.
  ///
  /// - Returns: whether that was done.
  public static func forbidDumps() -> Bool {
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    // The limit is read within the call.
    return unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none) == 0
      && weir_forbid_dumps() == 0
  }
}
