/// Why a capture could not be made.
public enum CaptureError: Error, Equatable, CustomStringConvertible {
  /// A word of the command line that means nothing, or has no value or a wrong one.
  case usage(String)
  /// A list could not be read.
  case unreadable(path: String, reason: String)
  /// A list has an entry that cannot be used.
  case invalidIndicator(String)
  /// The lists cover so much that no unlisted address or name was found.
  case listsCoverTooMuch(String)
  /// The capture or the truth could not be written.
  case cannotWrite(path: String, errno: Int32)

  /// One sentence for the terminal.
  public var description: String {
    switch self {
    case .usage(let text): text
    case .unreadable(let path, let reason): "cannot read \(path): \(reason)"
    case .invalidIndicator(let text): text
    case .listsCoverTooMuch(let what): "the lists leave too few \(what) that match nothing"
    case .cannotWrite(let path, let errno): "cannot write \(path): error \(errno)"
    }
  }
}
