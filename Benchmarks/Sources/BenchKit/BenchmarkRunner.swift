/// Checks answers, then takes times, round by round.
public struct BenchmarkRunner: Sendable {
  private let rounds: Int

  /// A runner that takes `rounds` values of each contender, at least one.
  public init(rounds: Int) {
    self.rounds = max(rounds, 1)
  }

  /// The rows of one benchmark: one for each rival, or one without.
  public func rows(of benchmark: Benchmark) -> [BenchmarkRow] {
    var row = BenchmarkRow(name: benchmark.name, unit: benchmark.unit.name)
    do {
      let answer = try benchmark.check()
      row.expected = answer.expected
      row.found = answer.found
      row.isRight = answer.isRight
      if !answer.isRight {
        row.remark = "wrong answer: " + BenchmarkRunner.explain(answer)
        return [row]
      }
    } catch {
      row.remark = "\(error)"
      return [row]
    }
    return timedRows(of: benchmark, row)
  }

  private func timedRows(of benchmark: Benchmark, _ checked: BenchmarkRow) -> [BenchmarkRow] {
    var runs = ([benchmark.subject] + benchmark.rivals).map { ContenderRuns(contender: $0) }
    // Turn by turn, so that a busy neighbor on the machine slows everyone down alike.
    for _ in 0..<rounds {
      for index in runs.indices { runs[index].runOnce() }
    }
    var own = checked
    let ours = Statistics(runs[0].values)
    own.value = ours?.median
    own.spread = ours?.spread
    own.remark = runs[0].failure ?? BenchmarkRunner.remark(on: ours?.median, of: benchmark)
    let rivals = runs.dropFirst().map { rival in
      BenchmarkRunner.row(own, against: rival, unit: benchmark.unit)
    }
    return rivals.isEmpty ? [own] : rivals
  }

  private static func row(
    _ own: BenchmarkRow, against rival: ContenderRuns, unit: Unit
  ) -> BenchmarkRow {
    var row = own
    row.rival = rival.contender.name
    row.rivalValue = Statistics(rival.values)?.median
    if let value = row.value, let other = row.rivalValue {
      row.ratio = unit.ratio(of: value, to: other)
    }
    let remarks = [own.remark, rival.failure.map { "\(rival.contender.name): \($0)" }]
    row.remark = BenchmarkRunner.joined(remarks)
    return row
  }

  private static func remark(on value: Double?, of benchmark: Benchmark) -> String? {
    guard let value else { return nil }
    let bar = benchmark.bar.map { bar in
      let isReached = benchmark.unit.ratio(of: value, to: bar) >= 1
      return "bar \(formatted(bar)) \(benchmark.unit.name) \(isReached ? "reached" : "missed")"
    }
    return joined([bar, benchmark.note.map { $0(value) }])
  }

  private static func joined(_ remarks: [String?]) -> String? {
    let said = remarks.compactMap(\.self)
    return said.isEmpty ? nil : said.joined(separator: "; ")
  }

  private static func explain(_ answer: Answer) -> String {
    let shown = answer.differences.prefix(5).joined(separator: ", ")
    let more = answer.differences.count > 5 ? " and \(answer.differences.count - 5) more" : ""
    return shown.isEmpty ? "\(answer.found) instead of \(answer.expected)" : shown + more
  }
}

/// A contender's values so far, until it fails.
private struct ContenderRuns {
  let contender: Contender
  var values: [Double] = []
  var failure: String?

  mutating func runOnce() {
    guard failure == nil else { return }
    do {
      values.append(try contender.run())
    } catch {
      failure = "\(error)"
      values = []
    }
  }
}
