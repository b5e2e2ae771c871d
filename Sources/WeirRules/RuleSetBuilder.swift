public import WeirMatch
public import WeirModel

/// Takes in the entries of feeds and compiles them.
///
/// A pure function of what it was given, in that order. Entries are sorted outside memory when they are more than the
/// buffer holds, and no entry is an object of its own.
public struct RuleSetBuilder: ~Copyable {
  private var feeds: [FeedRecord] = []
  private var memberships = Interner<Membership>()
  private var order: [UInt64] = []
  private var key = RecordKey()
  private var sorter: RecordSorter
  private var census = CompileEstimate()
  private var failure: ScratchError?
  private let scratch: Scratch
  private let bufferByteCount: Int

  /// Makes a builder without feeds.
  ///
  /// - Parameters:
  ///   - scratch: where to keep what has no room in memory.
  ///   - bufferByteCount: how much memory entries take before they are put away.
  public init(
    scratch: Scratch = .memory, bufferByteCount: Int = RuleSetBuilder.bufferByteCountDefault
  ) {
    self.scratch = scratch
    self.bufferByteCount = bufferByteCount
    sorter = RecordSorter(scratch, bufferByteCount: bufferByteCount)
  }

  /// How much memory entries take before they are put away, unless told otherwise: more makes fewer runs, but
  /// hardly more speed.
  public static let bufferByteCountDefault = 12 << 20

  /// Announces a feed; its number is its place in the order of announcement.
  ///
  /// - Throws: `BuildError.tooManyFeeds`.
  public mutating func addFeed(_ settings: FeedSettings) throws(BuildError) -> Int {
    try addFeed(FeedRecord(settings))
  }

  /// Announces a feed of which more is known; what the rule set takes of it is filled in.
  ///
  /// - Throws: `BuildError.tooManyFeeds`.
  public mutating func addFeed(_ record: FeedRecord) throws(BuildError) -> Int {
    guard feeds.count < Limits.feedsMax else {
      throw .tooManyFeeds(limit: Limits.feedsMax, asked: feeds.count + 1)
    }
    feeds.append(record)
    return feeds.count - 1
  }

  /// Takes in an entry of a feed that was announced, or will be.
  ///
  /// A temporary file that fails is told when the entries are compiled.
  public mutating func add(_ entry: FeedEntry, feed: Int) {
    guard failure == nil else { return }
    let membership = Membership(
      feed: UInt16(feed), action: entry.action, scope: entry.scope, confidence: entry.confidence)
    let number = memberships.number(of: membership)
    if number == order.count { order.append(membership.order) }
    guard key.write(entry.value) else { return }
    census.add(entry)
    do throws(ScratchError) {
      try sorter.append(
        key.bytes, membership: number, line: UInt32(clamping: entry.line), memberships: order)
    } catch {
      failure = error
    }
  }

  /// Compiles what was taken in, in memory.
  ///
  /// - Returns: the rule set, and for each feed how many distinct indicators it lists and how many of its
  ///   lines said nothing new.
  /// - Throws: `BuildError` when a limit is passed.
  /// - Complexity: O(n log n) in the number of entries.
  public consuming func build() throws(BuildError) -> (RuleSet, [FeedYield]) {
    let rules = try compile().ruleSet()
    return (rules, rules.records.map(\.yield))
  }

  /// The most memory that compiling what was taken in needs, in bytes, the program included.
  public var memoryByteCount: Int { census.compileByteCount(buffer: bufferByteCount) }

  /// Compiles what was taken in, to be written as a database.
  ///
  /// - Parameter progress: told now and then how much of the entries is laid out, and how much there is.
  /// - Throws: `BuildError` when a limit is passed or a temporary file fails.
  public consuming func compile(
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(BuildError) -> CompiledRules {
    if let failure { throw .scratch(failure) }
    let compiler: Compiler
    do throws(ScratchError) {
      var taken = Compiler(feeds: feeds, memberships: memberships.values, scratch)
      var records = try sorter.finish(memberships: order)
      try taken.take(&records, progress: progress)
      compiler = taken
    } catch {
      throw .scratch(error)
    }
    return try compiler.finish()
  }
}

extension RecordKey {
  /// Writes a value; false when it cannot be listed.
  fileprivate mutating func write(_ value: IndicatorValue) -> Bool {
    switch value.simplest {
    case .address(let address) where address.family == .v4:
      begin(.v4Host)
      append(address.v4Bits)
    case .address(let address):
      begin(.v6Host)
      append(address.high)
      append(address.low)
    case .prefix(let prefix):
      guard let range = IPRange(prefix.address, prefix.last) else { return false }
      begin(.block)
      append(range)
    case .range(let range):
      begin(.block)
      append(range)
    case .endpoint(let address, let port):
      begin(.endpoint)
      append(address)
      append(port)
    case .domain(let name):
      begin(.domain)
      append(name.bytes)
    case .pattern(let pattern, let id):
      begin(.pattern)
      append(terminated: pattern.bytes)
      append(UInt8(pattern.ignoresCase ? 1 : 0))
      append(Array(id.utf8))
    case .url: write(.url, value)
    case .ja3: write(.ja3, value)
    case .ja4: write(.ja4, value)
    case .certificate: write(.certificate, value)
    case .file: write(.file, value)
    case .autonomousSystem: write(.autonomousSystem, value)
    }
    return true
  }

  private mutating func write(_ family: RecordFamily, _ value: IndicatorValue) {
    begin(family)
    append(value.setBytes ?? [])
  }
}

/// How much of a feed the rule set took.
public struct FeedYield: Equatable, Sendable {
  /// Distinct indicators.
  public var loaded = 0
  /// Entries that an earlier line of the same feed had listed.
  public var duplicates = 0
  /// Distinct indicators of each kind.
  public var byKind: [IndicatorKind: Int] = [:]
}

/// A limit that a rule set would pass.
public enum BuildError: Error, Equatable, Sendable {
  /// More feeds than can be numbered.
  case tooManyFeeds(limit: Int, asked: Int)
  /// More indicators than can be numbered.
  case tooManyIndicators(limit: Int, asked: Int)
  /// A set could not be compiled; the text says which limit was passed.
  case set(String)
  /// A temporary file failed.
  case scratch(ScratchError)
}
