import Glibc

/// The service manager, when it started the program: sd_notify(3).
enum ServiceManager {
  /// Tells it that a reload has begun; `READY=1` ends it.
  static func notifyReloading() {
    var time = timespec()
    // `time` is written by the call that it is lent to.
    _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    let microseconds = time.tv_sec * 1_000_000 + time.tv_nsec / 1000
    notify("RELOADING=1\nMONOTONIC_USEC=\(microseconds)")
  }

  /// Tells it a line, `READY=1` for example; without one nothing happens.
  static func notify(_ message: String) {
    // The environment's string is copied at once.
    guard let value = unsafe getenv("NOTIFY_SOCKET") else { return }
    var path = unsafe Array(String(cString: value).utf8)
    guard !path.isEmpty, path.count < 108 else { return }
    // An at sign stands for the zero byte of an abstract name.
    if path[0] == UInt8(ascii: "@") { path[0] = 0 }
    let number = socket(
      AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard number >= 0 else { return }
    defer { close(number) }
    let address = [UInt8(AF_UNIX), 0] + path
    let bytes = Array(message.utf8)
    // All bytes are read within the call.
    unsafe address.withUnsafeBytes { address in
      unsafe bytes.withUnsafeBytes { bytes in
        _ = unsafe sendto(
          number, bytes.baseAddress, bytes.count, 0,
          address.baseAddress?.assumingMemoryBound(to: sockaddr.self),
          socklen_t(address.count))
      }
    }
  }
}
