import WeirCrypto

/// What sort of table is released.
public enum ReleaseStream: String, CaseIterable, Sendable {
  /// Which listed hosts and names customers turned to; weekly.
  case indicatorsOut = "indicators-out"
  /// Which listed hosts turned to customers; off.
  case indicatorsIn = "indicators-in"
  /// Totals by category; daily.
  case pulse

  /// How long its windows are.
  public var hours: Int64 { self == .pulse ? 24 : 168 }
}

/// The time over which a release counts: from `start` up to `end`, which is no part of it.
public struct ReleaseWindow: Hashable, Sendable {
  /// The first second.
  public let start: UTCTime
  /// The second behind the last.
  public let end: UTCTime

  /// Hours from the end of a window to its publication, whatever was counted.
  public static let publicationDelayHours: Int64 = 2

  /// The window that begins at a time; nil when the stream has none that does: a weekly one begins on a Monday, a daily
  /// one at midnight, in UTC.
  public init?(_ stream: ReleaseStream, start: UTCTime) {
    let end = start.adding(hours: stream.hours)
    guard start.seconds % 86_400 == 0, end.seconds - start.seconds == stream.hours * 3600,
      // The epoch was a Thursday.
      stream.hours == 24 || (start.day + 3) % 7 == 0
    else { return nil }
    self.start = start
    self.end = end
  }

  /// The window of a stream that a moment lies in.
  public init?(_ stream: ReleaseStream, holding time: UTCTime) {
    let day = stream.hours == 24 ? time.day : time.day - (time.day + 3) % 7
    guard let start = UTCTime(seconds: day * 86_400) else { return nil }
    self.init(stream, start: start)
  }

  /// When the release is made, whatever was counted.
  public var made: UTCTime { end.adding(hours: ReleaseWindow.publicationDelayHours) }

  /// Whether a moment lies in it, in seconds since the epoch.
  public func contains(_ seconds: Int64) -> Bool {
    seconds >= start.seconds && seconds < end.seconds
  }

  /// The days that it touches, counted from the epoch.
  var days: ClosedRange<Int64> { start.day...(end.seconds - 1) / 86_400 }

  var json: CanonicalJSON {
    ["start": .string(start.description), "end": .string(end.description)]
  }

  /// Reads the JSON object; nil when the stream has no such window.
  init?(_ stream: ReleaseStream, json: CanonicalJSON?) {
    guard let start = json?["start"]?.string.flatMap(UTCTime.init),
      let end = json?["end"]?.string.flatMap(UTCTime.init), let window = Self(stream, start: start),
      window.end == end
    else { return nil }
    self = window
  }

  /// The name of the release of a window: a function of the window only, so that a second draw would bear the same.
  public func releaseID(_ stream: ReleaseStream, producer: String) -> String {
    let seed: CanonicalJSON = [
      "weir.release/1", .string(producer), .string(stream.rawValue), .string(start.description),
      .string(end.description),
    ]
    return "wr1-" + Hexadecimal.encode(SHA256.digest(seed.bytes).prefix(16))
  }
}
