import WeirGate

/// What is said of inputs that were not read to their end.
enum InputStatus {
  /// Names every one of them, and lines that were too long to be taken whole.
  static func complain(_ reports: [InputReport]) {
    for report in reports {
      for fault in report.faults { Console.complain("\(report.path): \(fault)") }
      guard report.cutLines > 0 else { continue }
      Console.complain("\(report.path): lines longer than 1 MiB were cut \(report.cutLines) times")
    }
  }

  /// A missing input weighs more than one that cannot be read, and that more than a damaged one.
  static func status(_ reports: [InputReport]) -> ExitStatus? {
    let kinds = reports.flatMap(\.faults).map(\.kind)
    if kinds.contains(.missing) { return .missingInput }
    if kinds.contains(.unreadable) { return .readOrWriteError }
    return kinds.isEmpty && reports.allSatisfy(\.complete) ? nil : .damagedInput
  }
}
