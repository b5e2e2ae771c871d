public import WeirModel

/// What compiled rules will take, told from the entries alone while they are read; nothing is kept of them.
///
/// The figures are fitted to measured compilations. Entries that are listed twice are counted twice, so that an
/// estimate of overlapping feeds is too high rather than too low.
public struct CompileEstimate: Equatable, Sendable {
  /// How many entries were counted.
  public private(set) var entries = 0
  private var v4Hosts = 0
  private var v6Hosts = 0
  private var blocks = 0
  private var endpoints = 0
  private var domains = 0
  private var domainBytes = 0
  private var patterns = 0
  private var patternBytes = 0
  private var values = 0
  private var valueBytes = 0

  /// Nothing was counted yet.
  public init() {}

  /// Counts an entry.
  public mutating func add(_ entry: FeedEntry) {
    entries += 1
    switch entry.value.simplest {
    case .address(let address) where address.family == .v4: v4Hosts += 1
    case .address: v6Hosts += 1
    case .prefix, .range: blocks += 1
    case .endpoint: endpoints += 1
    case .domain(let name):
      domains += 1
      domainBytes += name.bytes.count
    case .pattern(let pattern, _):
      patterns += 1
      patternBytes += pattern.bytes.count
    case .url, .ja3, .ja4, .certificate, .file, .autonomousSystem:
      values += 1
      valueBytes += entry.value.setBytes?.count ?? 0
    }
  }

  /// Bytes of the tables that matching reads.
  public var matchingByteCount: Int {
    // A host of a large set keeps 16 of its 32 bits; the bitmap in front has 16 bits for each, within bounds.
    let presence = v4Hosts + blocks == 0 ? 0 : min(2 << 20, max(8192, 2 * (v4Hosts + blocks)))
    let v4 = v4Hosts * (v4Hosts >= 1 << 16 ? 2 : 4) + (v4Hosts >= 1 << 16 ? 1 << 18 : 0)
    // Slots, filter, length and place of a name, and its text, of which compression leaves two thirds.
    let names = domains * 8 + domainBytes * (domains >= 512 ? 2 : 3) / 3
    let feedSets = 4 * entries + 4 * domains
    return presence + v4 + 22 * v6Hosts + 18 * blocks + 19 * endpoints + names
      + 48 * patternBytes + 64 * patterns + 11 * values + valueBytes + feedSets
  }

  /// Bytes of the database.
  public var fileByteCount: Int { matchingByteCount + 4 * entries + 6144 }

  /// The most memory that compiling takes, in bytes; what has no room lies in temporary files.
  public var compileByteCount: Int {
    compileByteCount(buffer: RuleSetBuilder.bufferByteCountDefault)
  }

  /// The same for entries that are put away whenever they fill a buffer.
  func compileByteCount(buffer: Int) -> Int {
    CompileEstimate.programBytes + CompileEstimate.columnBytes
      + max(buffer * 3 / 2, layoutByteCount)
      + 160 * patternBytes
  }

  /// What is kept of the values at once when the sets are laid out; by then the buffer is given back.
  private var layoutByteCount: Int {
    let merging = 12 * v4Hosts + 24 * v6Hosts + 48 * blocks + 40 * endpoints
    let layout = max(
      16 * v4Hosts + 100 * v6Hosts + 140 * blocks + 80 * endpoints, 9 * max(domains, values))
    return max(merging, layout)
  }

  /// How much memory entries may take before they are put away, for compiling to stay within a limit.
  ///
  /// - Returns: nil when compiling needs more than the limit, however often entries are put away.
  public func bufferByteCount(within limit: Int) -> Int? {
    let smallest = 1 << 20
    guard compileByteCount(buffer: smallest) <= limit else { return nil }
    let room = limit - compileByteCount(buffer: 0) + layoutByteCount
    return max(smallest, min(RuleSetBuilder.bufferByteCountDefault, room * 2 / 3))
  }

  /// How long compiling takes on one core, in seconds.
  public var compileSeconds: Double {
    Double(v4Hosts) * 3e-7 + Double(v6Hosts + blocks + endpoints) * 1e-6 + Double(domains) * 2.8e-6
      + Double(patternBytes) * 1e-6 + Double(values) * 1e-6
  }

  /// What the program takes before it reads anything.
  private static let programBytes = 16 << 20
  /// The buffers of all columns, and the windows on the runs.
  private static let columnBytes = 8 << 20
}
