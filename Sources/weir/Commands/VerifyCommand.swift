import ArgumentParser
import WeirEnforce
import WeirModel

/// `weir verify`: what the kernel really blocks.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Read enforcement back from the kernel, and repair it.",
    discussion: """
      Compares the rules and sets in the kernel with what the feeds ask for, puts right what differs, \
      and sends canaries: packets over the loopback interface from an address that is blocked. Give \
      the feeds and the mode that were applied. Needs CAP_NET_ADMIN, and CAP_NET_RAW for canaries.
      Exit status: 0 when all holds, 1 when something differed (repaired unless --dry-run).

      Example: weir verify --feed drop.txt --allow own.txt
      """)

  @OptionGroup(title: "Rules") var ruleOptions: RuleOptions

  @Option(help: "The mode that was applied: enforce or audit.")
  var mode: ModeChoice = .enforce

  @Flag(help: "Only look; repair nothing.")
  var dryRun = false

  @OptionGroup(title: "Output") var outputOptions: OutputOptions

  func validate() throws {
    if ruleOptions.feeds.isEmpty, ruleOptions.database == nil {
      throw ValidationError("give --feed or --db: what should be in force")
    }
  }

  func run() throws {
    let loaded = try LoadedRules(ruleOptions, quiet: outputOptions.quiet)
    let plan = BlockPlan(loaded.rules, own: OwnSources.now)
    let report: VerifyReport
    do throws(EnforceError) {
      var table = try NftTable()
      let drops = mode == .enforce
      let truth = try table.verify(plan, drops: drops, repairing: !dryRun)
      // After the repair: the canaries say what holds now.
      report = VerifyReport(truth, Canary.release(), mode: mode, isRepaired: !dryRun)
    } catch {
      throw Failure(error)
    }
    let output = try OutputFile("-")
    switch outputOptions.format {
    case .human: try output.write(Array(report.text.utf8))
    case .json: try output.write(JSONOutput.encode(report))
    }
    try loaded.check(ruleOptions)
    if !report.holds { throw ExitStatus.answeredNo }
  }
}

/// What `weir verify` found.
struct VerifyReport: Encodable {
  var schema = "weir.verify.v1"
  var backend = "nftables"
  var mode: String
  /// Whether chains and rules were as they should be.
  var intact: Bool
  var intended: Int
  var present: Int
  var missing: Int
  var foreign: Int
  var enforcedRatio: Double
  var blocked: Counts
  /// By hook, then family: blocked, passed or untried.
  var canary: [String: [String: String]]
  var repaired: Bool
  /// Whether all was as it should be, canaries included.
  var holds: Bool

  struct Counts: Encodable {
    var packets: UInt64
    var bytes: UInt64
  }

  enum CodingKeys: String, CodingKey {
    case schema, backend, mode, intact, intended, present, missing, foreign
    case enforcedRatio = "enforced_ratio"
    case blocked, canary, repaired, holds
  }

  init(
    _ truth: EnforcementTruth, _ canaries: Canary.Report, mode: ModeChoice, isRepaired: Bool
  ) {
    self.mode = mode.rawValue
    intact = truth.isIntact
    intended = truth.intended
    present = truth.present
    missing = truth.missing
    foreign = truth.foreign
    enforcedRatio = truth.enforcedRatio
    blocked = Counts(packets: truth.blockedPackets, bytes: truth.blockedBytes)
    canary = [
      "prerouting": VerifyReport.row(canaries.prerouting),
      "output": VerifyReport.row(canaries.output),
    ]
    repaired = isRepaired && !truth.holds
    holds = truth.holds && !(mode == .enforce && canaries.hasPassed)
  }

  private static func row(_ outcomes: [IPAddress.Family: Canary.Outcome]) -> [String: String] {
    var row: [String: String] = [:]
    for (family, outcome) in outcomes { row["ipv\(family.rawValue)"] = outcome.rawValue }
    return row
  }

  /// The report for people.
  var text: String {
    var text = "\(holds ? "holds" : "DIFFERS")  "
    text += "\(present) of \(intended) elements in the kernel, \(foreign) that should not be"
    text += intact ? "\n" : "; rules are missing or changed\n"
    if repaired { text += "  repaired\n" }
    text += "  \(blocked.packets) packets, \(blocked.bytes) bytes matched so far\n"
    for (hook, row) in canary.sorted(by: { $0.key < $1.key }) {
      let outcomes = row.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
      text += "  canary at \(hook): \(outcomes.joined(separator: ", "))\n"
    }
    return text
  }
}
