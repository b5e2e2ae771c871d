import ArgumentParser
import WeirEngine
import WeirFeeds
import WeirGate
import WeirModel
import WeirReport

/// `weir replay`: captures against rules.
struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Match captures: what would be blocked, and why.",
    discussion: """
      Captures are pcap and pcapng, also packed with gzip, zstd or lz4: files, directories, or - \
      for standard input. With -r, all other words are a BPF filter, as in tcpdump; without it, a \
      filter may follow the captures. Counts are the same for every number of threads.

      Example: weir replay traffic.pcapng --feed blocklist.netset,category=malware --allow own.txt
      """)

  @Argument(help: ArgumentHelp("Captures, then a BPF filter if any.", valueName: "CAPTURE"))
  var words: [String] = []

  @Option(
    name: [.customShort("r", allowingJoined: true), .customLong("read")],
    help: ArgumentHelp("A capture; may be given several times.", valueName: "PATH"))
  var reads: [String] = []

  @Option(help: ArgumentHelp("A file with a BPF filter.", valueName: "FILE"))
  var bpfFile: String?

  @OptionGroup(title: "Rules") var ruleOptions: RuleOptions
  @OptionGroup(title: "Run") var runOptions: RunOptions
  @OptionGroup(title: "Output") var outputOptions: OutputOptions

  @Option(
    name: [.customShort("w", allowingJoined: true), .customLong("write")],
    help: ArgumentHelp("Write the packets that matched, as pcapng.", valueName: "FILE"))
  var packetsFile: String?

  @Option(
    help: """
      content: match what packets carry, and judge connections as a whole; addresses: match \
      addresses alone, each packet by itself, several times as fast.
      """)
  var depth: DepthChoice = .content

  @Option(help: "Of packets in tunnels, match the addresses of: outer, inner or both.")
  var tunnels: TunnelOption = .both

  @Option(
    name: .customLong("max-flows"),
    help: ArgumentHelp(
      "How many flows to remember at once, 96 bytes each; the oldest make room.", valueName: "N"))
  var flowsMax = 1 << 20

  @Option(
    name: .customLong("stream-memory"),
    help: ArgumentHelp(
      "For TCP segments out of order and messages over several segments, at least 1.2M.",
      valueName: "SIZE"))
  var streamMemory = "64M"

  @OptionGroup(title: "Sharing") var shareOptions: ShareOptions

  @Flag(help: "Exit with 1 when anything matched.")
  var failOnMatch = false

  /// What the table of flows can hold.
  private static let flowsLimit = 1 << 28

  private var files: [String] { runOptions.files + [packetsFile].compactMap(\.self) }

  func validate() throws {
    if words.isEmpty, reads.isEmpty { throw ValidationError("name at least one capture") }
    if files.filter({ $0 == "-" }).count > 1 {
      throw ValidationError("only one of the outputs can be standard output")
    }
    if !(1...ReplayCommand.flowsLimit).contains(flowsMax) {
      throw ValidationError("--max-flows takes a number from 1 to \(ReplayCommand.flowsLimit)")
    }
    if ByteSize.bytes(streamMemory).map({ $0 > 1 << 36 }) ?? true {
      throw ValidationError("--stream-memory takes a size such as 64M, at most 64G")
    }
  }

  func run() throws {
    let operands = CaptureOperands(words: words, reads: reads)
    try checkOutputs(operands)
    let filter = try PacketFilter(words: operands.filterWords, file: bpfFile)
    let clock = ContinuousClock()
    let (loaded, loadSeconds) = try LoadedRules.timed(ruleOptions, quiet: outputOptions.quiet)
    var session = try ReplaySession(self, loaded, captures: operands.captures, filter: filter)
    let runStart = clock.now
    try session.run()
    let outcome = try session.finish(
      loadSeconds: loadSeconds, runSeconds: (clock.now - runStart).seconds)
    if let account = outcome.shared, !outputOptions.quiet { ShareOptions.note(account) }
    try show(outcome.summary)
    try conclude(outcome, loaded)
  }

  /// Refuses to write over what is to be read: the file would be empty before its first packet was seen.
  private func checkOutputs(_ operands: CaptureOperands) throws(Failure) {
    let inputs = operands.captures + ruleOptions.inputs
    for output in files {
      guard let input = inputs.first(where: { OutputFile.isSame(output, $0) }) else { continue }
      throw Failure(.usage, "\(output): is read as \(input) and cannot be written too")
    }
  }

  /// The summary on standard output, unless something else goes there.
  private func show(_ summary: RunSummary) throws {
    guard !files.contains("-") else { return }
    try outputOptions.show(summary)
  }

  /// The exit status: what was not processed weighs more than what was found.
  private func conclude(_ outcome: ReplaySession.Outcome, _ loaded: LoadedRules) throws {
    if let status = outcome.inputStatus { throw status }
    try loaded.check(ruleOptions)
    if failOnMatch, outcome.summary.sightings.total > 0 { throw ExitStatus.answeredNo }
  }
}

/// Which of the words are captures, and which a filter.
struct CaptureOperands {
  private(set) var captures: [String]
  private(set) var filterWords: [String]

  /// With `-r` every word belongs to the filter.
  ///
  /// Without it, the filter begins at the first word of the filter language that is not a file.
  init(words: [String], reads: [String]) {
    if !reads.isEmpty {
      (captures, filterWords) = (reads, words)
      return
    }
    let start =
      words.dropFirst().firstIndex { CaptureOperands.beginsFilter($0) && !FeedFile.exists($0) }
      ?? words.endIndex
    captures = Array(words[..<start])
    filterWords = Array(words[start...])
  }

  private static func beginsFilter(_ word: String) -> Bool {
    word.hasPrefix("(") || word.hasPrefix("!")
      || keywords.contains(word.split(separator: " ").first ?? "")
  }

  /// The words with which an expression can begin (pcap-filter(7)).
  private static let keywords: Set<Substring> = [
    "arp", "broadcast", "dst", "ether", "greater", "host", "icmp", "icmp6", "inbound", "ip", "ip6",
    "len", "less", "mpls", "multicast", "net", "not", "outbound", "port", "portrange", "pppoes",
    "proto", "sctp", "src", "tcp", "udp", "vlan",
  ]
}
