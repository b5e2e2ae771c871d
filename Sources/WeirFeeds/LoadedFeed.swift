import WeirModel

/// How a feed was judged.
public enum FeedVerdict: String, Sendable {
  /// Every line of it is used, or has a reason by nature not to be.
  case accept
  /// Some of it is used; the rest is counted by reason.
  case partial
  /// None of it is used.
  case refuse
}

/// What became of one feed.
///
/// A refused one has handed on no entry.
public struct LoadedFeed: Hashable, Sendable {
  /// Its settings, with its name.
  public let settings: FeedSettings
  /// The file.
  public let path: String
  /// Its format; nil when it was not found out.
  public internal(set) var format: FeedFormat?
  /// For `json`, where its values stand; nil when that was not said.
  public internal(set) var select: JSONPath?
  /// Whether the format was told from the content rather than given.
  public internal(set) var formatIsDetected = false
  /// Bytes after unpacking.
  public internal(set) var bytes = 0
  /// What became of its lines.
  public internal(set) var counts = FeedCounts()
  /// Whether it is used.
  public internal(set) var verdict = FeedVerdict.accept
  /// Why it is not used, or not wholly; nil when there is nothing to say.
  public internal(set) var why: String?

  init(settings: FeedSettings, path: String) {
    self.settings = settings
    self.path = path
  }

  mutating func refuse(_ why: String) {
    (verdict, self.why) = (.refuse, why)
  }
}

/// A file in a feed directory that is no feed.
public struct SkippedFile: Hashable, Sendable {
  /// The file.
  public let path: String
  /// Why it was left out.
  public let why: String
}

/// The result of loading feeds.
public struct FeedLoad: Hashable, Sendable {
  /// The feeds, in the order of the options; the index is the one that entries came with.
  public internal(set) var feeds: [LoadedFeed] = []
  /// Files in feed directories that were left out.
  public internal(set) var skipped: [SkippedFile] = []

  /// Makes an empty result.
  public init() {}

  /// Whether a feed was refused: exit code 78.
  public var hasRefused: Bool { feeds.contains { $0.verdict == .refuse } }
  /// How many lines were rejected in all feeds: an error under `--strict`.
  public var rejectedTotal: Int { feeds.reduce(0) { $0 + $1.counts.rejectedTotal } }
}
