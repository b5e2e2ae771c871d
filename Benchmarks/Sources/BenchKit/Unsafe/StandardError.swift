import Glibc

/// The stream for complaints.
public enum StandardError {
  /// Writes one line; a failure to complain is not complained about.
  public static func write(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    // `write` reads at most the count given, which is what the array has.
    _ = unsafe Glibc.write(2, bytes, bytes.count)
  }
}
