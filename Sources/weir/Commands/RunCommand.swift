import ArgumentParser
import WeirEnforce
import WeirEngine
import WeirGate
import WeirModel
import WeirReport

/// `weir run`: live interfaces against rules, until a signal comes.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Watch interfaces: count what is listed, and let the kernel block listed addresses.",
    discussion: """
      Packets are copied to Weir by the kernel and go their way meanwhile. With --mode enforce the \
      kernel blocks listed addresses by nftables, as weir apply does, and connections that carried \
      a listed name, URL, fingerprint or pattern, from the moment it was seen: what came before has \
      passed. Queries of DNS are counted, not blocked. Weir reads the kernel's sets back every few \
      seconds and repairs them.

      HUP loads the feeds again and reopens the events; USR1 prints statistics; TERM and INT end \
      with the summary, a second one at once. Blocking goes on when weir has ended, until weir apply \
      --remove. Needs CAP_NET_RAW, and CAP_NET_ADMIN to enforce.

      Example: weir run -i eth0 --feed drop.txt --feed domains.txt --events eve.json udp port 53
      """)

  @Argument(help: ArgumentHelp("A BPF filter, as in tcpdump.", valueName: "FILTER"))
  var words: [String] = []

  @Option(
    name: [.customShort("i", allowingJoined: true), .customLong("interface")],
    help: ArgumentHelp("An interface; may be given several times.", valueName: "IF"))
  var interfaces: [String]

  @Option(help: ArgumentHelp("A file with a BPF filter.", valueName: "FILE"))
  var bpfFile: String?

  @OptionGroup(title: "Rules") var ruleOptions: RuleOptions

  @Option(help: "audit: count only; enforce: let the kernel block.")
  var mode: ModeChoice = .audit

  @Option(
    name: .customLong("verify-every"),
    help: ArgumentHelp("How often the kernel's sets are read back.", valueName: "SECONDS"))
  var verifySeconds = 5

  @Option(
    name: .customLong("block-for"),
    help: ArgumentHelp(
      "How long a connection is blocked for what it carried.", valueName: "SECONDS"))
  var blockSeconds = 600

  @Flag(help: "Also take packets that are not for this machine.")
  var promiscuous = false

  @Option(
    name: .customLong("ring-memory"),
    help: ArgumentHelp(
      "Where each interface's packets wait to be judged.", valueName: "SIZE"))
  var ringMemory = "16M"

  @Option(
    name: .customLong("max-flows"),
    help: ArgumentHelp(
      "How many flows to remember at once, 96 bytes each; the oldest make room.", valueName: "N"))
  var flowsMax = 1 << 18

  @Option(
    name: .customLong("for"),
    help: ArgumentHelp("End after this time.", valueName: "SECONDS"))
  var seconds: Int?

  @Option(
    name: .customLong("events"),
    help: ArgumentHelp("Append one JSON line a sighting, with EVE's names.", valueName: "FILE"))
  var eventsFile: String?

  @Option(
    name: .customLong("tally"),
    help: ArgumentHelp("Write the counts for weir merge at the end.", valueName: "FILE"))
  var tallyFile: String?

  @Option(
    name: [.customShort("j", allowingJoined: true), .customLong("threads")],
    help: ArgumentHelp("Worker threads (default: one a core).", valueName: "N"))
  var threads: Int?

  @Flag(
    name: .customLong("share"),
    help: "Count for releases, week by week, as the section share of --config says.")
  var shares = false

  @Option(
    name: [.customShort("c", allowingJoined: true), .customLong("config")],
    help: ArgumentHelp("The configuration.", valueName: "FILE"))
  var config: String?

  @OptionGroup(title: "Output") var outputOptions: OutputOptions

  func validate() throws {
    if interfaces.isEmpty { throw ValidationError("name at least one interface with -i") }
    if Set(interfaces).count < interfaces.count {
      throw ValidationError("an interface is named twice")
    }
    if let threads, !(1...64).contains(threads) {
      throw ValidationError("-j takes a number from 1 to 64")
    }
    if !(1...1 << 28).contains(flowsMax) {
      throw ValidationError("--max-flows takes a number from 1 to \(1 << 28)")
    }
    if !(1...86_400).contains(verifySeconds) {
      throw ValidationError("--verify-every takes a number of seconds from 1 to 86400")
    }
    if !(1...86_400).contains(blockSeconds) {
      throw ValidationError("--block-for takes a number of seconds from 1 to 86400")
    }
    if shares != (config != nil) {
      throw ValidationError("--share and --config need each other")
    }
    if let seconds, seconds < 1 { throw ValidationError("--for takes at least 1 second") }
    if ByteSize.bytes(ringMemory).map({ $0 < 1 << 20 || $0 > 1 << 32 }) ?? true {
      throw ValidationError("--ring-memory takes a size such as 16M, from 1M to 4G")
    }
  }

  func run() throws {
    let filter = try PacketFilter(words: words, file: bpfFile)
    let (loaded, loadSeconds) = try LoadedRules.timed(ruleOptions, quiet: outputOptions.quiet)
    StopSignals.watch()
    RunSignals.watch()
    var session = try RunSession(self, filter: filter)
    let summary = try session.run(loaded, loadSeconds: loadSeconds)
    if let tallyFile { try OutputFile.write(summary.tallyFile(), to: tallyFile) }
    if eventsFile != "-" { try outputOptions.show(summary) }
    try loaded.check(ruleOptions)
  }
}
