import FoundationEssentials
import WeirFeeds
import WeirModel
import WeirReport
import WeirRules

/// Rules compiled from the feeds of the command line, and what is to be said of each feed.
struct LoadedRules {
  var rules: RuleSet
  var feeds: [FeedSummary]
  /// Whether a feed could not be used, which makes the exit status 78.
  var hasRefusedFeed: Bool
  /// How many lines were rejected.
  var rejectedLines: Int

  /// Loads feeds and compiles them.
  ///
  /// - Throws: `Failure` when a feed cannot be used, unless lenient.
  init(feeds texts: [String], allow: [String] = [], isLenient: Bool, quiet: Bool) throws {
    let requested = try FeedRequest.options(texts)
    var intake = FeedIntake()
    let load = FeedLoader(now: FeedRequest.now).load(options: requested, allow: allow) {
      intake.take($1, feed: $0)
    }
    if !quiet { LoadedRules.report(load) }
    if load.hasRefused, !isLenient {
      throw Failure(
        .configuration, "a feed cannot be used",
        advice: "With --lenient the others are used; the exit status is still 78.")
    }
    hasRefusedFeed = load.hasRefused
    rejectedLines = load.rejectedTotal
    do throws(BuildError) {
      let (rules, yields) = try intake.build(load.feeds.map(\.settings))
      self.rules = rules
      feeds = zip(load.feeds, yields).map { FeedSummary($0, $1) }
    } catch {
      throw Failure(.configuration, "the rules cannot be compiled: \(error)")
    }
  }

  /// Names what was not used, each with file, line and reason.
  private static func report(_ load: FeedLoad) {
    for file in load.skipped { Console.complain("\(file.path): left out: \(file.why)") }
    for feed in load.feeds {
      for line in feed.counts.samples { Console.complain(line.description) }
      let unnamed = feed.counts.rejectedTotal - feed.counts.samples.count
      if unnamed > 0 { Console.complain("\(feed.path): and \(unnamed) more lines rejected") }
      if feed.verdict == .refuse { Console.complain("\(feed.path): refused: \(feed.why ?? "")") }
    }
  }
}

/// The feeds as the command line asks for them.
enum FeedRequest {
  /// Reads the `--feed` options.
  static func options(_ texts: [String]) throws -> [FeedOption] {
    try texts.map { text -> FeedOption in
      do throws(FeedOptionError) {
        return try FeedOption(parsing: text)
      } catch {
        throw Failure(.usage, "--feed \(text): \(error)")
      }
    }
  }

  /// The time that the age of feeds is taken from.
  static var now: Timestamp {
    Timestamp(nanoseconds: Int64(Date().timeIntervalSince1970 * 1e9))
  }
}

/// Entries on their way to the rules.
///
/// Feeds are numbered by the loader, which knows their settings only when it has read them; the
/// builder wants them first.
private struct FeedIntake {
  private var builder = RuleSetBuilder()

  mutating func take(_ entry: FeedEntry, feed: Int) { builder.add(entry, feed: feed) }

  consuming func build(_ feeds: [FeedSettings]) throws(BuildError) -> (RuleSet, [FeedYield]) {
    for feed in feeds { _ = try builder.addFeed(feed) }
    return try builder.build()
  }
}

extension FeedSummary {
  /// Joins what the loader and the compiler know of a feed.
  init(_ feed: LoadedFeed, _ yield: FeedYield) {
    var byKind: [String: Int] = [:]
    for (kind, count) in yield.byKind { byKind[kind.name] = count }
    var rejected: [String: Int] = [:]
    for (reason, count) in feed.counts.rejected { rejected[reason.name] = count }
    self.init(
      name: feed.settings.name, path: feed.path, format: feed.format?.name,
      category: feed.settings.category, action: feed.settings.action.name,
      lines: feed.counts.lines, loaded: yield.loaded, duplicates: yield.duplicates,
      rejected: rejected, byKind: byKind, verdict: feed.verdict.rawValue, why: feed.why)
  }
}
