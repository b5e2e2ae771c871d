import WeirModel

/// Reads feed files and hands their entries on, one by one.
public struct FeedLoader {
  /// The time that ages of files are taken from.
  public let now: Timestamp
  /// The most bytes that a packed feed may unpack to.
  public let unpackedBytesMax: Int

  /// The most bytes that a packed feed may unpack to, unless told otherwise.
  public static let unpackedBytesMaxDefault = 4 << 30

  /// Makes a loader.
  public init(now: Timestamp, unpackedBytesMax: Int = FeedLoader.unpackedBytesMaxDefault) {
    self.now = now
    self.unpackedBytesMax = unpackedBytesMax
  }

  /// Reads every feed, then every allow list.
  ///
  /// A feed that cannot be used never stops the others: it is in the result with its verdict and reason.
  ///
  /// - Parameter sink: takes the index of the feed in the result and an entry; entries come in the order of
  ///   feeds and lines.
  public func load(
    options: [FeedOption], allow: [String] = [], into sink: (Int, FeedEntry) -> Void
  ) -> FeedLoad {
    var load = FeedLoad()
    var names: Set<String> = []
    for option in options + allow.map(FeedOption.init(allowing:)) {
      for file in files(of: option, load: &load) {
        let settings = uniquelyNamed(file, option, &names)
        let index = load.feeds.count
        load.feeds.append(
          read(file.path, settings: settings, option) { sink(index, $0) })
      }
    }
    return load
  }

  // MARK: - Files and names

  private struct File {
    let path: String
    let name: String
    let nameIsGiven: Bool
  }

  private func files(of option: FeedOption, load: inout FeedLoad) -> [File] {
    guard FeedFile.isDirectory(option.path) else {
      let name = option.name ?? FeedLoader.name(ofFile: option.path)
      return [File(path: option.path, name: name, nameIsGiven: option.name != nil)]
    }
    var files: [File] = []
    for entry in FeedFile.directoryEntries(option.path) {
      let path = option.path.hasSuffix("/") ? option.path + entry : option.path + "/" + entry
      if let why = FeedLoader.reasonToSkip(entry, isDirectory: FeedFile.isDirectory(path)) {
        load.skipped.append(SkippedFile(path: path, why: why))
        continue
      }
      let base = FeedLoader.name(ofFile: entry)
      let name = option.name.map { "\($0)/\(base)" } ?? base
      files.append(File(path: path, name: name, nameIsGiven: false))
    }
    if files.isEmpty {
      let name = option.name ?? FeedLoader.name(ofFile: option.path)
      files.append(File(path: option.path, name: name, nameIsGiven: true))
    }
    return files
  }

  private static func reasonToSkip(_ entry: String, isDirectory: Bool) -> String? {
    if isDirectory { return "a directory" }
    if entry.hasPrefix(".") { return "hidden" }
    let lower = entry.lowercased()
    if lower.hasPrefix("readme") || lower.hasSuffix(".md") { return "documentation" }
    return nil
  }

  /// The name of a file without its directory, its ending for compression and one more ending.
  static func name(ofFile path: String) -> String {
    let parts = path.split(separator: "/")
    var name = parts.last.map(String.init) ?? path
    for ending in [".gz", ".zst", ".lz4"] where name.hasSuffix(ending) && name != ending {
      name.removeLast(ending.count)
    }
    if let dot = name.lastIndex(of: "."), dot != name.startIndex { name = String(name[..<dot]) }
    return name
  }

  /// The settings with the file's name; a name taken from a file gets a number when it is taken already, so
  /// that counts by feed stay apart.
  private func uniquelyNamed(
    _ file: File, _ option: FeedOption, _ names: inout Set<String>
  ) -> FeedSettings {
    var settings = option.settings
    settings.name = file.name
    var number = 2
    while !file.nameIsGiven, names.contains(settings.name) {
      settings.name = "\(file.name)-\(number)"
      number += 1
    }
    names.insert(settings.name)
    return settings
  }

  // MARK: - One file

