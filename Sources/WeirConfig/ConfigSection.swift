/// A section of a configuration that is being read: whatever was not asked for is an error at the end.
public struct ConfigSection {
  /// The file, for errors.
  public let path: String
  /// The line that the section begins in.
  public let line: Int
  private let entries: [ConfigNode.Entry]
  private var asked: Set<String> = []

  /// The section that a node is.
  ///
  /// - Throws: when it is something else, or a name comes twice.
  public init(_ node: ConfigNode, path: String) throws(ConfigError) {
    self.path = path
    line = node.line
    switch node.content {
    case .section(let entries): self.entries = entries
    // A name without a value is an empty section.
    case .scalar("", isPlain: true): entries = []
    case .scalar, .list:
      throw ConfigError(path: path, line: node.line, "a section is expected here")
    }
    var names: Set<String> = []
    for entry in entries where !names.insert(entry.key).inserted {
      throw ConfigError(path: path, line: entry.line, "\"\(entry.key)\" is given twice")
    }
  }

  /// The names, in the order of the file.
  public var keys: [String] { entries.map(\.key) }

  /// The value of a name; nil when it is not given.
  public mutating func node(_ key: String) -> ConfigNode? {
    asked.insert(key)
    return entries.first { $0.key == key }?.value
  }

  /// A section within; an empty one when it is not given.
  public mutating func section(_ key: String) throws(ConfigError) -> ConfigSection? {
    guard let node = node(key) else { return nil }
    return try ConfigSection(node, path: path)
  }

  /// Text; nil when it is not given.
  public mutating func text(_ key: String) throws(ConfigError) -> String? {
    guard let node = node(key) else { return nil }
    guard case .scalar(let text, _) = node.content else {
      throw ConfigError(path: path, line: node.line, "\"\(key)\" takes a text")
    }
    return text
  }

  /// A whole number within a range; nil when it is not given.
  public mutating func integer(
    _ key: String, in range: ClosedRange<Int64>
  ) throws(ConfigError) -> Int64? {
    guard let text = try text(key) else { return nil }
    guard let value = Int64(text), range.contains(value) else {
      throw fault(key, "takes a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// `true` or `false`; nil when it is not given.
  public mutating func flag(_ key: String) throws(ConfigError) -> Bool? {
    guard let text = try text(key) else { return nil }
    switch text {
    case "true", "yes", "on": return true
    case "false", "no", "off": return false
    default: throw fault(key, "takes true or false")
    }
  }

  /// A list of texts; empty when it is not given, and one text is a list of one.
  public mutating func texts(_ key: String) throws(ConfigError) -> [String] {
    guard let node = node(key) else { return [] }
    var texts: [String] = []
    for item in try ConfigSection.items(node) {
      guard case .scalar(let text, _) = item.content else {
        throw ConfigError(path: path, line: item.line, "\"\(key)\" takes a list of texts")
      }
      texts.append(text)
    }
    return texts
  }

  /// A list of sections; empty when it is not given.
  public mutating func sections(_ key: String) throws(ConfigError) -> [ConfigSection] {
    guard let node = node(key) else { return [] }
    var sections: [ConfigSection] = []
    for item in try ConfigSection.items(node) {
      sections.append(try ConfigSection(item, path: path))
    }
    return sections
  }

  private static func items(_ node: ConfigNode) throws(ConfigError) -> [ConfigNode] {
    if case .list(let items) = node.content { return items }
    return [node]
  }

  /// An error about a name, at its line.
  public func fault(_ key: String, _ words: String) -> ConfigError {
    let line = entries.first { $0.key == key }?.value.line ?? line
    return ConfigError(path: path, line: line, "\"\(key)\" \(words)")
  }

  /// Ends the reading: a name that nothing asked for is unknown.
  public func end() throws(ConfigError) {
    guard let stranger = entries.first(where: { !asked.contains($0.key) }) else { return }
    var words = "\"\(stranger.key)\" is not known here"
    if let near = Spelling.nearest(to: stranger.key, among: asked) {
      words += "; did you mean \"\(near)\"?"
    }
    throw ConfigError(path: path, line: stranger.line, words)
  }
}

/// What somebody may have meant.
public enum Spelling {
  /// The word that needs the fewest changes, when those are few; the first by the alphabet among equals.
  public static func nearest(to word: String, among words: Set<String>) -> String? {
    let near = words.sorted().map { (distance(word, $0), $0) }.min { $0.0 < $1.0 }
    guard let near, near.0 <= max(2, word.count / 3) else { return nil }
    return near.1
  }

  /// How many letters have to be added, left out or exchanged (Levenshtein).
  static func distance(_ left: String, _ right: String) -> Int {
    let right = Array(right.utf8)
    var row = Array(0...right.count)
    for (number, letter) in left.utf8.prefix(64).enumerated() {
      var diagonal = row[0]
      row[0] = number + 1
      for index in right.indices {
        let changed = diagonal + (right[index] == letter ? 0 : 1)
        diagonal = row[index + 1]
        row[index + 1] = min(changed, row[index] + 1, diagonal + 1)
      }
    }
    return row[right.count]
  }
}
