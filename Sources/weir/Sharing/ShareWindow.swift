import FoundationEssentials
import WeirCrypto
import WeirEngine
import WeirModel
import WeirRules
import WeirShare
import WeirTally

/// A window that a run counts for: opened when it is not yet, and its state kept between runs.
struct ShareWindow: ~Copyable {
  private let statePath: String
  /// Counts what the run sights.
  var counter: CustomerCounter
  /// The name of the release.
  let release: String
  /// What it counts.
  let window: ReleaseWindow

  /// Begins, or goes on with, the window of a configuration.
  ///
  /// - Parameter start: the window's first day, `2026-11-16`, or its first second.
  static func begin(
    _ settings: ShareSettings, rules: RuleSet, start: String
  ) throws -> ShareWindow {
    try begin(settings, rules: rules, window(start))
  }

  /// Begins, or goes on with, a window.
  static func begin(
    _ settings: ShareSettings, rules: RuleSet, _ window: ReleaseWindow
  ) throws -> ShareWindow {
    // From here on the process knows who met what.
    guard ProcessMemory.forbidDumps() else {
      throw Failure(.unavailable, "the memory of this process cannot be kept out of core files")
    }
    let opening = try opening(settings, rules: rules, window)
    let statePath = settings.statePath(opening.release)
    let saved = try ShareWindow.saved(statePath, cellsPerUnit: opening.cellsPerUnit)
    guard let key = MessageKey(saved.key) else { throw Failure(ShareError.entropy) }
    return ShareWindow(
      statePath: statePath,
      counter: CustomerCounter(
        networks: settings.networks, cells: ShareWindow.cells(opening.keys, rules),
        contributions: saved.contributions, key: key, isInWindow: { window.contains($0) }),
      release: opening.release, window: window)
  }

  /// What was fixed for a window: by a collector, or else here, where it is opened when it is not yet.
  static func opening(
    _ settings: ShareSettings, rules: RuleSet, _ window: ReleaseWindow
  ) throws -> WindowOpening {
    if let folder = settings.opening {
      let opening = try sharing { () throws(ShareError) in try WindowOpening(folder: folder) }
      guard opening.window == window else {
        throw Failure(.notPermitted, "\(folder) is for the window of \(opening.window.start)")
      }
      return opening
    }
    guard let parameters = settings.parameters(.indicatorsOut) else {
      throw Failure(.configuration, "the configuration names no stream indicators-out to share")
    }
    var store = try settings.store()
    let id = window.releaseID(.indicatorsOut, producer: store.ledger.history.producer)
    switch store.ledger.history.releases[id]?.state {
    case nil:
      let domain = settings.builder(rules, window).finish().domain
      _ = try sharing { () throws(ShareError) in
        try store.open(
          .indicatorsOut, window, parameters, domain: domain, region: settings.region)
      }
    case .opened: break
    case .some(let state):
      throw Failure(.notPermitted, "the window of \(window.start) is \(state.rawValue) already")
    }
    return try sharing { () throws(ShareError) in try store.opening(of: id) }
  }

  private init(
    statePath: String, counter: consuming CustomerCounter, release: String, window: ReleaseWindow
  ) {
    self.statePath = statePath
    self.counter = counter
    self.release = release
    self.window = window
  }

  /// The window that begins on a day.
  static func window(_ text: String) throws(Failure) -> ReleaseWindow {
    let whole = text.contains("T") ? text : text + "T00:00:00Z"
    guard let start = UTCTime(whole) else {
      throw Failure(.usage, "--share-window takes a day such as 2026-11-16")
    }
    guard let window = ReleaseWindow(.indicatorsOut, start: start) else {
      let near = ReleaseWindow(.indicatorsOut, holding: start).map { "\($0.start)" } ?? ""
      throw Failure(.usage, "windows begin on Mondays in UTC; that day lies in the one of \(near)")
    }
    return window
  }

  /// The week of now.
  static func current() throws(Failure) -> ReleaseWindow {
    guard let now = UTCTime(seconds: FeedRequest.now.seconds),
      let week = ReleaseWindow(.indicatorsOut, holding: now)
    else { throw Failure(.unavailable, "the clock shows another century") }
    return week
  }

