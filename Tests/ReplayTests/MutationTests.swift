import Foundation
import Testing

/// Damaged copies of the fixture captures, many a process: the program ends by itself, in time, whatever it reads.
@Suite struct MutationTests {
  /// Few enough that a failing batch is quickly searched, enough that starting the program does not count.
  private static let batchSize = 250

  /// How many mutations there are; `WEIR_MUTATIONS` raises it.
  private static let total =
    ProcessInfo.processInfo.environment["WEIR_MUTATIONS"].flatMap { Int($0) } ?? 1_000

  private static let seed: UInt64 = 0x5EED_0E2E

  @Test func noMutationEndsTheProgramOrHoldsItUp() async throws {
    let originals = try MutationTests.originals()
    #expect(originals.count > 30)
    let batches = (MutationTests.total + MutationTests.batchSize - 1) / MutationTests.batchSize
    // Two at a time, since the program itself runs with one thread.
    let packets = try await withThrowingTaskGroup(of: Int.self) { group in
      for lane in 0..<2 {
        group.addTask {
          try stride(from: lane, to: batches, by: 2).reduce(0) {
            try $0 + MutationTests.run(batch: $1, originals)
          }
        }
      }
      return try await group.reduce(0, +)
    }
    print("\(batches * MutationTests.batchSize) mutations, \(packets) packets read of them")
    #expect(packets > MutationTests.total)
  }

  /// Replays one batch; gives the packets read.
  private static func run(batch: Int, _ originals: [(name: String, bytes: [UInt8])]) throws -> Int {
    let folder = try TemporaryFolder()
    var random = SplitMix(seed: seed &+ UInt64(batch))
    var paths: [String] = []
    for number in 0..<batchSize {
      let original = originals[Int(random.next() % UInt64(originals.count))]
      var bytes = original.bytes
      Mutation.apply(to: &bytes, &random)
      paths.append(try folder.write(bytes, to: "\(number)-\(original.name)"))
    }
    let run = try WeirProgram.replay(
      ["-q", "-j", "1"] + paths + WeirProgram.feeds + [
        "--events", folder["events"], "--observables", folder["observables"],
        "-w", folder["matched"],
      ], seconds: 60)
    let place = "seed \(seed), batch \(batch)"
    #expect(!run.wasSignaled, "\(place): signal \(run.status) \(run.complaints)")
    #expect([0, 65].contains(run.status), "\(place): status \(run.status) \(run.complaints)")
    guard !run.wasSignaled, let summary = try? run.summary() else { return 0 }
    #expect(summary.inputs.count == batchSize, "\(place)")
    let isWhole = summary.inputs.allSatisfy(\.complete)
    #expect(isWhole == (run.status == 0), "\(place)")
    return summary.packets.read
  }

  /// Every capture that is there, damaged ones included.
  private static func originals() throws -> [(name: String, bytes: [UInt8])] {
    try ["captures", "reject"].flatMap { folder in
      try FileManager.default.contentsOfDirectory(atPath: "\(WeirProgram.fixtures)/\(folder)")
        .filter { !$0.hasSuffix(".tsv") }.sorted().map { name in
          let url = URL(filePath: "\(WeirProgram.fixtures)/\(folder)/\(name)")
          return (name, [UInt8](try Data(contentsOf: url)))
        }
    }.filter { !$0.bytes.isEmpty }
  }
}

/// One to four kinds of damage.
private enum Mutation {
  /// Values that lengths and counts go wrong at.
  private static let edges: [UInt32] = [
    0, 1, 7, 12, 0x7F, 0xFF, 0xFFFF, 0x1_0000, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFC, 0xFFFF_FFFF,
  ]

  static func apply(to bytes: inout [UInt8], _ random: inout SplitMix) {
    for _ in 0...random.next() % 4 where !bytes.isEmpty {
      let at = Int(random.next() % UInt64(bytes.count))
      switch random.next() % 6 {
      case 0, 1:
        bytes[at] ^= 1 << UInt8(random.next() % 8)
      case 2:
        bytes[at] = UInt8(truncatingIfNeeded: random.next())
      case 3:
        bytes.removeSubrange(at...)
      case 4:
        let value = edges[Int(random.next() % UInt64(edges.count))]
        for place in 0..<min(4, bytes.count - at) {
          bytes[at + place] = UInt8(truncatingIfNeeded: value >> UInt32(8 * place))
        }
      default:
        let end = min(bytes.count, at + Int(random.next() % 64))
        let copy = Array(bytes[at..<end])
        bytes.insert(contentsOf: copy, at: Int(random.next() % UInt64(bytes.count)))
      }
    }
  }
}

/// A small seeded generator (splitmix64), so that a failure can be made again.
struct SplitMix {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
