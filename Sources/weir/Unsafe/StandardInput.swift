import Glibc

/// What a person types.
enum StandardInput {
  /// The next line without its end; nil when none comes in time, the input ends, or a signal asks to stop.
  static func line(withinSeconds seconds: Int) -> String? {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(seconds)
    var line: [UInt8] = []
    while clock.now < deadline, !StopSignals.isRaised, line.count < 1024 {
      var request = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      // One `pollfd` that lives through the call.
      guard unsafe poll(&request, 1, 200) > 0 else { continue }
      var byte: UInt8 = 0
      // One byte that is writable.
      guard unsafe read(STDIN_FILENO, &byte, 1) == 1 else { return nil }
      if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
      line.append(byte)
    }
    return nil
  }
}