  /// What was counted before, or nothing with a fresh key.
  private static func saved(
    _ path: String, cellsPerUnit cells: Int
  ) throws(Failure) -> (contributions: Contributions, key: [UInt8]) {
    try sharing { () throws(ShareError) in
      guard let bytes = try DurableFile.read(path) else {
        var entropy = KernelEntropy()
        guard let key = try? entropy.bytes(MessageKey.byteCount) else { throw ShareError.entropy }
        return (Contributions(cellsPerUnit: cells), key)
      }
      guard let restored = Contributions.restore(bytes, cellsPerUnit: cells) else {
        throw ShareError.damaged("\(path): not the state of this window")
      }
      return restored
    }
  }

  /// The cell of each indicator of the rules.
  private static func cells(_ keys: [CellKey], _ rules: RuleSet) -> [CellNumber] {
    var numbers: [SharedIndicator: CellNumber] = [:]
    for (index, key) in keys.enumerated() { numbers[key.indicator] = CellNumber(index) }
    let open = Screens(isDemonstration: true)
    return (0..<UInt32(rules.indicatorCount)).map { indicator in
      let value = rules.value(of: indicator)
      guard case .success(let shared) = open.admit(kind: value.kind, text: value.text) else {
        return CustomerCounter.noCell
      }
      return numbers[shared] ?? CustomerCounter.noCell
    }
  }

  /// Keeps what was counted so far.
  @discardableResult
  borrowing func keep() throws(Failure) -> CustomerCounter.Account {
    let bytes = counter.state()
    let (path, account) = (statePath, counter.account)
    try sharing { () throws(ShareError) in
      try DurableFile.makeFolder(String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]))
      try DurableFile.replace(path, with: bytes)
    }
    return account
  }
}

extension ShareSettings {
  /// Where a window's state lies.
  func statePath(_ release: String) -> String { "\(state)/\(release).window" }

  /// The store; made when there is none.
  func store() throws(Failure) -> ReleaseStore {
    let now = UTCTime(seconds: FeedRequest.now.seconds)
    let (directory, witness) = (directory, witness)
    return try sharing { () throws(ShareError) in
      guard let now else { throw ShareError.refused("the clock shows another century") }
      return try ReleaseStore.open(
        folder: directory, witness: witness, version: Weir.version, now: now)
    }
  }
}

extension ShareSettings {
  /// What of the rules may be in a key set, and what stays for which reason.
  func builder(_ rules: RuleSet, _ window: ReleaseWindow) -> ShareDomain.Builder {
    var builder = ShareDomain.Builder(
      grants: grants.map { feedGrant($0, rules, window) }, categories: categories,
      excludedLabels: excludedLabels, region: region, screens: screens)
    for indicator in 0..<UInt32(rules.indicatorCount) {
      let feeds = rules.feedNumbers(of: rules.policy.feedSet(of: indicator))
      // What is on allow lists only is no threat.
      guard !feeds.isEmpty else { continue }
      let value = rules.value(of: indicator)
      builder.add(
        source: Int(indicator), kind: value.kind, text: value.text,
        feeds: feeds.map { rules.feeds[Int($0)].name })
    }
    return builder
  }

  /// A grant with what the rules know of the feed.
  private func feedGrant(_ grant: Grant, _ rules: RuleSet, _ window: ReleaseWindow) -> FeedGrant {
    let record = rules.records.first { $0.settings.name == grant.name }
    let marking = max(grant.tlp, record?.settings.tlp ?? grant.tlp)
    return FeedGrant(
      name: grant.name, isPublic: grant.isPublic, isShared: grant.isShared,
      mayBeRedistributed: grant.mayBeRedistributed, tlp: marking,
      version: grant.version ?? record.flatMap { ShareSettings.changed($0.path) } ?? window.start,
      label: record?.settings.category ?? "")
  }

  /// When a feed's file was written.
  private static func changed(_ path: String) -> UTCTime? {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    let date = attributes?[.modificationDate] as? Date
    return date.flatMap { UTCTime(seconds: Int64($0.timeIntervalSince1970)) }
  }
}