  private func read(
    _ path: String, settings: FeedSettings, _ option: FeedOption, into sink: (FeedEntry) -> Void
  ) -> LoadedFeed {
    var feed = LoadedFeed(settings: settings, path: path)
    feed.format = option.format ?? (option.select == nil ? nil : .json)
    feed.select = option.select
    if FeedFile.isDirectory(path) {
      feed.refuse("a directory without a feed file")
      return feed
    }
    do throws(FeedReadError) {
      var source = try FeedSource(path: path, unpackedBytesMax: unpackedBytesMax)
      let isExpired = self.isExpired(source.modified, settings)
      read(&source, into: &feed) { if !isExpired { sink($0) } }
      if isExpired { expire(&feed, source.modified) }
    } catch {
      feed.refuse(error.description)
    }
    return feed
  }

  private func isExpired(_ modified: Timestamp?, _ settings: FeedSettings) -> Bool {
    guard let modified, let ttl = settings.ttlSeconds else { return false }
    return now.seconds - modified.seconds > Int64(ttl)
  }

  /// Counts every entry of a feed that is older than its time to live as rejected.
  private func expire(_ feed: inout LoadedFeed, _ modified: Timestamp?) {
    guard feed.verdict != .refuse, let modified else { return }
    feed.counts.rejected[.expired] = feed.counts.entries
    feed.counts.entries = 0
    feed.refuse("expired: the file is of \(modified), and its ttl is over")
  }

  private func read(
    _ source: inout FeedSource, into feed: inout LoadedFeed, sink: (FeedEntry) -> Void
  ) {
    var buffer = [UInt8](repeating: 0, count: 4 * FormatDetector.sampleBytes)
    var filled = 0
    var damage: FeedReadError?
    var isAtEnd = false
    do throws(FeedReadError) {
      while filled < FormatDetector.sampleBytes, !isAtEnd {
        let count = try source.read(into: &buffer, from: filled)
        filled += count
        isAtEnd = count == 0
      }
    } catch {
      damage = error
    }
    guard
      var parser = parser(for: &feed, sample: buffer.span.extracting(0..<filled), damage, isAtEnd)
    else { return }
    do throws(FeedReadError) {
      while filled > 0 {
        feed.bytes += filled
        parser.parse(buffer.span.extracting(0..<filled), into: sink)
        if damage != nil || isAtEnd { break }
        filled = try source.read(into: &buffer, from: 0)
      }
    } catch {
      damage = error
    }
    parser.finish(isCut: damage != nil, into: sink)
    feed.counts = parser.counts
    judge(&feed, damage?.description ?? parser.fault)
  }

  /// The parser for a feed's format, given or detected; nil when the feed is refused.
  private func parser(
    for feed: inout LoadedFeed, sample: Span<UInt8>, _ damage: FeedReadError?, _ isWhole: Bool
  ) -> FeedParser? {
    do throws(FormatDetector.Refusal) {
      if let damage, sample.isEmpty { throw FormatDetector.Refusal(why: damage.description) }
      let format: FeedFormat
      if let given = feed.format {
        try FormatDetector.checkText(sample)
        // A pattern may well begin with `<`.
        if given != .patterns { try FormatDetector.checkMarkup(sample) }
        format = given
      } else {
        format = try FormatDetector.detect(sample, isWhole: isWhole)
        feed.formatIsDetected = true
      }
      feed.format = format
      return FeedParser(
        format: format, settings: feed.settings, path: feed.path, select: feed.select, now: now)
    } catch {
      feed.refuse(error.why)
      return nil
    }
  }

  private func judge(_ feed: inout LoadedFeed, _ damage: String?) {
    let rejected = feed.counts.rejectedTotal
    if feed.counts.entries == 0 {
      feed.refuse(
        damage
          ?? (rejected == 0
            ? "no entry" : "no valid entry: \(FeedLoader.list(feed.counts.rejected))"))
    } else if let damage {
      (feed.verdict, feed.why) = (.partial, damage)
    } else if rejected > 0 {
      feed.verdict = .partial
      feed.why = "\(rejected) rejected: \(FeedLoader.list(feed.counts.rejected))"
    }
  }

  /// `reason count, …`, the most frequent first.
  private static func list(_ rejected: [RejectReason: Int]) -> String {
    rejected.sorted { ($1.value, $0.key.name) < ($0.value, $1.key.name) }
      .map { "\($0.key.name) \($0.value)" }.joined(separator: ", ")
  }
}
