/// What became of a feed's lines.
public struct FeedCounts: Hashable, Sendable {
  /// Lines read, the last one also without its newline.
  public internal(set) var lines = 0
  /// Lines that are comments or headers.
  public internal(set) var comments = 0
  /// Empty lines.
  public internal(set) var blanks = 0
  /// Lines that are no indicators by their nature, as `127.0.0.1 localhost` in a hosts file.
  public internal(set) var ignored = 0
  /// Entries handed on; a hosts line may have several.
  public internal(set) var entries = 0
  /// Lines, or elements of a JSON list, that were not used or not wholly, by reason.
  public internal(set) var rejected: [RejectReason: Int] = [:]
  /// The first of the rejected lines, at most `samplesMax`.
  public internal(set) var samples: [RejectedLine] = []

  /// The most rejected lines that are kept for the report.
  public static let samplesMax = 20

  /// How many lines were rejected.
  public var rejectedTotal: Int { rejected.values.reduce(0, +) }

  /// Counts a rejected line and keeps it when it is one of the first.
  mutating func reject(_ reason: RejectReason, path: String, line: Int, text: Span<UInt8>) {
    rejected[reason, default: 0] += 1
    guard samples.count < FeedCounts.samplesMax else { return }
    samples.append(RejectedLine(path: path, line: line, reason: reason, text: text))
  }
}
