import BenchKit
import Glibc

let options: BenchOptions
do {
  options = try BenchOptions(Array(CommandLine.arguments.dropFirst()))
} catch {
  print("SetBench: \(error)\nusage: SetBench [--smoke] [--filter TEXT] [--rounds N]")
  exit(2)
}

let sizes = options.isSmoke ? [1_000] : [1_000, 10_000, 100_000, 1_000_000]
let lookUps = options.isSmoke ? 10_000 : 1_000_000
let runner = BenchmarkRunner(rounds: options.rounds)
let plans: [(name: String, make: (Int) throws -> [Benchmark])] = [
  ("ipv4", { try AddressRows.v4($0, lookUps: lookUps) }),
  ("ipv6", { try AddressRows.v6($0, lookUps: lookUps) }),
  ("domains", { try DomainRows.rows($0, lookUps: lookUps) }),
]
var rows: [BenchmarkRow] = []
for plan in plans where options.filter.isEmpty || plan.name.contains(options.filter) {
  for size in sizes {
    for benchmark in try plan.make(size) { rows += runner.rows(of: benchmark) }
  }
}
let table = BenchmarkTable(rows)
print(table.text)
try table.writeWhereAsked()
exit(table.isRight ? 0 : 1)
