/// What is wrong with a feed option; the description is a sentence for the user.
public enum FeedOptionError: Error, Hashable, Sendable {
  /// Nothing stands before the first comma.
  case missingPath
  /// A piece behind the path is no `key=value`.
  case notKeyValue(String)
  /// There is no such key.
  case unknownKey(String, suggestion: String?)
  /// A key is given twice.
  case repeatedKey(String)
  /// The value does not suit the key.
  case invalidValue(key: String, String, expected: String)
}

extension FeedOptionError: CustomStringConvertible {
  /// The error and what to do about it.
  public var description: String {
    switch self {
    case .missingPath: "the feed has no path; write PATH[,key=value…]"
    case .notKeyValue(let piece): "\"\(piece)\" is no key=value"
    case .unknownKey(let key, let suggestion):
      if let suggestion {
        "unknown key \"\(key)\"; did you mean \"\(suggestion)\"?"
      } else {
        "unknown key \"\(key)\"; the keys are "
          + FeedOption.Key.allCases.map(\.rawValue).joined(separator: " ")
      }
    case .repeatedKey(let key): "the key \"\(key)\" is given twice"
    case .invalidValue(let key, let value, let expected):
      "\(key)=\(value) is not understood; expected \(expected)"
    }
  }
}
