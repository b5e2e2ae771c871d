import Foundation
import WeirGate
import WeirModel

/// All that a gate delivers and reports.
struct Delivery: Equatable {
  var packets: [Packet] = []
  var reports: [InputReport] = []
  var largestBatch = 0
  var turns = 0

  /// Reads `inputs` to their end.
  ///
  /// Every verdict must be `pass` when it is lent; each is changed then.
  init(_ inputs: [String], filter: PacketFilter? = nil, batch: Int = 256) throws {
    var gate = CaptureGate(inputs: inputs, filter: filter, batch: batch)
    while try take(&gate) { turns += 1 }
    reports = gate.reports
  }

  /// Takes one turn.
  mutating func take<G: Gate & ~Copyable>(_ gate: inout G) throws -> Bool {
    var isFresh = true
    let goesOn = try gate.turn { arena, slots, verdicts in
      largestBatch = max(largestBatch, slots.count)
      isFresh = isFresh && verdicts.count == slots.count
      for index in slots.indices {
        isFresh = isFresh && verdicts[index] == .pass
        verdicts[index] = .block
        packets.append(Packet(slots[index], arena))
      }
    }
    guard isFresh else { throw StaleVerdict() }
    return goesOn
  }

  struct StaleVerdict: Error {}
}

extension Packet {
  init(_ slot: Slot, _ arena: Span<UInt8>) {
    let end = slot.offset + Int(slot.capturedLength)
    self.init(
      bytes: copied(arena.extracting(slot.offset..<end)), wireLength: slot.wireLength,
      nanoseconds: slot.timestamp.nanoseconds, link: slot.link, interface: slot.interface)
  }
}

/// A directory that is removed when the test lets go of it.
final class ScratchDirectory: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "weir-gate-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and returns its path.
  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let file = path + "/" + name
    let directory = URL(fileURLWithPath: file).deletingLastPathComponent()
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }
}

/// How a test hands bytes to the gate.
enum Way: CaseIterable {
  case file, pipe

  /// What a gate makes of `bytes`.
  func deliver(
    _ bytes: [UInt8], batch: Int = 256, filter: PacketFilter? = nil, in scratch: ScratchDirectory
  ) throws -> Delivery {
    switch self {
    case .file:
      return try Delivery([try scratch.write("input", bytes)], filter: filter, batch: batch)
    case .pipe:
      // The writer is a thread of its own, since a pipe holds little.
      let pipe = Pipe()
      let writer = Thread {
        try? pipe.fileHandleForWriting.write(contentsOf: Data(bytes))
        try? pipe.fileHandleForWriting.close()
      }
      writer.start()
      let path = "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)"
      let delivery = try Delivery([path], filter: filter, batch: batch)
      return withExtendedLifetime(pipe) { delivery }
    }
  }
}

/// A seeded generator (SplitMix64).
struct Seeded: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }
}

/// The root of the repository.
let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().path
