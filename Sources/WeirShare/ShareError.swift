/// Why something of the sharing side was not done.
///
/// In every case nothing has left.
public enum ShareError: Error, Equatable, Sendable {
  /// A rule of privacy or of a policy forbids it.
  case refused(String)
  /// The configuration or a policy is wrong.
  case configuration(String)
  /// It is too early.
  case tooEarly(String)
  /// A file of the sharing side is damaged, or older than it was.
  case damaged(String)
  /// A file cannot be read or written.
  case file(String)
  /// The machine gives no random numbers.
  case entropy

  /// What is wrong, for people.
  public var words: String {
    switch self {
    case .refused(let words), .configuration(let words), .tooEarly(let words), .damaged(let words),
      .file(let words):
      words
    case .entropy: "the kernel gives no random numbers"
    }
  }
}
