import ArgumentParser
import WeirCrypto
import WeirModel
import WeirShare
import WeirTally

/// `weir share open`: opens a window for edges that count elsewhere.
struct ShareOpenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "open",
    abstract: "Open a window and write what edges need to count for it.",
    discussion: "A replay, a scan or a run on this machine opens its window by itself.")

  @OptionGroup var options: ShareConfigOption
  @OptionGroup(title: "Rules") var ruleOptions: RuleOptions

  @Option(
    name: .customLong("share-window"),
    help: ArgumentHelp(
      "The Monday that it begins on; this week's when not given.", valueName: "DAY"))
  var start: String?

  @Argument(help: ArgumentHelp("A folder for the edges.", valueName: "DIR"))
  var directory: String

  func run() throws {
    let settings = try options.settings()
    let window = try start.map(ShareWindow.window) ?? ShareWindow.current()
    let rules = try LoadedRules(ruleOptions, quiet: true).rules
    let opening = try ShareWindow.opening(settings, rules: rules, window)
    let directory = directory
    let store = try settings.store()
    try sharing { () throws(ShareError) in
      try DurableFile.makeFolder(directory)
      for (name, bytes) in try store.openingFiles(of: opening.release) {
        try DurableFile.replace("\(directory)/\(name)", with: bytes, mode: 0o644)
      }
    }
    Console.note("\(opening.release): \(opening.keys.count) keys in \(directory)")
  }
}

/// `weir share contribute`: an edge's sums, for the collector of the same operator.
struct ShareContributeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "contribute",
    abstract: "On an edge: write what was counted, signed, for the operator's collector.",
    discussion: """
      The sums are exact: they are for the collector of the same operator and for nobody else. What was \
      counted is deleted here. With --show-key the public key is printed that the collector's \
      configuration must name.
      """)

  @OptionGroup var options: ShareConfigOption

  @Flag(help: "Print the edge's public key, and do nothing else.")
  var showKey = false

  @Argument(help: ArgumentHelp("The file to write.", valueName: "FILE"))
  var file: String?

  func validate() throws {
    if file == nil, !showKey { throw ValidationError("name a file to write") }
  }

  func run() throws {
    let settings = try options.settings()
    guard let edge = settings.edge, let folder = settings.opening else {
      throw Failure(
        .configuration, "the configuration has no \"edge\" and \"opening\": this is no edge")
    }
    let path = "\(settings.directory)/edge.pem"
    try sharing { () throws(ShareError) in try DurableFile.makeFolder(settings.directory) }
    let key = try sharing { () throws(ShareError) in try SigningKey.readOrMake(path) }
    guard let file, !showKey else {
      return try OutputFile("-").write(Array("\(key.publicKey.x)\n".utf8))
    }
    let opening = try sharing { () throws(ShareError) in try WindowOpening(folder: folder) }
    let statePath = settings.statePath(opening.release)
    let state = try sharing { () throws(ShareError) in try DurableFile.read(statePath) }
    guard let state else { throw Failure(.notPermitted, "nothing was counted for this window") }
    guard let saved = Contributions.restore(state, cellsPerUnit: opening.cellsPerUnit) else {
      throw Failure(.damagedInput, "\(statePath): not the state of this window")
    }
    let bytes = EdgeContribution.file(
      opening, edge: edge, counts: saved.contributions.counts(cellCount: opening.keys.count),
      key: key)
    try sharing { () throws(ShareError) in
      try DurableFile.replace(file, with: bytes)
      try DurableFile.remove(statePath)
    }
  }
}

/// `weir share collect`: adds the edges' sums up.
struct ShareCollectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "collect",
    abstract: "On the collector: add up what edges contributed.",
    discussion: "A contribution that is not right is named and left out, and the exit status is 77."
  )

  @OptionGroup var options: ShareConfigOption

  @Option(help: ArgumentHelp("The release; the latest when not given.", valueName: "ID"))
  var release: String?

  @Argument(help: ArgumentHelp("What edges contributed.", valueName: "FILE"))
  var files: [String]

  func run() throws {
    let settings = try options.settings()
    let store = try settings.store()
    let id = try release ?? store.latest(sealed: false)
    guard store.ledger.history.releases[id]?.state == .opened else {
      throw Failure(.notPermitted, "\(id) is not open")
    }
    let opening = try sharing { () throws(ShareError) in try store.opening(of: id) }
    var sums = try settings.sums(opening) ?? EdgeSums(opening)
    var isComplete = true
    for file in files {
      do throws(ShareError) {
        guard let bytes = try DurableFile.read(file) else { throw .configuration("no such file") }
        try sums.add(EdgeContribution(file: bytes, edges: settings.edges))
      } catch {
        Console.complain("\(file): \(error.words)")
        isComplete = false
      }
    }
    let (path, state) = (settings.sumsPath(id), sums.state)
    try sharing { () throws(ShareError) in
      try DurableFile.makeFolder(settings.state)
      try DurableFile.replace(path, with: state)
    }
    Console.note("\(id): \(sums.edges.count) edges")
    if !isComplete { throw ExitStatus.notPermitted }
  }
}

extension ShareSettings {
  /// Where the edges' sums of a window lie.
  func sumsPath(_ release: String) -> String { "\(state)/\(release).sums" }

  /// What edges contributed to a window so far; nil when none did.
  func sums(_ opening: WindowOpening) throws(Failure) -> EdgeSums? {
    let path = sumsPath(opening.release)
    guard let bytes = try sharing({ () throws(ShareError) in try DurableFile.read(path) }) else {
      return nil
    }
    guard let sums = EdgeSums(state: bytes, opening) else {
      throw Failure(.damagedInput, "\(path): not the sums of this window")
    }
    return sums
  }
}
