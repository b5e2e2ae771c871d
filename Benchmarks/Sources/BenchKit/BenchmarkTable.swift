import FoundationEssentials

/// Rows as text of 100 columns, and as JSON.
public struct BenchmarkTable: Sendable {
  /// The rows, in the order printed.
  public let rows: [BenchmarkRow]

  /// A table of rows.
  public init(_ rows: [BenchmarkRow]) {
    self.rows = rows
  }

  /// Whether every answer was right.
  public var isRight: Bool { rows.allSatisfy(\.isRight) }

  /// The table, with remarks below it.
  public var text: String {
    var lines = [
      BenchmarkTable.line(
        "benchmark", "unit", "ours", "rival", "rival's", "ratio", "spread", "answer"),
      String(repeating: "-", count: 100),
    ]
    for row in rows {
      lines.append(
        BenchmarkTable.line(
          row.name, row.unit, formatted(row.value), row.rival ?? "-", formatted(row.rivalValue),
          row.ratio.map { formatted($0) + "x" } ?? "-",
          row.spread.map { formatted($0 * 100) + "%" } ?? "-", answer(row)))
    }
    let remarks = rows.compactMap { row in row.remark.map { "\(row.name): \($0)" } }
    return (lines + remarks).joined(separator: "\n")
  }

  /// The rows as a JSON list.
  public func json() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    return [UInt8](try encoder.encode(rows))
  }

  /// Writes ``json()`` to the file that the environment variable `WEIR_BENCH_JSON` names, if any.
  public func writeWhereAsked() throws {
    guard let path = ProcessInfo.processInfo.environment["WEIR_BENCH_JSON"], !path.isEmpty else {
      return
    }
    try Data(try json()).write(to: URL(filePath: path))
  }

  private func answer(_ row: BenchmarkRow) -> String {
    row.isRight ? "ok" : row.found == nil ? "none" : "WRONG"
  }

  private static func line(
    _ name: String, _ unit: String, _ ours: String, _ rival: String, _ rivals: String,
    _ ratio: String, _ spread: String, _ answer: String
  ) -> String {
    [
      padded(name, 34), padded(unit, 11), padded(ours, 9, isRight: true), padded(rival, 10),
      padded(rivals, 9, isRight: true), padded(ratio, 7, isRight: true),
      padded(spread, 6, isRight: true), padded(answer, 6),
    ].joined(separator: " ")
  }

  private static func padded(_ text: String, _ width: Int, isRight: Bool = false) -> String {
    let cut = text.count > width ? text.prefix(width - 1) + "~" : Substring(text)
    let blank = String(repeating: " ", count: width - cut.count)
    return isRight ? blank + cut : cut + blank
  }
}

/// Three significant digits, with a letter for thousands (k), millions (M) and billions (G).
func formatted(_ value: Double?) -> String {
  guard let value, value.isFinite else { return "-" }
  let steps: [(Double, String)] = [(1e9, "G"), (1e6, "M"), (1e3, "k")]
  for (size, letter) in steps where abs(value) >= size { return digits(value / size) + letter }
  return digits(value)
}

/// Two decimals below ten, one below a hundred, none above.
private func digits(_ value: Double) -> String {
  let decimals = abs(value) < 10 ? 100.0 : abs(value) < 100 ? 10.0 : 1.0
  let rounded = (value * decimals).rounded()
  let whole = Int(rounded / decimals)
  guard decimals > 1 else { return "\(whole)" }
  let fraction = Int(abs(rounded).truncatingRemainder(dividingBy: decimals))
  let zero = decimals == 100 && fraction < 10 ? "0" : ""
  return "\(value < 0 && whole == 0 ? "-" : "")\(whole).\(zero)\(fraction)"
}
