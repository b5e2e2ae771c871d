/// The summary for people, in 80 columns.
public struct HumanSummary {
  private let run: RunSummary
  private let style: TextStyle
  private var lines: [String] = []

  /// How many rows the tables of indicators, feeds and categories have at most.
  private static let rowsMax = 10

  /// Makes the summary of a run.
  public init(_ run: RunSummary, style: TextStyle) {
    self.run = run
    self.style = style
  }

  /// The text, with a final newline.
  public consuming func text() -> String {
    addHead()
    addVerdicts()
    addIndicators()
    addFeeds()
    addCategories()
    addUnjudged()
    addProblems()
    return lines.joined(separator: "\n") + "\n"
  }

  private mutating func addHead() {
    let packets = run.packets.read
    var head = "\(NumberText.grouped(packets)) packet\(packets == 1 ? "" : "s")"
    let inputs = run.inputs.filter { $0.kind != "skipped" }.count
    head += " from \(inputs) capture\(inputs == 1 ? "" : "s")"
    if let elapsed = run.elapsed {
      head += " in \(NumberText.duration(elapsed.runSeconds))"
      head += ", \(NumberText.short(elapsed.packetsPerSecond)) packets/s"
      head += ", \(NumberText.short(elapsed.bytesPerSecond * 8))bit/s"
    }
    lines.append(style.bold("weir \(run.command)") + "  " + head)
    let held = run.database.notMatched ?? [:]
    let indicators = HumanSummary.counts(
      run.database.indicators.filter { $0.value > 0 && held[$0.key] == nil })
    let loaded = run.elapsed.map { ", loaded in \(NumberText.duration($0.loadSeconds))" } ?? ""
    lines.append("  Rules        \(indicators.isEmpty ? "none" : indicators)\(loaded)")
    if !held.isEmpty {
      lines.append("  Not matched  \(HumanSummary.counts(held)): held, but not looked for yet")
    }
    lines.append(
      "  Generation   \(String(run.database.generation.prefix(19)))   "
        + "flows: \(NumberText.grouped(run.flows.tcp)) TCP, \(NumberText.grouped(run.flows.udp)) UDP"
    )
  }

  private static func counts(_ kinds: [String: Int]) -> String {
    kinds.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\(NumberText.grouped($0.value)) \($0.key)" }.joined(separator: ", ")
  }

  private mutating func addVerdicts() {
    lines.append("")
    addHeld("Blocked", run.blocked, color: style.red)
    addHeld("Would block", run.monitored, color: style.yellow)
    let suppressed = run.allowed.suppressed
    if suppressed > 0 {
      lines.append(
        "  " + style.green(Column.left("Kept", 12)) + " "
          + Column.right(NumberText.grouped(suppressed), 12) + " packets by allow lists")
    }
  }

  private mutating func addHeld(
    _ title: String, _ held: HeldSummary, color: (String) -> String
  ) {
    guard held.packets > 0 || title == "Blocked" else { return }
    let share = Double(held.packets) / Double(max(run.packets.read, 1)) * 100
    let label = Column.left(title, 12)
    lines.append(
      "  " + (held.packets > 0 ? color(label) : label) + " "
        + Column.right(NumberText.grouped(held.packets), 12) + " packets ("
        + NumberText.fixed(share, places: share < 1 ? 2 : 1) + " %), "
        + NumberText.bytes(held.bytes) + ", "
        + "\(NumberText.grouped(held.threats)) threat\(held.threats == 1 ? "" : "s")")
  }

  private mutating func addIndicators() {
    guard !run.indicators.isEmpty else { return }
    let count = run.indicators.count
    lines.append("")
    lines.append(
      style.bold("  Top indicators") + style.dim("  \(NumberText.grouped(count)) were sighted"))
    lines.append(
      style.dim(
        "  " + Column.left("indicator", 31) + " " + Column.left("seen as", 14)
          + Column.right("packets", 10) + "  " + Column.left("feed", 19)))
    for row in run.indicators.prefix(HumanSummary.rowsMax) {
      lines.append(
        "  " + Column.left(row.value, 31) + " " + Column.left(places(row), 14)
          + Column.right(NumberText.grouped(row.packets), 10) + "  " + Column.left(feeds(row), 19))
    }
  }

