import ArgumentParser
import FoundationEssentials
import WeirModel
import WeirShare
import WeirTally

/// `weir share`: what may leave, and what has left.
struct ShareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "share",
    abstract: "Aggregates for partners: see, release, send; and the ledger of all that was.",
    discussion: """
      What leaves is a table of how many customers met which publicly listed host or name in a week, \
      with noise that hides each single customer, and only where many did. Nothing leaves without a \
      section share in the configuration and a policy for the recipient that two people approved.
      Exit status: 0 done; 75 too early; 77 forbidden by policy, budget or screen; 78 configuration.
      """,
    subcommands: [
      ShareCheckCommand.self, ShareOpenCommand.self, ShareContributeCommand.self,
      ShareCollectCommand.self, SharePreviewCommand.self, ShareReleaseCommand.self,
      ShareSendCommand.self, ShareLogCommand.self, ShareRevokeCommand.self,
      ShareRotateCommand.self, ShareExplainCommand.self,
    ])
}

/// Where every command of `weir share` finds its settings.
struct ShareConfigOption: ParsableArguments {
  @Option(
    name: [.customShort("c", allowingJoined: true), .customLong("config")],
    help: ArgumentHelp("The configuration.", valueName: "FILE"))
  var config = "/etc/weir/weir.yaml"

  func settings() throws -> ShareSettings { try ShareSettings(path: config) }
}

/// `weir share check`: whether configuration and policies are right, and what of the rules could leave.
struct ShareCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check configuration and policies, and what of the feeds could leave.")

  @OptionGroup var options: ShareConfigOption
  @OptionGroup(title: "Rules") var ruleOptions: RuleOptions

  func run() throws {
    let settings = try options.settings()
    let output = try OutputFile("-")
    var lines = ["recipients: \(settings.policies.count)"]
    let now = UTCTime(seconds: FeedRequest.now.seconds)
    var isGood = true
    for policy in settings.policies {
      let refusal = now.flatMap {
        policy.refusal(
          stream: .indicatorsOut, made: $0, feedMarkings: [], approvalsMin: settings.approvalsMin)
      }
      if refusal != nil { isGood = false }
      lines.append("  \(policy.recipient): \(refusal ?? "in force, \(policy.tlp.name)")")
    }
    if !ruleOptions.feeds.isEmpty || ruleOptions.database != nil {
      let rules = try LoadedRules(ruleOptions, quiet: true).rules
      guard let now, let window = ReleaseWindow(.indicatorsOut, holding: now) else {
        throw Failure(.unavailable, "the clock shows another century")
      }
      let builder = settings.builder(rules, window)
      let refused = builder.refused.sorted {
        ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue)
      }
      let keys = builder.finish().domain.keys.count
      lines.append("indicators that could be shared: \(keys)")
      for (reason, count) in refused { lines.append("  stays: \(count) \(reason.rawValue)") }
      if keys == 0 { isGood = false }
    }
    try output.write(Array(lines.joined(separator: "\n").utf8) + [UInt8(ascii: "\n")])
    if !isGood { throw ExitStatus.notPermitted }
  }
}

/// `weir share preview`: what is known here beside what would leave, or the very bytes for a recipient.
struct SharePreviewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "preview",
    abstract:
      "Show the very bytes that a recipient would get, or what is known here beside what leaves.")

  @OptionGroup var options: ShareConfigOption

  @Option(help: ArgumentHelp("The release; the latest when not given.", valueName: "ID"))
  var release: String?

  @Argument(
    help: ArgumentHelp("Whose disclosure; none for the comparison.", valueName: "RECIPIENT"))
  var recipient: String?

  func run() throws {
    let settings = try options.settings()
    let store = try settings.store()
    let id = try release ?? store.latest(sealed: recipient != nil)
    let output = try OutputFile("-")
    guard let recipient else {
      return try output.write(Array(try comparison(settings, store, id).utf8))
    }
    let policy = try settings.policy(recipient)
    try output.write(
      try sharing { () throws(ShareError) in
        try store.preview(id, policy, approvalsMin: settings.approvalsMin)
      })
  }

  /// Exact counts, while the window is open, beside what would be said of them.
  private func comparison(
    _ settings: ShareSettings, _ store: borrowing ReleaseStore, _ id: String
  ) throws -> String {
    guard let release = store.ledger.history.releases[id] else {
      throw Failure(.notPermitted, "\(id): no such window was opened")
    }
    let threshold = release.opening["privacy"]?["threshold"]?.integer ?? 0
    let interval = release.opening["privacy"]?["interval95"]?.integer ?? 0
    var text = """
      release \(id), \(release.stream.rawValue), \(release.window.start) to \(release.window.end), \(release.state.rawValue)
      published from \(threshold) customers on, give or take \(interval)

      """
    guard release.state == .opened else {
      return text + "The exact counts were deleted when the window was sealed.\n"
    }
    let opening = try sharing { () throws(ShareError) in try store.opening(of: id) }
    let keys = opening.keys
    guard let counts = try settings.counts(opening)?.numbers else {
      return text + "Nothing was counted yet.\n"
    }
    text += "known here only (exact)   would leave   indicator\n"
    let seen = keys.indices.filter { counts[$0] > 0 }.sorted { counts[$0] > counts[$1] }
    for index in seen.prefix(40) {
      let count = String(counts[index])
      let leaves = Int64(counts[index]) >= threshold ? "probably" : "probably not"
      text += String(repeating: " ", count: max(0, 23 - count.count)) + count
      text += "   " + leaves + String(repeating: " ", count: 14 - leaves.count)
      text += keys[index].indicator.value + "\n"
    }
    if seen.count > 40 { text += "and \(seen.count - 40) more\n" }
    return text
  }
}

