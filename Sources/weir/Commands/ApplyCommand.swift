import ArgumentParser
import WeirEnforce
import WeirModel
import WeirRules

/// `weir apply`: addresses to the kernel, which blocks them without Weir.
struct ApplyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Put the addresses of feeds into the kernel, to be blocked there.",
    discussion: """
      Weir's own table, inet weir, is replaced at once: until the new sets are complete the old ones \
      stay in force. They stay in force when weir ends, until --remove or a restart of the machine. \
      Addresses that the machine depends on (gateways, resolvers, who is connected to its SSH) are \
      never blocked. Names, patterns and ports are not enforced by the kernel; the report counts them.

      With --confirm the old state comes back unless yes is typed in time, so that a mistake cannot \
      lock anybody out. Needs CAP_NET_ADMIN.

      Example: weir apply --feed drop.txt,category=hijacked --allow own.txt --confirm 60
      """)

  @OptionGroup(title: "Rules") var ruleOptions: RuleOptions

  @Option(help: "enforce: drop what is listed; audit: only count it.")
  var mode: ModeChoice = .enforce

  @Option(
    help: ArgumentHelp(
      "Go back to the old state unless yes is typed within this time.", valueName: "SECONDS"))
  var confirm: Int?

  @Flag(help: "Remove Weir's table: nothing is blocked any more.")
  var remove = false

  @OptionGroup(title: "Output") var outputOptions: OutputOptions

  func validate() throws {
    let hasRules = !ruleOptions.feeds.isEmpty || ruleOptions.database != nil
    if remove == hasRules { throw ValidationError("give --feed or --db, or else --remove") }
    if let confirm, !(1...86_400).contains(confirm) {
      throw ValidationError("--confirm takes a number of seconds from 1 to 86400")
    }
  }

  func run() throws {
    do {
      var table = try NftTable()
      if remove { return try table.remove() }
      try apply(&table)
    } catch let error as EnforceError {
      throw Failure(error)
    }
  }

  private func apply(_ table: inout NftTable) throws {
    let loaded = try LoadedRules(ruleOptions, quiet: outputOptions.quiet)
    let own = OwnSources.now
    let plan = BlockPlan(loaded.rules, own: own)
    let old = confirm == nil ? nil : try table.current()
    let clock = ContinuousClock()
    let start = clock.now
    try table.apply(plan, drops: mode == .enforce)
    let report = ApplyReport(
      loaded.rules, plan, mode: mode, own: own, seconds: (clock.now - start).seconds)
    let output = try OutputFile("-")
    switch outputOptions.format {
    case .human: try output.write(Array(report.text.utf8))
    case .json: try output.write(JSONOutput.encode(report))
    }
    if let confirm { try settle(&table, old, within: confirm) }
    try loaded.check(ruleOptions)
  }

  /// Keeps the new state, or brings the old one back.
  private func settle(
    _ table: inout NftTable, _ old: (plan: BlockPlan, drops: Bool)?, within seconds: Int
  ) throws {
    StopSignals.watch()
    StopSignals.outliveTerminal()
    Console.note("Type yes within \(seconds) seconds to keep this.")
    if StandardInput.line(withinSeconds: seconds) == "yes" { return }
    if let old {
      try table.apply(old.plan, drops: old.drops)
    } else {
      try table.remove()
    }
    Console.complain("not confirmed, so what was in force before is in force again")
    throw ExitStatus.answeredNo
  }
}

/// What `weir apply` did.
struct ApplyReport: Encodable {
  var schema = "weir.apply.v1"
  var backend = "nftables"
  var mode: String
  var generation: String
  /// How many elements there are, canaries included.
  var elements: [String: Int]
  /// Indicators that this back-end cannot block.
  var notEnforced: [String: Int]
  /// Addresses that are never blocked because the machine depends on them.
  var own: [String]
  var seconds: Double

  enum CodingKeys: String, CodingKey {
    case schema, backend, mode, generation, elements
    case notEnforced = "not_enforced"
    case own, seconds
  }

  init(_ rules: RuleSet, _ plan: BlockPlan, mode: ModeChoice, own: [IPAddress], seconds: Double) {
    self.mode = mode.rawValue
    generation = rules.generation
    elements = ["ipv4": plan.v4.blockCount, "ipv6": plan.v6.blockCount]
    elements["allow"] = plan.v4.allowed.count + plan.v6.allowed.count
    notEnforced = [:]
    for (kind, count) in rules.counts where kind != .ip && kind != .cidr {
      notEnforced[kind.name] = count
    }
    self.own = own.map(\.description)
    self.seconds = seconds
  }

  /// The report for people.
  var text: String {
    let verb = mode == "enforce" ? "blocked" : "counted, not blocked"
    var text = "nftables table inet weir is in force: packets from and to\n"
    text += "  \(elements["ipv4", default: 0]) IPv4 and \(elements["ipv6", default: 0]) IPv6 "
    text += "addresses and ranges are \(verb)\n"
    if let count = elements["allow"], count > 0 { text += "  \(count) allow entries win\n" }
    if !own.isEmpty { text += "  never blocked: \(own.joined(separator: " "))\n" }
    for (kind, count) in notEnforced.sorted(by: { $0.key < $1.key }) {
      text += "  not enforced by the kernel: \(count) of kind \(kind)\n"
    }
    return text
  }
}
