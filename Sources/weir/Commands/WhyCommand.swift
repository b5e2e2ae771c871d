import ArgumentParser
import FoundationEssentials
import WeirFeeds
import WeirModel

/// `weir why`: which feeds list a value, and what would happen to it.
struct WhyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why",
    abstract: "Say which feeds list an address, prefix or name, and what would happen.",
    discussion: """
      Exit status: 0 when something lists the value, 1 when nothing does.

      Example: weir why 203.0.113.7 www.evil.example --feed blocklist.netset --feed domains.txt
      """)

  @Argument(help: ArgumentHelp("Addresses, prefixes or domain names.", valueName: "VALUE"))
  var values: [String]

  @OptionGroup(title: "Rules") var ruleOptions: RuleOptions
  @OptionGroup(title: "Output") var outputOptions: OutputOptions

  func run() throws {
    let questions = try values.map(Question.init)
    var answers = questions.map { Answer(question: $0) }
    let requested = try FeedRequest.options(ruleOptions.feeds)
    let load = FeedLoader(now: FeedRequest.now).load(
      options: requested, allow: ruleOptions.allow
    ) { feed, entry in
      for index in answers.indices where answers[index].question.isCovered(by: entry) {
        answers[index].listings.append(Answer.Listing(feed: feed, entry: entry))
      }
    }
    for feed in load.feeds where feed.verdict == .refuse {
      Console.complain("\(feed.path): refused: \(feed.why ?? "")")
    }
    if load.hasRefused, !ruleOptions.isLenient {
      throw Failure(.configuration, "a feed cannot be used")
    }
    let output = try OutputFile("-")
    switch outputOptions.format {
    case .human:
      for answer in answers { try output.write(Array(answer.text(load.feeds).utf8)) }
    case .json: try output.write(WhyReport(answers, load.feeds).json())
    }
    if load.hasRefused { throw ExitStatus.configuration }
    if answers.contains(where: \.listings.isEmpty) { throw ExitStatus.answeredNo }
  }
}

/// A value that is asked about.
struct Question {
  var text: String
  var value: Value

  enum Value {
    case addresses(IPRange)
    case name(DomainName)
  }

  /// Reads an address, a prefix or a name.
  init(_ text: String) throws {
    self.text = text
    let parts = text.split(separator: "/", maxSplits: 1)
    if let address = IPAddress(String(parts.first ?? "")) {
      let length = parts.count == 2 ? Int(parts[1]) : address.family.bits
      guard let length, (0...address.family.bits).contains(length) else {
        throw Failure(.usage, "\(text): no prefix length of \(address)")
      }
      let prefix = IPPrefix(address, length: length)
      guard let range = IPRange(prefix.address, prefix.last) else {
        throw Failure(.internalError, "\(text): a prefix without addresses")
      }
      value = .addresses(range)
    } else if let name = DomainName(text, allowsSingleLabel: true) {
      value = .name(name)
    } else {
      throw Failure(.usage, "\(text): neither an address, a prefix nor a domain name")
    }
  }

  /// Whether an entry matches wherever the value is seen.
  func isCovered(by entry: FeedEntry) -> Bool {
    switch (value, entry.value) {
    case (.addresses(let asked), .address(let address)):
      return asked.first == address && asked.last == address
    case (.addresses(let asked), .prefix(let prefix)):
      return prefix.contains(asked.first) && prefix.contains(asked.last)
    case (.addresses(let asked), .range(let range)):
      return range.first.family == asked.first.family && range.first <= asked.first
        && asked.last <= range.last
    case (.addresses(let asked), .endpoint(let address, _)):
      return asked.first == address && asked.last == address
    case (.name(let asked), .domain(let name)):
      return entry.scope == .exact ? asked == name : asked.isEqualOrBelow(name)
    default: return false
    }
  }
}

/// What feeds say of a value.
struct Answer {
  var question: Question
  var listings: [Listing] = []

  struct Listing {
    var feed: Int
    var entry: FeedEntry
  }

  /// What would happen: an allow entry wins, then a block.
  var verdict: String {
    let actions = Set(listings.map(\.entry.action))
    if actions.contains(.allow) { return "pass" }
    if actions.contains(.block) { return "block" }
    return actions.contains(.monitor) ? "monitor" : "pass"
  }

  /// The answer for people.
  func text(_ feeds: [LoadedFeed]) -> String {
    guard !listings.isEmpty else { return "\(question.text)  is not listed: pass\n" }
    let isAllowed = listings.contains { $0.entry.action == .allow }
    let reason = isAllowed ? ", because an allow entry wins" : ""
    var text = "\(question.text)  would \(verdict)\(reason)\n"
    for listing in listings {
      let feed = feeds[listing.feed]
      let scope =
        listing.entry.value.kind == .domain && listing.entry.scope == .exact ? " (exact)" : ""
      text += "  \(feed.path):\(listing.entry.line)  \(listing.entry.value)\(scope)\n"
      text += "    feed \(feed.settings.name), \(feed.settings.category), "
      text += "\(listing.entry.action.name), confidence \(listing.entry.confidence)\n"
    }
    return text
  }
}

/// The answers as JSON.
struct WhyReport: Encodable {
  var schema = "weir.why.v1"
  var answers: [Row]

  struct Row: Encodable {
    var value: String
    var verdict: String
    var listings: [Listing]
  }

  struct Listing: Encodable {
    var indicator: String
    var kind: String
    var feed: String
    var path: String
    var line: Int
    var category: String
    var action: String
    var confidence: UInt8
  }

  init(_ answers: [Answer], _ feeds: [LoadedFeed]) {
    self.answers = answers.map { answer in
      Row(
        value: answer.question.text, verdict: answer.verdict,
        listings: answer.listings.map { listing in
          let feed = feeds[listing.feed]
          return Listing(
            indicator: listing.entry.value.description, kind: listing.entry.value.kind.name,
            feed: feed.settings.name, path: feed.path, line: listing.entry.line,
            category: feed.settings.category, action: listing.entry.action.name,
            confidence: listing.entry.confidence)
        })
    }
  }

  func json() throws -> [UInt8] { try JSONOutput.encode(self) }
}
