/// One row of work: ours, rivals', and the answer that makes the times worth taking.
public struct Benchmark: Sendable {
  /// What is measured, in a few words.
  public let name: String
  /// The unit of every value.
  public let unit: Unit
  /// Works out the expected and the found answer, before any time is taken.
  public let check: @Sendable () throws -> Answer
  /// Our own work.
  public let subject: Contender
  /// Others' work on the same input.
  public let rivals: [Contender]
  /// A value that should be reached, in the same unit.
  public let bar: Double?
  /// What our value means, in a sentence for below the table.
  public let note: (@Sendable (Double) -> String)?

  /// A benchmark; rivals that are not there say so themselves.
  public init(
    name: String, unit: Unit, bar: Double? = nil, check: @escaping @Sendable () throws -> Answer,
    subject: Contender, rivals: [Contender] = [], note: (@Sendable (Double) -> String)? = nil
  ) {
    self.name = name
    self.unit = unit
    self.bar = bar
    self.note = note
    self.check = check
    self.subject = subject
    self.rivals = rivals
  }
}

/// What a value counts, and which way is better.
public struct Unit: Sendable, Equatable {
  /// As printed, such as `ns/packet`.
  public let name: String
  /// Whether more is better.
  public let isHigherBetter: Bool

  /// A unit of the given name.
  public init(_ name: String, isHigherBetter: Bool) {
    self.name = name
    self.isHigherBetter = isHigherBetter
  }

  /// How many times better `value` is than `other`: above 1 is better, whichever way the unit goes.
  public func ratio(of value: Double, to other: Double) -> Double {
    isHigherBetter ? value / other : other / value
  }
}

/// What should come out, and what did.
public struct Answer: Sendable, Equatable {
  /// The truth, as a total.
  public let expected: Int
  /// What was found, as a total.
  public let found: Int
  /// Where the two differ in detail; empty when every part agrees.
  public let differences: [String]

  /// An answer; without `differences`, equal totals are right.
  public init(expected: Int, found: Int, differences: [String] = []) {
    self.expected = expected
    self.found = found
    self.differences = differences
  }

  /// Whether everything agrees.
  public var isRight: Bool { expected == found && differences.isEmpty }
}

/// One way of doing the work.
public struct Contender: Sendable {
  /// Who does it.
  public let name: String
  /// Does it once and returns the value, in the benchmark's unit.
  public let run: @Sendable () throws -> Double

  /// A contender whose closure measures its own value.
  public init(_ name: String, run: @escaping @Sendable () throws -> Double) {
    self.name = name
    self.run = run
  }

  /// A contender that works in this process; `value` turns the time of one run into the unit.
  public static func timed(
    _ name: String, clock: Stopwatch.Clock = .processor,
    value: @escaping @Sendable (_ seconds: Double) -> Double,
    work: @escaping @Sendable () throws -> Void
  ) -> Contender {
    Contender(name) {
      let watch = Stopwatch()
      try work()
      return value(watch.seconds(clock))
    }
  }
}

/// A contender that cannot take part; the reason is printed instead of a value.
public struct Absent: Error, CustomStringConvertible, Equatable {
  /// Why, in a few words.
  public let description: String

  /// Absent because of `reason`.
  public init(_ reason: String) { description = reason }
}
