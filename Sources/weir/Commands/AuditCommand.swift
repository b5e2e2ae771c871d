import ArgumentParser
import FoundationEssentials
import WeirFeeds
import WeirModel
import WeirShare

/// `weir audit`: re-checks a disclosure with public material only.
struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Re-check a disclosure or a ledger with public material only.",
    discussion: """
      A bundle is a directory as a recipient gets it; a ledger is the producer's ledger.jsonl. Checked are \
      the signature, the policy, every number's place in the one table that was sealed, the budget, and \
      that the ledger tells one story. Give the producer's key, learned by another way, with --key: \
      without it you know that one producer signed all this, and not which.
      It cannot show that the producer counted honestly, that its random numbers were random, or that it \
      named all its customers' networks.
      Exit status: 0 when all holds, 1 when something does not, 66 when there is no such file.

      Example: weir audit wr1-85a0fd62020c66d7ca54892f492dd91e --key isp.jwk --since last-checkpoint
      """)

  @Argument(help: ArgumentHelp("A bundle or a ledger.", valueName: "BUNDLE|LEDGER"))
  var path: String

  @Option(help: ArgumentHelp("The producer's public key, known by another way.", valueName: "JWK"))
  var key: String?

  @Option(help: ArgumentHelp("The checkpoint that you had last.", valueName: "CHECKPOINT"))
  var since: String?

  @Option(help: ArgumentHelp("Of a ledger: its signed head.", valueName: "CHECKPOINT"))
  var checkpoint: String?

  @Option(
    name: .customLong("feed"),
    help: ArgumentHelp("A key set that the producer published.", valueName: "NAME=FILE"))
  var feeds: [String] = []

  @Option(
    help: ArgumentHelp(
      "Networks that no indicator may touch, one prefix a line.", valueName: "FILE"))
  var mustNotContain: String?

  @Flag(help: "Addresses that are reserved for documentation may be shown.")
  var demonstration = false

  @OptionGroup(title: "Output") var outputOptions: OutputOptions

  func run() throws {
    let report = try FeedFile.isDirectory(path) ? bundleReport() : ledgerReport()
    try show(report)
    if !report.isGood { throw ExitStatus.answeredNo }
  }

  private func read(_ path: String) throws(Failure) -> [UInt8] {
    let bytes = try sharing { () throws(ShareError) in try DurableFile.read(path) }
    guard let bytes else { throw Failure(.missingInput, "\(path): no such file") }
    return bytes
  }

  private func pinnedKey() throws -> PublicKey? {
    try key.map { path in
      guard let key = PublicKey(jwk: try read(path)) else {
        throw Failure(.damagedInput, "\(path): no canonical JWK of Ed25519")
      }
      return key
    }
  }

  private func ledgerReport() throws -> AuditReport {
    LedgerAudit.report(
      try read(path), key: try pinnedKey(), checkpoint: try checkpoint.map { try read($0) },
      since: try since.map { try read($0) })
  }

  private func bundleReport() throws -> AuditReport {
    var files: [String: [UInt8]] = [:]
    for name in DisclosureBundle.names + DisclosureViews.names {
      files[name] = try sharing { () throws(ShareError) in try DurableFile.read("\(path)/\(name)") }
    }
    var knowledge = BundleAudit.Knowledge()
    knowledge.key = try pinnedKey()
    knowledge.since = try since.map { try read($0) }
    knowledge.isDemonstration = demonstration
    for feed in feeds {
      guard let equals = feed.firstIndex(of: "=") else {
        throw Failure(.usage, "--feed takes NAME=FILE")
      }
      knowledge.lists[String(feed[..<equals])] = try read(
        String(feed[feed.index(after: equals)...]))
    }
    if let mustNotContain {
      knowledge.forbidden = try AuditCommand.ranges(mustNotContain, read(mustNotContain))
    }
    return BundleAudit.report(files, knowledge)
  }

  private static func ranges(_ path: String, _ bytes: [UInt8]) throws(Failure) -> [IPRange] {
    var ranges: [IPRange] = []
    let lines = String(decoding: bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    for (number, line) in lines.enumerated() {
      let text = line.prefix { $0 != "#" }.filter { !$0.isWhitespace }
      if text.isEmpty { continue }
      guard let range = ShareSettings.range(text) else {
        throw Failure(.damagedInput, "\(path):\(number + 1): no prefix: \(text)")
      }
      ranges.append(range)
    }
    return ranges
  }

  private func show(_ report: AuditReport) throws {
    let output = try OutputFile("-")
    switch outputOptions.format {
    case .json: try output.write(try JSONOutput.encode(AuditSummary(report)))
    case .human:
      for finding in report.findings {
        let line = finding.fault.map { "FAIL  \(finding.check): \($0)" } ?? "ok    \(finding.check)"
        try output.write(Array((line + "\n").utf8))
      }
      let end = report.isGood ? "all holds" : "refused"
      let known = key == nil ? "; the key is the bundle's own: give --key to know who signed" : ""
      try output.write(Array("\(end)\(known)\n".utf8))
    }
  }
}

/// `weir audit -o json`.
private struct AuditSummary: Encodable {
  var schema = "weir.audit.v1"
  var accepted: Bool
  var checks: [Check]

  struct Check: Encodable {
    var name: String
    var fault: String?

    enum CodingKeys: CodingKey { case name, fault }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(name, forKey: .name)
      // Null when the check passed, so that every check has both members.
      try container.encode(fault, forKey: .fault)
    }
  }

  init(_ report: AuditReport) {
    accepted = report.isGood
    checks = report.findings.map { Check(name: $0.check, fault: $0.fault) }
  }
}
