import FoundationEssentials

/// Writes a capture, and knows what is in it.
///
/// The same options and lists give the same bytes on every machine. Memory holds the lists, the
/// payload pool (some ten megabytes) and the sessions under way, however long the capture is.
public struct CaptureGenerator {
  private let options: CaptureOptions
  private let lists: IndicatorLists
  private let index: CoverageIndex
  private let domains: DomainEntries
  private let tables: HostTables

  /// Draws the hosts of a capture; fails when the lists leave no address free.
  public init(options: CaptureOptions, lists: IndicatorLists) throws(CaptureError) {
    self.options = options
    self.lists = lists
    for pattern in lists.patterns where pattern.bytes.count < PatternSearcher.lengthMin {
      throw .invalidIndicator("pattern \(pattern.identifier) is too short")
    }
    index = CoverageIndex(lists.prefixes)
    domains = DomainEntries(lists.domains)
    var random = SeededGenerator(seed: options.seed ^ 0x4057_5EED)
    tables = HostTables(
      ipv4: try HostTable(.ipv4, options: options, avoiding: index, &random),
      ipv6: try HostTable(.ipv6, options: options, avoiding: index, &random))
  }

  /// Makes or reads the lists that `options` asks for, writes those made, then the capture and
  /// its truth beside it.
  public static func run(_ options: CaptureOptions) throws -> Truth {
    var lists = try IndicatorLists(reading: options)
    var maker = IndicatorMaker(seed: options.seed)
    let made = maker.lists(options)
    try made.write(stem: options.stem)
    lists.prefixes += made.prefixes
    lists.domains += made.domains
    lists.patterns += made.patterns
    let truth = try CaptureGenerator(options: options, lists: lists).write(to: options.output)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    try encoder.encode(truth).write(to: URL(filePath: options.stem + ".truth.json"))
    return truth
  }

  /// Writes the capture to `path` and returns the truth about it.
  public func write(to path: String) throws(CaptureError) -> Truth {
    if options.mix == .frames100 {
      var frames = LookupFrames(
        options: options, patterns: lists.patterns, index: index, tables: tables)
      try frames.write(to: path)
      return truth(of: frames.counter, listedNames: [])
    }
    var bookMaker = SessionBookMaker(options: options, patterns: lists.patterns)
    let servers = [tables.ipv4, tables.ipv6].map {
      Array($0.hosts[options.clients..<$0.firstListed])
    }
    let book = try bookMaker.book(domains: domains, servers: servers)
    var traffic = SessionTraffic(
      options: options, book: book, tables: tables, patternCount: lists.patterns.count)
    try traffic.write(to: path)
    return truth(of: traffic.counter, listedNames: book.listedNames)
  }

  private func truth(of counter: TruthCounter, listedNames: [String]) -> Truth {
    counter.result(
      tables: tables, index: index, listedNames: listedNames, domains: domains,
      patterns: lists.patterns)
  }
}

extension IndicatorLists {
  /// Writes each list that is not empty beside the capture.
  func write(stem: String) throws {
    if !prefixes.isEmpty {
      try Data((prefixes.map(\.description).joined(separator: "\n") + "\n").utf8)
        .write(to: URL(filePath: stem + ".ips.txt"))
    }
    if !domains.isEmpty {
      try Data((domains.joined(separator: "\n") + "\n").utf8)
        .write(to: URL(filePath: stem + ".domains.txt"))
    }
    if !patterns.isEmpty {
      try Data(try IndicatorLists.json(of: patterns))
        .write(to: URL(filePath: stem + ".patterns.json"))
    }
  }
}
