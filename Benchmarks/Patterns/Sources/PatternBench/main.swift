import Glibc
@_spi(Measurement) import WeirMatch
import WeirModel

// Compares `PatternSet` with Hyperscan on blocks of 1,400 bytes: answers first, then interleaved times.

/// Processor time of this thread, so that other programs on the machine do not count.
func seconds(_ body: () -> Void) -> Double {
  func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
  let start = now()
  body()
  return now() - start
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

func rounded(_ value: Double, _ places: Double = 100) -> Double {
  Double(Int(value * places + 0.5)) / places
}

func count(_ set: PatternSet, _ traffic: [UInt8]) -> Int {
  var matches = 0
  let span = traffic.span
  for from in stride(from: 0, to: traffic.count, by: 1400) {
    set.scan(span.extracting(from..<min(from + 1400, traffic.count))) { _, _ in matches += 1 }
  }
  return matches
}

/// As a stream in segments of 1,400 bytes.
func countStream(_ set: PatternSet, _ traffic: [UInt8]) -> Int {
  var matches = 0
  var state = PatternStreamState()
  let span = traffic.span
  for from in stride(from: 0, to: traffic.count, by: 1400) {
    set.scan(span.extracting(from..<min(from + 1400, traffic.count)), resuming: &state) { _, _ in
      matches += 1
    }
  }
  return matches
}

func compare(_ kind: PatternKind, _ size: Int) throws {
  var generator = SeededGenerator(state: UInt64(size) &* 7 &+ 3)
  let patterns = Workload.patterns(kind, count: size, &generator)
  let traffic = Workload.traffic(blocks: 2000, patterns, &generator)
  var bytes: [UInt8] = []
  let compile = seconds {
    var builder = ImageBuilder()
    try? PatternSetBuilder.add(patterns, to: &builder)
    bytes = builder.finish()
  }
  let set = try PatternSet(Image(bytes))
  var rival: Hyperscan?
  let rivalCompile = seconds { rival = Hyperscan(patterns) }
  guard let rival else { return print("\(kind) \(size): the rival cannot compile it") }
  let found = count(set, traffic)
  let expected = traffic.withUnsafeBufferPointer { rival.count($0, blockLength: 1400) }
  var (ours, theirs, streams): ([Double], [Double], [Double]) = ([], [], [])
  for _ in 0..<31 {
    ours.append(seconds { _ = count(set, traffic) })
    theirs.append(
      seconds { _ = traffic.withUnsafeBufferPointer { rival.count($0, blockLength: 1400) } })
    streams.append(seconds { _ = countStream(set, traffic) })
  }
  let size1 = Double(traffic.count) / 1e9
  print(
    kind.rawValue, size, found == expected ? "equal" : "DIFFERENT \(expected)", found,
    "GB/s", rounded(size1 / median(ours)), "rival", rounded(size1 / median(theirs)),
    "ratio", rounded(median(theirs) / median(ours)), "stream", rounded(size1 / median(streams)),
    "compile ms", rounded(compile * 1000, 10), "rival", rounded(rivalCompile * 1000, 10),
    "ratio", rounded(rivalCompile / compile, 10), "KB", bytes.count / 1000, "rival",
    rival.byteCount / 1000)
}

/// Patterns with one byte broken, one after the other, so that most places are candidates: against the own automata.
func compareCrafted(_ size: Int) throws {
  var generator = SeededGenerator(state: 11)
  let patterns = Workload.patterns(.nine, count: size, &generator)
  var traffic: [UInt8] = []
  for block in 0..<max(1, 4_000_000 / 9 / size) {
    for pattern in patterns {
      let broken = block % 2 == 0 ? 0 : pattern.bytes.count - 1
      traffic += pattern.bytes.enumerated().map { $0 == broken ? $1 ^ 0x81 : $1 }
    }
  }
  func build(_ change: (inout PatternBuildOptions) -> Void) throws -> PatternSet {
    var options = PatternBuildOptions()
    change(&options)
    var builder = ImageBuilder()
    try PatternSetBuilder.add(patterns, to: &builder, options: options)
    return try PatternSet(Image(builder.finish()))
  }
  let filtered = try build { _ in }
  let automatic = try build { $0.filter = .none }
  let dense = try build { ($0.filter, $0.layout) = (.none, .dense) }
  let answers = [count(filtered, traffic), count(automatic, traffic), count(dense, traffic)]
  var times: [[Double]] = [[], [], []]
  for _ in 0..<9 {
    for (index, set) in [filtered, automatic, dense].enumerated() {
      times[index].append(seconds { _ = count(set, traffic) })
    }
  }
  let speeds = times.map { rounded(Double(traffic.count) / 1e9 / median($0), 1000) }
  print(
    "crafted", size, Set(answers).count == 1 ? "equal" : "DIFFERENT", answers[0], "GB/s", speeds[0],
    "own automata", speeds[1], "own dense", speeds[2])
}

let sizes = CommandLine.arguments.dropFirst().compactMap { Int($0) }
let kinds = CommandLine.arguments.dropFirst().compactMap { PatternKind(rawValue: $0) }
if CommandLine.arguments.contains("crafted") {
  for size in [4, 64, 1000, 10_000] { try compareCrafted(size) }
  exit(0)
}
for kind in kinds.isEmpty ? PatternKind.measured : kinds {
  for size in sizes.isEmpty ? [64, 1000, 10_000, 100_000] : sizes { try compare(kind, size) }
}
