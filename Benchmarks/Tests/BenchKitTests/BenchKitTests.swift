import Foundation
import Synchronization
import Testing

@testable import BenchKit

@Suite struct StatisticsTests {
  @Test func medianAndSpreadOfOddAndEvenCounts() {
    #expect(Statistics([3, 1, 2])?.median == 2)
    #expect(Statistics([4, 1, 2, 3])?.median == 2.5)
    // Distances from 10: 0, 0, 1, 2, 90.
    #expect(Statistics([10, 9, 10, 12, 100])?.spread == 0.1)
    #expect(Statistics([]) == nil)
    #expect(Statistics([0, 0])?.spread == 0)
  }

  @Test(arguments: [
    (0.0, "0.00"), (9.994, "9.99"), (1.005, "1.00"), (42.04, "42.0"), (999.4, "999"),
    (1_234, "1.23k"), (228_009, "228k"), (4.5e6, "4.50M"), (19.7e9, "19.7G"), (-0.5, "-0.50"),
  ])
  func numbersHaveThreeDigits(value: Double, text: String) {
    #expect(formatted(value) == text)
  }
}

@Suite struct RunnerTests {
  private final class Log: Sendable {
    let entries = Mutex<[String]>([])
    func add(_ entry: String) { entries.withLock { $0.append(entry) } }
    var all: [String] { entries.withLock { $0 } }
  }

  private func benchmark(_ log: Log, isRight: Bool = true) -> Benchmark {
    Benchmark(
      name: "b", unit: Unit("ns", isHigherBetter: false), bar: 150,
      check: {
        log.add("check")
        return Answer(expected: 5, found: isRight ? 5 : 4)
      },
      subject: Contender("us") {
        log.add("us")
        return 100
      },
      rivals: [
        Contender("them") {
          log.add("them")
          return 300
        },
        Contender("nobody") { throw Absent("not on PATH") },
      ])
  }

  @Test func theAnswerComesFirstAndContendersTakeTurns() {
    let log = Log()
    let rows = BenchmarkRunner(rounds: 2).rows(of: benchmark(log))
    #expect(log.all == ["check", "us", "them", "us", "them"])
    #expect(rows.count == 2 && rows[0].value == 100 && rows[0].rivalValue == 300)
    #expect(rows[0].ratio == 3 && rows[0].isRight)
    #expect(rows[0].remark == "bar 150 ns reached")
    #expect(rows[1].rivalValue == nil && rows[1].ratio == nil)
    #expect(rows[1].remark?.hasSuffix("nobody: not on PATH") == true)
  }

  @Test func aWrongAnswerTakesNoTime() {
    let log = Log()
    let rows = BenchmarkRunner(rounds: 2).rows(of: benchmark(log, isRight: false))
    #expect(log.all == ["check"])
    #expect(rows.count == 1 && rows[0].value == nil && rows[0].found == 4)
    let table = BenchmarkTable(rows)
    #expect(!table.isRight && table.text.contains("WRONG"))
  }

  @Test func ratiosAboveOneAreBetterEitherWay() {
    #expect(Unit("s", isHigherBetter: false).ratio(of: 1, to: 2) == 2)
    #expect(Unit("/s", isHigherBetter: true).ratio(of: 1, to: 2) == 0.5)
  }

  @Test func theTableFitsAndTheJSONHasEveryField() throws {
    let rows = BenchmarkRunner(rounds: 1).rows(of: benchmark(Log()))
    let table = BenchmarkTable(rows)
    let lines = table.text.split(separator: "\n").prefix(2 + rows.count)
    #expect(lines.allSatisfy { $0.count <= 100 })
    let list = try JSONSerialization.jsonObject(with: Data(try table.json())) as? [[String: Any]]
    let wanted: Set = [
      "name", "unit", "value", "rival", "rival_value", "ratio", "spread", "expected", "found",
    ]
    #expect(list?.count == 2)
    for row in list ?? [] { #expect(wanted.isSubset(of: row.keys)) }
    #expect(list?[1]["rival_value"] is NSNull)
  }
}

@Suite struct CommandTests {
  @Test func outputStatusAndTimeAreCollected() throws {
    let shell = try #require(Command.find("sh"))
    let outcome = try Command(shell, ["-c", "printf 'a b'; echo x >&2; exit 3"]).run()
    #expect(outcome.status == 3 && outcome.output == Array("a b".utf8))
    #expect(outcome.wallSeconds > 0 && outcome.processorSeconds < 5)
    let killed = try Command(shell, ["-c", "kill -9 $$"]).run()
    #expect(killed.status == 137)
  }

  @Test func largeOutputDoesNotBlock() throws {
    let shell = try #require(Command.find("sh"))
    let outcome = try Command(shell, ["-c", "head -c 1000000 /dev/zero"]).run()
    #expect(outcome.output.count == 1_000_000)
  }

  @Test func whatIsNotThereIsNotFound() {
    #expect(Command.find("no-such-program-here") == nil)
    #expect(Command.find("/tmp") == nil)
    #expect(throws: Absent.self) { try Command("/nowhere/at/all", []).run() }
  }

  @Test func theStopwatchRuns() {
    let watch = Stopwatch()
    var sum: UInt64 = 0
    for number in 0..<200_000 as Range<UInt64> { sum = sum &* 31 &+ number }
    #expect(sum != 0)
    #expect(watch.seconds(.processor) > 0 && watch.seconds(.wall) > 0)
  }

  @Test func optionsAreUnderstoodOrRefused() throws {
    let plain = try BenchOptions([])
    let smoke = try BenchOptions(["--smoke"])
    #expect(plain.rounds == 5 && smoke.rounds == 1)
    let options = try BenchOptions(["--smoke", "--rounds", "3", "--filter", "imix"])
    #expect(options.isSmoke && options.rounds == 3 && options.filter == "imix")
    for wrong in [["--rounds"], ["--rounds", "0"], ["-x"]] {
      #expect(throws: BenchOptions.UsageError.self) { try BenchOptions(wrong) }
    }
  }
}
