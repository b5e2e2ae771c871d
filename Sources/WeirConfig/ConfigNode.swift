/// A value of a configuration file, with the line that it stands in.
public struct ConfigNode: Hashable, Sendable {
  /// What it is.
  public indirect enum Content: Hashable, Sendable {
    /// Text; plain when it was written without quotes, so that it may mean a number.
    case scalar(String, isPlain: Bool)
    /// A list.
    case list([ConfigNode])
    /// Names with values, in the order of the file.
    case section([Entry])
  }

  /// A name with its value.
  public struct Entry: Hashable, Sendable {
    /// The name.
    public let key: String
    /// The line of the name.
    public let line: Int
    /// The value.
    public let value: ConfigNode
  }

  /// What it is.
  public let content: Content
  /// The line that it begins in, counted from 1.
  public let line: Int

  /// A node.
  public init(_ content: Content, line: Int) {
    self.content = content
    self.line = line
  }
}

/// Why a configuration cannot be used; file, line and sentence.
public struct ConfigError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file.
  public let path: String
  /// The line, counted from 1; 0 when it is the file itself.
  public let line: Int
  /// What is wrong.
  public let words: String

  /// An error.
  public init(path: String, line: Int, _ words: String) {
    self.path = path
    self.line = line
    self.words = words
  }

  /// File, line and sentence.
  ///
  /// Such as `weir.yaml:12: "custmer" is not known here; did you mean "customer"?`
  public var description: String {
    line > 0 ? "\(path):\(line): \(words)" : "\(path): \(words)"
  }
}