/// `weir share release`: draws, seals and writes the bundles of every window whose time has come.
struct ShareReleaseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "release",
    abstract: "Draw and seal every window whose time has come, and write the recipients' bundles.",
    discussion: """
      Noise is drawn once for a window. Releasing again writes the same bundles, also for recipients who \
      came later. The counts are deleted with the seal.
      """)

  @OptionGroup var options: ShareConfigOption

  @Option(
    help: ArgumentHelp(
      "Minutes of the window that were counted, where not all were.", valueName: "MINUTES"))
  var coverage: Int64?

  @Option(
    help: ArgumentHelp("Where bundles go; default: outbox in the directory.", valueName: "DIR"))
  var to: String?

  func run() throws {
    let settings = try options.settings()
    var store = try settings.store()
    let now = UTCTime(seconds: FeedRequest.now.seconds)
    guard let now else { throw Failure(.unavailable, "the clock shows another century") }
    var waiting: String?
    for (id, release) in store.ledger.history.releases.sorted(by: { $0.key < $1.key })
    where release.state == .opened {
      if now < release.window.made {
        waiting = "\(id) is made at \(release.window.made)"
      } else {
        try seal(id, release, settings, &store, now: now)
      }
    }
    let sealed = store.ledger.history.releases.filter { $0.value.state == .sealed }
      .sorted { $0.value.window.start < $1.value.window.start }
    var isComplete = true
    for (id, _) in sealed {
      isComplete = try writeBundles(id, settings, &store) && isComplete
    }
    if sealed.isEmpty {
      throw Failure(waiting == nil ? .notPermitted : .tryLater, waiting ?? "no window is sealed")
    }
    if !isComplete { throw ExitStatus.notPermitted }
  }

  private func seal(
    _ id: String, _ release: LedgerHistory.Release, _ settings: ShareSettings,
    _ store: inout ReleaseStore, now: UTCTime
  ) throws(Failure) {
    let minutes = (release.window.end.seconds - release.window.start.seconds) / 60
    let opening = try sharing { () throws(ShareError) in try store.opening(of: id) }
    guard let counts = try settings.counts(opening) else {
      // What was counted went away with the machine's memory; it is not made up again.
      return try sharing { () throws(ShareError) in try store.burn(id, reason: "state-lost") }
    }
    let counted = counts.coveredMinutes > 0 ? counts.coveredMinutes : minutes
    try sharing { () throws(ShareError) in
      _ = try store.seal(
        id, counts: counts.numbers, coverageMinutes: min(coverage ?? counted, minutes), now: now)
      try DurableFile.remove(settings.statePath(id))
      try DurableFile.remove(settings.sumsPath(id))
    }
  }

  /// Writes what each recipient gets of a release; whether every one gets something.
  private func writeBundles(
    _ id: String, _ settings: ShareSettings, _ store: inout ReleaseStore
  ) throws -> Bool {
    var isComplete = true
    for policy in settings.policies {
      do throws(ShareError) {
        let bundle = try store.disclose(id, policy, approvalsMin: settings.approvalsMin)
        let folder = "\(to ?? settings.directory + "/outbox")/\(policy.recipient)/\(id)"
        try bundle.write(to: folder)
        Console.note("\(policy.recipient): \(folder)")
      } catch .refused(let words) {
        Console.complain("\(policy.recipient) gets nothing of \(id): \(words)")
        isComplete = false
      } catch { throw Failure(error) }
    }
    return isComplete
  }
}

extension DisclosureBundle {
  /// Writes the files into a folder of their own.
  func write(to folder: String) throws(ShareError) {
    try DurableFile.makeFolder(folder)
    for (name, bytes) in files.sorted(by: { $0.key < $1.key }) {
      try DurableFile.replace("\(folder)/\(name)", with: bytes, mode: 0o644)
    }
  }
}

extension ShareSettings {
  /// What was counted for a window, here and by edges; nil when nothing was.
  func counts(
    _ opening: WindowOpening
  ) throws(Failure) -> (numbers: [UInt32], coveredMinutes: Int64)? {
    let own = try contributions(opening)
    let sums = try sums(opening)
    guard own != nil || sums != nil else { return nil }
    var numbers = sums?.counts ?? Array(repeating: 0, count: opening.keys.count)
    for (cell, count) in (own?.counts(cellCount: numbers.count) ?? []).enumerated() {
      let (sum, overflow) = numbers[cell].addingReportingOverflow(count)
      numbers[cell] = overflow ? .max : sum
    }
    return (numbers, Int64(clamping: own?.coveredMinutes ?? 0))
  }

  private func contributions(_ opening: WindowOpening) throws(Failure) -> Contributions? {
    let path = statePath(opening.release)
    guard let bytes = try sharing({ () throws(ShareError) in try DurableFile.read(path) }) else {
      return nil
    }
    guard let saved = Contributions.restore(bytes, cellsPerUnit: opening.cellsPerUnit) else {
      throw Failure(.damagedInput, "\(path): not the state of this window")
    }
    return saved.contributions
  }

  /// The policy of a recipient.
  func policy(_ recipient: String) throws(Failure) -> RecipientPolicy {
    guard let policy = policies.first(where: { $0.recipient == recipient }) else {
      throw Failure(.notPermitted, "there is no policy for \(recipient)")
    }
    return policy
  }
}

extension ReleaseStore {
  /// The release of the latest window.
  func latest(sealed: Bool) throws(Failure) -> String {
    let known = ledger.history.releases.filter { !sealed || $0.value.state == .sealed }
    guard let latest = known.max(by: { $0.value.window.start < $1.value.window.start }) else {
      throw Failure(.notPermitted, sealed ? "no window is sealed yet" : "no window was opened yet")
    }
    return latest.key
  }
}
