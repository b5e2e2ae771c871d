import WeirModel

/// A feed as the command line names it: `PATH[,key=value…]`.
public struct FeedOption: Hashable, Sendable {
  /// A file, or a directory whose files are feeds.
  public var path: String
  /// The format; nil leaves it to the content.
  public var format: FeedFormat?
  /// The name; nil takes it from the file.
  public var name: String?
  /// For JSON, where the values stand; nil leaves it to the content.
  public var select: JSONPath?
  /// All other settings; its name is not used.
  public var settings: FeedSettings

  /// Makes an option.
  public init(
    path: String, format: FeedFormat? = nil, name: String? = nil,
    settings: FeedSettings = FeedSettings(name: "")
  ) {
    self.path = path
    self.format = format
    self.name = name
    self.settings = settings
  }

  /// Makes the option for `--allow PATH`: every entry is an allow entry.
  public init(allowing path: String) {
    self.init(
      path: path,
      settings: FeedSettings(name: "", category: "allow", action: .allow, confidence: 100))
  }

  /// Reads `PATH[,key=value…]`.
  ///
  /// A text that exists as a path is one, whatever commas it has. Otherwise the pieces `key=value` at its end
  /// are the options.
  ///
  /// - Parameter exists: whether a file or directory has this path.
  public init(
    parsing text: String, exists: (String) -> Bool = FeedFile.exists
  ) throws(FeedOptionError) {
    if exists(text) {
      self.init(path: text)
      return
    }
    var pieces = text.split(separator: ",", omittingEmptySubsequences: false)
    var options: [Substring] = []
    while pieces.count > 1, let last = pieces.last, FeedOption.looksLikeOption(last) {
      options.append(last)
      pieces.removeLast()
    }
    self.init(path: pieces.joined(separator: ","))
    if pieces.count > 1, !exists(path), exists(String(pieces[0])) {
      throw .notKeyValue(String(pieces[1]))
    }
    guard !path.isEmpty else { throw .missingPath }
    var seen: Set<Key> = []
    for option in options.reversed() { try read(option, seen: &seen) }
  }

  /// What stands before `=` in an option.
  enum Key: String, CaseIterable {
    case name, format, category, action, direction, confidence, scope, select, ttl, tlp
  }

  private static func looksLikeOption(_ piece: Substring) -> Bool {
    guard let equals = piece.firstIndex(of: "=") else { return false }
    let key = piece[..<equals]
    return !key.isEmpty && key.utf8.allSatisfy { asciiLowercased($0) &- UInt8(ascii: "a") < 26 }
  }

  private mutating func read(
    _ option: Substring, seen: inout Set<Key>
  ) throws(FeedOptionError) {
    let equals = option.firstIndex(of: "=") ?? option.endIndex
    let keyText = String(option[..<equals])
    let value = String(option[equals...].dropFirst())
    guard let key = Key(rawValue: keyText) else {
      throw .unknownKey(keyText, suggestion: nearest(keyText, of: Key.allCases.map(\.rawValue)))
    }
    guard seen.insert(key).inserted else { throw .repeatedKey(keyText) }
    try set(key, to: value)
  }

  private mutating func set(_ key: Key, to value: String) throws(FeedOptionError) {
    switch key {
    case .name: name = try FeedOption.label(value, key)
    case .category: settings.category = try FeedOption.label(value, key)
    case .format: format = try choose(value, key, FeedFormat.allCases) { $0.name }
    case .action: settings.action = try choose(value, key, Action.allCases) { $0.name }
    case .direction: settings.direction = try choose(value, key, Direction.allCases) { $0.name }
    case .tlp: settings.tlp = try choose(value, key, TLPMarking.allCases) { $0.name }
    case .select:
      guard let path = JSONPath(value) else {
        throw .invalidValue(key: key.rawValue, value, expected: "a path as data[].ip")
      }
      select = path
    case .scope:
      settings.scope = try choose(value, key, [DomainScope.exact, .subdomains]) {
        String(describing: $0)
      }
    case .confidence:
      guard let number = UInt8(value), number <= 100, value.utf8.first != UInt8(ascii: "+") else {
        throw .invalidValue(key: key.rawValue, value, expected: "a number from 0 to 100")
      }
      settings.confidence = number
    case .ttl:
      guard let seconds = durationSeconds(value) else {
        throw .invalidValue(key: key.rawValue, value, expected: "a duration as 30m, 4h or 7d")
      }
      settings.ttlSeconds = seconds
    }
  }

  private static func label(_ value: String, _ key: Key) throws(FeedOptionError) -> String {
    guard !value.isEmpty, value.utf8.count <= 128, !value.utf8.contains(where: isControl) else {
      throw .invalidValue(key: key.rawValue, value, expected: "1 to 128 bytes of text")
    }
    return value
  }
}

/// The one of `values` that is called `text`.
private func choose<Value>(
  _ text: String, _ key: FeedOption.Key, _ values: [Value], name: (Value) -> String
) throws(FeedOptionError) -> Value {
  for value in values where name(value) == text { return value }
  let names = values.map(name)
  let suggestion = nearest(text, of: names).map { "\"\($0)\"" }
  throw .invalidValue(
    key: key.rawValue, text, expected: suggestion ?? names.joined(separator: ", "))
}

/// Seconds from `90s`, `30m`, `4h`, `7d` or `2w`, or nil.
func durationSeconds(_ text: String) -> Int? {
  let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
  guard let last = text.last, let unit = units[last] else { return nil }
  let digits = text.dropLast()
  guard digits.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }), let number = Int(digits),
    number > 0
  else { return nil }
  let (seconds, overflow) = number.multipliedReportingOverflow(by: unit)
  return overflow ? nil : seconds
}

/// The candidate that `text` is most probably a slip of: at most two letters inserted, dropped, exchanged or
/// swapped, and fewer than the text has.
func nearest(_ text: String, of candidates: [String]) -> String? {
  var best: (distance: Int, candidate: String)?
  for candidate in candidates {
    let distance = editDistance(Array(text.lowercased().utf8), Array(candidate.utf8))
    guard distance <= 2, distance < text.utf8.count else { continue }
    if best.map({ distance < $0.distance }) ?? true { best = (distance, candidate) }
  }
  return best?.candidate
}

/// Optimal string alignment distance (insert, drop, exchange, swap neighbors).
///
/// O(n·m).
private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
  guard left.count <= 64, right.count <= 64 else { return .max }
  var rows = [[Int]](
    repeating: [Int](repeating: 0, count: right.count + 1), count: left.count + 1)
  for i in 0...left.count {
    for j in 0...right.count {
      guard i > 0, j > 0 else {
        rows[i][j] = i + j
        continue
      }
      let cost = left[i - 1] == right[j - 1] ? 0 : 1
      var value = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + cost)
      if i > 1, j > 1, left[i - 1] == right[j - 2], left[i - 2] == right[j - 1] {
        value = min(value, rows[i - 2][j - 2] + 1)
      }
      rows[i][j] = value
    }
  }
  return rows[left.count][right.count]
}