  /// The place with the most sightings, and how many others there are.
  private func places(_ row: IndicatorSummary) -> String {
    let sorted = row.sightings.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    guard let first = sorted.first else { return "" }
    return sorted.count == 1 ? first.key : "\(first.key) +\(sorted.count - 1)"
  }

  private func feeds(_ row: IndicatorSummary) -> String {
    guard let first = row.feeds.first else { return "" }
    return row.feeds.count == 1 ? first : "\(first) +\(row.feeds.count - 1)"
  }

  private mutating func addFeeds() {
    addCounts("Feeds", run.sightings.byFeed)
    let silent = run.database.feeds.filter {
      $0.action != "allow" && $0.loaded > 0 && run.sightings.byFeed[$0.name] == nil
    }
    guard !silent.isEmpty, !run.sightings.byFeed.isEmpty else { return }
    let names = silent.prefix(4).map { Column.printable($0.name) }.joined(separator: ", ")
    let more = silent.count > 4 ? " and \(silent.count - 4) more" : ""
    lines.append(style.dim(Column.left("    nothing from \(names)\(more)", 78)))
  }

  private mutating func addCategories() {
    guard run.sightings.byCategory.count > 1 else { return }
    addCounts("Categories", run.sightings.byCategory)
  }

  /// A bar for each row, as long as its share of the largest.
  private mutating func addCounts(_ title: String, _ counts: [String: UInt64]) {
    guard let largest = counts.values.max(), largest > 0 else { return }
    lines.append("")
    lines.append(style.bold("  \(title)") + style.dim("  by sightings"))
    let rows = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    for (name, count) in rows.prefix(HumanSummary.rowsMax) {
      let width = max(1, Int(Double(count) / Double(largest) * 30))
      lines.append(
        "  " + Column.left(name, 31) + Column.right(NumberText.grouped(count), 13) + "  "
          + style.dim(String(repeating: "▪", count: width)))
    }
    if rows.count > HumanSummary.rowsMax {
      lines.append(style.dim("    and \(rows.count - HumanSummary.rowsMax) more"))
    }
  }

  private mutating func addUnjudged() {
    let reasons = run.packets.undecided.merging(run.unjudged.reasons, uniquingKeysWith: +)
    guard !reasons.isEmpty else { return }
    lines.append("")
    lines.append(style.bold("  Not judged") + style.dim("  packets that could not be read in full"))
    for (name, count) in reasons.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      lines.append(
        "  " + Column.left(name, 31) + Column.right(NumberText.grouped(count), 13) + "  "
          + style.dim(HumanSummary.explanations[name] ?? ""))
    }
  }

  private mutating func addProblems() {
    let inputs = run.inputs.filter { !$0.complete }
    let feeds = run.database.feeds.filter { $0.why != nil }
    guard !inputs.isEmpty || !feeds.isEmpty else { return }
    lines.append("")
    lines.append(style.yellow("  Take note"))
    for input in inputs.prefix(20) {
      addWrapped("\(input.path): \(input.error ?? "not read to its end")")
    }
    if inputs.count > 20 { lines.append("  and \(inputs.count - 20) more inputs") }
    for feed in feeds.prefix(20) {
      addWrapped("\(feed.path): \(feed.why ?? "")")
    }
  }

  /// A sentence over as many lines as it needs, broken at blanks; a word that is too long, as a path may be,
  /// stands on a line of its own.
  private mutating func addWrapped(_ sentence: String) {
    var line = " "
    for word in Column.printable(sentence).split(separator: " ") {
      if line.count + 1 + word.count > 80, line.count > 4 {
        lines.append(line)
        line = "   "
      }
      line += " \(word)"
    }
    lines.append(line)
  }

  private static let explanations = [
    "truncated": "frame cut inside a header",
    "malformed": "header contradicts itself",
    "not-ip": "ARP and other link traffic",
    "link-type": "unknown link type",
    "fragment": "part of a datagram",
    "snaplen": "capture kept too few bytes",
    "transport-malformed": "bad TCP or UDP header",
    "protocol": "neither TCP, UDP nor ICMP",
    "content-malformed": "bad DNS, TLS or HTTP",
    "handshake-incomplete": "hello over several packets",
    "ech": "encrypted server name",
  ]
}
