import ArgumentParser
import WeirModel
import WeirRules

/// `weir why`: which feeds list a value, and what would happen to it.
struct WhyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why",
    abstract: "Say which feeds list a value, and what would happen.",
    discussion: """
      A URL is also looked up by its host. A digest may be that of a file, of a certificate, or a \
      JA3 fingerprint. Numbers of autonomous systems are known, but not looked for yet.
      Exit status: 0 when something lists the value, 1 when nothing does.

      Examples: weir why 203.0.113.7 www.evil.example --feed blocklist.netset --feed domains.txt
                weir why 203.0.113.0/24 --db rules.weir
      """)

  @Argument(
    help: ArgumentHelp("Addresses, prefixes, domain names, URLs, digests.", valueName: "VALUE"))
  var values: [String]

  @OptionGroup(title: "Rules") var ruleOptions: RuleOptions
  @OptionGroup(title: "Output") var outputOptions: OutputOptions

  func run() throws {
    let questions = try values.map(Question.init)
    let loaded = try LoadedRules(ruleOptions, quiet: outputOptions.quiet)
    let answers = questions.map { Answer($0, loaded.rules) }
    let output = try OutputFile("-")
    switch outputOptions.format {
    case .human:
      for answer in answers { try output.write(Array(answer.text(loaded.rules).utf8)) }
    case .json: try output.write(JSONOutput.encode(WhyReport(answers, loaded.rules)))
    }
    if loaded.hasRefusedFeed { throw ExitStatus.configuration }
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
    case url(WebURL)
    /// What may be of several kinds.
    case values([IndicatorValue])
  }

  /// Reads an address, a prefix, a name, or a value that is known but not matched.
  init(_ text: String) throws {
    self.text = text
    let parts = text.split(separator: "/", maxSplits: 1)
    if let values = Question.values(text) {
      value = .values(values)
    } else if let address = IPAddress(String(parts.first ?? "")),
      parts.count < 2 || Int(parts[1]) != nil
    {
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
    } else if let url = WebURL(text, allowsMissingScheme: true) {
      value = .url(url)
    } else {
      throw Failure(
        .usage, "\(text): neither an address, a prefix, a domain name, a URL nor a digest")
    }
  }

  private static func values(_ text: String) -> [IndicatorValue]? {
    if let digest = Digest(text) { return [.ja3(digest), .certificate(digest), .file(digest)] }
    if let fingerprint = JA4Fingerprint(text) { return [.ja4(fingerprint)] }
    guard text.uppercased().hasPrefix("AS"), let number = UInt32(text.dropFirst(2)) else {
      return nil
    }
    return [.autonomousSystem(number)]
  }
}

/// What feeds say of a value.
struct Answer {
  var question: Question
  var listings: [Listing]
  /// Those that traffic would be matched by.
  var matched: [Listing]

  /// Looks the value up.
  init(_ question: Question, _ rules: RuleSet) {
    self.question = question
    switch question.value {
    case .addresses(let range): listings = rules.listings(covering: range)
    case .name(let name): listings = rules.listings(covering: name)
    case .values(let values): listings = values.flatMap { rules.listings(of: $0) }
    case .url(let url):
      listings = Answer.listings(of: url, rules) + Answer.listings(hostOf: url, rules)
    }
    matched = listings.filter { rules.value(of: $0.indicator).kind.isSought(at: .lines) }
  }

  /// A URL that is asked for without a scheme is asked for with either.
  private static func listings(of url: WebURL, _ rules: RuleSet) -> [Listing] {
    let text = url.description
    let texts = text.contains("://") ? [text] : ["http://" + text, "https://" + text]
    var found: [Listing] = []
    for listing in texts.compactMap({ WebURL($0) }).flatMap({ rules.listings(covering: $0) })
    where !found.contains(listing) {
      found.append(listing)
    }
    return found
  }

  private static func listings(hostOf url: WebURL, _ rules: RuleSet) -> [Listing] {
    let host = String(decoding: url.bytes[url.host], as: UTF8.self)
    if let address = IPAddress(host), let range = IPRange(address, address) {
      return rules.listings(covering: range)
    }
    guard let name = DomainName(host, allowsSingleLabel: true) else { return [] }
    return rules.listings(covering: name)
  }

  /// What would happen: an allow entry wins, then a block.
  var verdict: String {
    let actions = Set(matched.map(\.action))
    if actions.contains(.allow) { return "pass" }
    if actions.contains(.block) { return "block" }
    return actions.contains(.monitor) ? "monitor" : "pass"
  }

  /// The answer for people.
  func text(_ rules: RuleSet) -> String {
    guard !listings.isEmpty else { return "\(question.text)  is not listed: pass\n" }
    let isAllowed = matched.contains { $0.action == .allow }
    let reason =
      isAllowed
      ? ", because an allow entry wins"
      : matched.isEmpty ? ", because it is not looked for yet" : ""
    var text = "\(question.text)  would \(verdict)\(reason)\n"
    for listing in listings {
      let feed = rules.records[listing.feed]
      let value = rules.value(of: listing.indicator)
      let scope = value.kind == .domain && listing.scope == .exact ? " (exact)" : ""
      text += "  \(feed.path):\(listing.line)  \(value.text)\(scope)\n"
      text += "    feed \(feed.settings.name), \(feed.settings.category), "
      text += "\(listing.action.name), confidence \(listing.confidence)\n"
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
    var listings: [Line]
  }

  struct Line: Encodable {
    var indicator: String
    var kind: String
    var feed: String
    var path: String
    var line: Int
    var category: String
    var action: String
    var confidence: UInt8
  }

  init(_ answers: [Answer], _ rules: RuleSet) {
    self.answers = answers.map { answer in
      Row(
        value: answer.question.text, verdict: answer.verdict,
        listings: answer.listings.map { listing in
          let feed = rules.records[listing.feed]
          let value = rules.value(of: listing.indicator)
          return Line(
            indicator: value.text, kind: value.kind.name, feed: feed.settings.name,
            path: feed.path, line: listing.line, category: feed.settings.category,
            action: listing.action.name, confidence: listing.confidence)
        })
    }
  }
}
