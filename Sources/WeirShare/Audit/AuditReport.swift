/// What an audit found: each check by name, and what is wrong where it failed.
public struct AuditReport: Hashable, Sendable {
  /// One check.
  public struct Finding: Hashable, Sendable {
    /// Its name.
    public let check: String
    /// What is wrong; nil when nothing is.
    public let fault: String?
  }

  /// The checks, in the order in which they were made.
  public private(set) var findings: [Finding] = []

  /// No checks.
  public init() {}

  /// Whether every check passed, and there was one.
  public var isGood: Bool { !findings.isEmpty && findings.allSatisfy { $0.fault == nil } }

  /// Notes a check.
  mutating func note(_ check: String, _ fault: String?) {
    findings.append(Finding(check: check, fault: fault))
  }

  /// Notes a check that has one thing to say when it fails.
  mutating func note(_ check: String, _ isGood: Bool, else fault: String) {
    note(check, isGood ? nil : fault)
  }
}
