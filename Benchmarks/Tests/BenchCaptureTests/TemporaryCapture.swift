@testable import BenchCapture
import Foundation

/// A capture made for a test, its truth, and its bytes; the file is gone.
struct TemporaryCapture {
  let truth: Truth
  let bytes: [UInt8]

  init(_ options: CaptureOptions, _ lists: IndicatorLists) throws {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("weir-bench-test-\(UUID().uuidString).pcap")
    defer { try? FileManager.default.removeItem(at: file) }
    truth = try CaptureGenerator(options: options, lists: lists).write(to: file.path)
    bytes = [UInt8](try Data(contentsOf: file))
  }

  /// Small enough to be counted by brute force, with every kind of session in it.
  static func options(_ mix: TrafficMix, seed: UInt64 = 1) -> CaptureOptions {
    var options = CaptureOptions()
    options.mix = mix
    options.seed = seed
    options.packets = 1_200
    options.threatRate = 0.4
    options.clients = 50
    options.servers = 100
    options.names = 40
    options.variants = 2
    options.used = 20
    options.packetsPerSecond = 20_000
    return options
  }

  /// FNV-1a with 64 bits.
  static func hash(_ bytes: [UInt8]) -> UInt64 {
    bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}

/// Lists with entries inside entries, a name below a name, and a pattern inside a pattern.
enum SmallLists {
  static func make() -> IndicatorLists {
    var options = CaptureOptions()
    options.generatedAddresses = 40
    options.generatedAddresses6 = 10
    options.generatedDomains = 30
    options.generatedPatterns = 12
    var maker = IndicatorMaker(seed: 9)
    var lists = maker.lists(options)
    lists.prefixes += lists.prefixes.filter { $0.family == .ipv4 }.prefix(10).map {
      AddressPrefix(family: .ipv4, address: $0.first, length: 22)
    }
    lists.prefixes.append(lists.prefixes[0])
    lists.domains.append("www." + lists.domains[3])
    lists.patterns.append(
      BytePattern(identifier: "run", bytes: Array("eeeeeeee".utf8), ignoresCase: true))
    lists.patterns.append(
      BytePattern(identifier: "shorter", bytes: Array("eeeee".utf8), ignoresCase: false))
    return lists
  }
}
