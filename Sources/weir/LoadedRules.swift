import FoundationEssentials
import WeirFeeds
import WeirMatch
import WeirModel
import WeirReport
import WeirRules

/// The rules of a run, compiled from feeds or opened from a database, and what is to be said of each feed.
struct LoadedRules {
  var rules: RuleSet
  /// Whether a feed could not be used, which makes the exit status 78.
  var hasRefusedFeed = false
  /// How many lines were rejected.
  var rejectedLines: Int

  /// What the summary says of each feed.
  var feeds: [FeedSummary] { rules.records.map(FeedSummary.init) }

  /// Loads what the options name.
  ///
  /// - Throws: `Failure` when the database or a feed cannot be used, unless lenient.
  init(_ options: RuleOptions, quiet: Bool) throws {
    guard let database = options.database else {
      try self.init(
        feeds: options.feeds, allow: options.allow, isLenient: options.isLenient, quiet: quiet)
      return
    }
    try self.init(database: database, verifying: options.verifies)
  }

  /// Loads what the options name, and says how long that took.
  static func timed(
    _ options: RuleOptions, quiet: Bool
  ) throws -> (rules: LoadedRules, seconds: Double) {
    let clock = ContinuousClock()
    let start = clock.now
    let loaded = try LoadedRules(options, quiet: quiet)
    let seconds = (clock.now - start).seconds
    if options.feeds.isEmpty, options.database == nil, !quiet {
      Console.complain("no --feed or --db is given, so nothing can match")
    }
    return (loaded, seconds)
  }

  /// Fails when a feed was not used, or not wholly though the options ask for it.
  func check(_ options: RuleOptions) throws {
    if hasRefusedFeed { throw ExitStatus.configuration }
    if options.isStrict, rejectedLines > 0 {
      throw Failure(.configuration, "\(rejectedLines) feed lines were not understood")
    }
  }

  /// Opens a database.
  init(database: String, verifying: Bool) throws {
    do throws(DatabaseError) {
      rules = try Database.open(database, verifying: verifying)
    } catch {
      throw Failure(.configuration, "\(database): \(error)")
    }
    rejectedLines = rules.records.reduce(0) { $0 + $1.rejected.reduce(0) { $0 + $1.count } }
  }

  /// Loads feeds and compiles them in memory.
  ///
  /// - Throws: `Failure` when a feed cannot be used, unless lenient.
  init(feeds texts: [String], allow: [String] = [], isLenient: Bool, quiet: Bool) throws {
    let gathered = try GatheredFeeds(texts, allow: allow, isLenient: isLenient, quiet: quiet)
    hasRefusedFeed = gathered.hasRefusedFeed
    rejectedLines = gathered.rejectedLines
    do throws(BuildError) {
      rules = try gathered.compile().ruleSet()
    } catch {
      throw Failure(.configuration, "the rules cannot be compiled: \(error)")
    }
  }
}

extension Duration {
  /// The length in seconds.
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}

/// The entries of feeds, ready to be compiled.
struct GatheredFeeds: ~Copyable {
  private var builder: RuleSetBuilder
  private let records: [FeedRecord]
  /// Whether a feed could not be used.
  let hasRefusedFeed: Bool
  /// How many lines were rejected.
  let rejectedLines: Int

  /// Reads feeds, and names what of them is not used.
  ///
  /// - Parameter progress: told now and then how many entries were read.
  /// - Throws: `Failure` when a feed cannot be used, unless lenient.
  init(
    _ texts: [String], allow: [String], isLenient: Bool, quiet: Bool,
    scratch: Scratch = .memory, bufferByteCount: Int = RuleSetBuilder.bufferByteCountDefault,
    progress: (Int) -> Void = { _ in }
  ) throws {
    let requested = try FeedRequest.options(texts)
    var intake = RuleSetBuilder(scratch: scratch, bufferByteCount: bufferByteCount)
    var entries = 0
    let load = FeedLoader(now: FeedRequest.now).load(options: requested, allow: allow) {
      intake.add($1, feed: $0)
      entries += 1
      if entries % 4096 == 0 { progress(entries) }
    }
    if !quiet { GatheredFeeds.report(load) }
    if load.hasRefused, !isLenient {
      throw Failure(
        .configuration, "a feed cannot be used",
        advice: "With --lenient the others are used; the exit status is still 78.")
    }
    builder = intake
    records = load.feeds.map(FeedRecord.init)
    hasRefusedFeed = load.hasRefused
    rejectedLines = load.rejectedTotal
  }

  /// Compiles them.
  consuming func compile(
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(BuildError) -> CompiledRules {
    // Feeds are numbered by the loader, which knows all of them only when it has read them.
    for record in records { _ = try builder.addFeed(record) }
    return try builder.compile(progress: progress)
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

extension FeedRecord {
  /// What the loader knows of a feed.
  init(_ feed: LoadedFeed) {
    self.init(feed.settings)
    path = feed.path
    format = feed.format?.name
    lines = feed.counts.lines
    rejected = feed.counts.rejected.map { Rejection(reason: $0.key.name, count: $0.value) }
      .sorted { $0.reason < $1.reason }
    verdict = feed.verdict.rawValue
    why = feed.why
  }
}

extension FeedSummary {
  /// What the rules know of a feed.
  init(_ feed: FeedRecord) {
    var byKind: [String: Int] = [:]
    for (kind, count) in feed.yield.byKind { byKind[kind.name] = count }
    var rejected: [String: Int] = [:]
    for rejection in feed.rejected { rejected[rejection.reason] = rejection.count }
    self.init(
      name: feed.settings.name, path: feed.path, format: feed.format,
      category: feed.settings.category, action: feed.settings.action.name, lines: feed.lines,
      loaded: feed.yield.loaded, duplicates: feed.yield.duplicates, rejected: rejected,
      byKind: byKind, verdict: feed.verdict, why: feed.why)
  }
}
