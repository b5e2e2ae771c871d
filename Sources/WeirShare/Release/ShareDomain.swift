import WeirCrypto
import WeirModel

/// What the operator grants to a feed.
public struct FeedGrant: Hashable, Sendable {
  /// The name that it has in the rules and in disclosures.
  public var name: String
  /// Whether anyone can get it: a local feed is never shared.
  public var isPublic: Bool
  /// Whether the operator wants it shared.
  public var isShared: Bool
  /// Whether its license lets others have its entries.
  public var mayBeRedistributed: Bool
  /// Its marking.
  public var tlp: TLPMarking
  /// When this snapshot of it was made.
  public var version: UTCTime
  /// The label that it gives its entries, in its own words.
  public var label: String

  /// A grant; all but the name are needed for anything to leave.
  public init(
    name: String, isPublic: Bool = false, isShared: Bool = false,
    mayBeRedistributed: Bool = false, tlp: TLPMarking = .red, version: UTCTime, label: String
  ) {
    self.name = name
    self.isPublic = isPublic
    self.isShared = isShared
    self.mayBeRedistributed = mayBeRedistributed
    self.tlp = tlp
    self.version = version
    self.label = label
  }

  /// Why nothing of the feed may be shared; nil when it may.
  func refusal(categories: [String: ShareCategory], excluded: Set<String>) -> ScreenReason? {
    if !isShared { return .feedNotShared }
    if !isPublic { return .feedNotPublic }
    if !mayBeRedistributed { return .licenseForbids }
    if tlp >= .amberStrict { return .tlpForbids }
    if excluded.contains(label.lowercased()) { return .categoryExcluded }
    return categories[label] == nil ? .categoryNotMapped : nil
  }
}

extension TLPMarking: Comparable {
  /// By strictness.
  public static func < (left: TLPMarking, right: TLPMarking) -> Bool {
    left.rawValue < right.rawValue
  }
}

/// The key set of a window: every cell that may be counted, fixed before anything was seen.
public struct ShareDomain: Sendable {
  /// The keys, in the order of their canonical texts.
  public let keys: [CellKey]
  /// What `header.domain` says of the feeds that the keys come from.
  public let feeds: CanonicalJSON
  /// The texts of the keys by feed: what `audit --feed NAME=FILE` reads.
  public let lists: [String: [UInt8]]
  /// The strictest marking among the feeds.
  public let tlp: TLPMarking

  /// Builds key sets.
  public struct Builder {
    private let grants: [FeedGrant]
    private let categories: [String: ShareCategory]
    private let excluded: Set<String>
    private let region: String
    private let screens: Screens
    private var keys: [(key: CellKey, text: [UInt8], source: Int)] = []
    /// How many indicators stayed, by reason.
    public private(set) var refused: [ScreenReason: Int] = [:]

    /// A builder.
    ///
    /// - Parameters:
    ///   - grants: in the operator's order; an indicator in several counts under the first that may be shared.
    ///   - categories: technical words by the feeds' own labels.
    public init(
      grants: [FeedGrant], categories: [String: ShareCategory], excludedLabels: Set<String> = [],
      region: String, screens: Screens
    ) {
      self.grants = grants
      self.categories = categories
      excluded = ShareCategory.excludedLabels.union(excludedLabels)
      self.region = region
      self.screens = screens
    }

    /// Takes an indicator in, or counts why not.
    ///
    /// - Parameters:
    ///   - source: the caller's number for it, which `finish` gives back with the cell.
    ///   - feeds: the names of all that list it.
    public mutating func add(source: Int, kind: IndicatorKind, text: String, feeds: [String]) {
      let listing = grants.filter { feeds.contains($0.name) }
      let reasons = listing.map { $0.refusal(categories: categories, excluded: excluded) }
      // One feed that calls it political is enough to keep it here.
      if reasons.contains(.categoryExcluded) { return refuse(.categoryExcluded) }
      guard let index = reasons.firstIndex(of: nil), let category = categories[listing[index].label]
      else { return refuse(reasons.first ?? .feedNotShared) }
      switch screens.admit(kind: kind, text: text) {
      case .failure(let refusal): refuse(refusal.reason)
      case .success(let indicator):
        let key = CellKey(
          category: category, region: region, feed: listing[index].name, indicator: indicator)
        keys.append((key, key.json().bytes, source))
      }
    }

    private mutating func refuse(_ reason: ScreenReason?) {
      refused[reason ?? .feedNotShared, default: 0] += 1
    }

    /// The key set, and the cell of each source that has one.
    public consuming func finish() -> (domain: ShareDomain, cells: [Int: Int]) {
      let sorted = keys.sorted { $0.text.lexicographicallyPrecedes($1.text) }
      var cells: [Int: Int] = [:]
      for (index, entry) in sorted.enumerated() { cells[entry.source] = index }
      let used = Dictionary(grouping: sorted) { $0.key.feed }
      var lists: [String: [UInt8]] = [:]
      var described: [CanonicalJSON] = []
      for grant in grants {
        guard let entries = used[grant.name], lists[grant.name] == nil else { continue }
        let list = entries.flatMap { $0.text + [UInt8(ascii: "\n")] }
        lists[grant.name] = list
        described.append([
          "feed": .string(grant.name), "version": .string(grant.version.description),
          "entries": .integer(Int64(entries.count)), "tlp": .string(grant.tlp.name),
          "sha256": .string(Hexadecimal.encode(SHA256.digest(list))),
        ])
      }
      let tlp = grants.filter { lists[$0.name] != nil }.map(\.tlp).max() ?? .clear
      let domain = ShareDomain(
        keys: sorted.map(\.key), feeds: .array(described), lists: lists, tlp: tlp)
      return (domain, cells)
    }
  }
}
