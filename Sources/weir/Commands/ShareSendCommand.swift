import ArgumentParser
import FoundationEssentials
import WeirModel
import WeirShare

/// `weir share send`: puts a bundle where the recipient gets it.
struct ShareSendCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "send",
    abstract:
      "Put a recipient's bundle of the latest release into a directory, such as that of a removable disk."
  )

  @OptionGroup var options: ShareConfigOption

  @Option(help: ArgumentHelp("The release; the latest when not given.", valueName: "ID"))
  var release: String?

  @Option(
    help: ArgumentHelp(
      "The checkpoint that the recipient had last: proves that nothing before it was changed.",
      valueName: "CHECKPOINT"))
  var since: String?

  @Argument(help: ArgumentHelp("Who.", valueName: "RECIPIENT"))
  var recipient: String

  @Argument(help: ArgumentHelp("Where to.", valueName: "DIR"))
  var directory: String

  func run() throws {
    let settings = try options.settings()
    var store = try settings.store()
    let id = try release ?? store.latest(sealed: true)
    let policy = try settings.policy(recipient)
    let earlier = try since.map { path in
      guard let text = try sharing({ () throws(ShareError) in try DurableFile.read(path) }) else {
        throw Failure(.missingInput, "\(path): no such file")
      }
      guard let checkpoint = Checkpoint(text, key: store.publicKey) else {
        throw Failure(.damagedInput, "\(path): no checkpoint that this producer signed")
      }
      return checkpoint
    }
    let folder = "\(directory)/\(id)"
    try sharing { () throws(ShareError) in
      let bundle = try store.disclose(
        id, policy, since: earlier, approvalsMin: settings.approvalsMin)
      try bundle.write(to: folder)
    }
    Console.note("\(recipient): \(folder)")
  }
}

/// `weir share log`: the ledger.
struct ShareLogCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log",
    abstract: "Show the ledger: everything that was opened, drawn, sealed and given away.")

  @OptionGroup var options: ShareConfigOption
  @OptionGroup(title: "Output") var outputOptions: OutputOptions

  @Flag(help: "Write the signed head of the ledger instead.")
  var checkpoint = false

  func run() throws {
    let store = try options.settings().store()
    let output = try OutputFile("-")
    if checkpoint { return try output.write(store.checkpoint()) }
    for line in store.ledger.lines {
      switch outputOptions.format {
      case .json: try output.write(line.text + [UInt8(ascii: "\n")])
      case .human:
        let about =
          line.release ?? line.body["recipient_commit"]?.string.map { String($0.prefix(16)) }
        let kind = line.kind.rawValue + String(repeating: " ", count: 9 - line.kind.rawValue.count)
        try output.write(Array("\(line.number)\t\(line.at)\t\(kind)\t\(about ?? "")\n".utf8))
      }
    }
  }
}

/// `weir share revoke`: ends what a recipient gets.
struct ShareRevokeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke",
    abstract: "End what a recipient gets; what it has cannot be called back.")

  @OptionGroup var options: ShareConfigOption

  @Argument(help: ArgumentHelp("Who.", valueName: "RECIPIENT"))
  var recipient: String

  func run() throws {
    var store = try options.settings().store()
    guard let now = UTCTime(seconds: FeedRequest.now.seconds) else {
      throw Failure(.unavailable, "the clock shows another century")
    }
    let recipient = recipient
    try sharing { () throws(ShareError) in try store.revoke(recipient, now: now) }
  }
}

/// `weir share rotate`: a new signing key.
struct ShareRotateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate",
    abstract: "Hand over to a new signing key, which the old one signs for in the ledger.")

  @OptionGroup var options: ShareConfigOption

  func run() throws {
    var store = try options.settings().store()
    try sharing { () throws(ShareError) in try store.rotate() }
    try OutputFile("-").write(store.publicKey.jwk)
  }
}

/// `weir share explain`: what the parameters mean, in plain words and numbers.
struct ShareExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Say what the configured parameters protect, and what they do not.")

  @OptionGroup var options: ShareConfigOption

  @Option(help: ArgumentHelp("How many indicators the key set has.", valueName: "N"))
  var indicators = 100_000

  func run() throws {
    let settings = try options.settings()
    guard let parameters = settings.parameters(.indicatorsOut), let scale = try? parameters.scale()
    else { throw Failure(.configuration, "the configuration names no stream to share") }
    let threshold = NoiseFigures.threshold(
      scale: scale, cells: indicators, expectedFalse: parameters.expectedFalse,
      minimum: parameters.minimum)
    let text = """
      A customer is a block of addresses: /\(parameters.unitBitsV4) of IPv4, /\(parameters.unitBitsV6) of IPv6.
      In a week a customer counts for at most \(parameters.cellsPerUnit) indicators, once each.
      To each of \(indicators) counts is added noise of scale \(scale): within ±\(NoiseFigures.interval95(scale: scale)) in 95 of 100.
      A count is published from \(threshold) on, noise included; all others are not, seen or not.
      A release costs epsilon \(parameters.epsilon); over 30 days all releases cost at most \(parameters.cap).

      Protected: whether one customer is in the data at all. Whatever else somebody knows, a release changes the odds for
      one customer by at most a factor e^(\(parameters.epsilon)), and all of 30 days by at most e^(\(parameters.cap)).
      Not protected: a group of many blocks of one customer, unless its unit is set to the whole; that this site exists and
      takes part; what the feeds themselves tell. Nobody can check from outside that counting and noise were honest.
      Too small to publish anything useful: sites of less than some 50,000 customers; they should merge with others.

      """
    try OutputFile("-").write(Array(text.utf8))
  }
}
