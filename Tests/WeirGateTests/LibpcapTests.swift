import Foundation
import Testing
import WeirGate
import WeirModel

/// Captures that others made, read by the gate and by libpcap's own reader.
struct LibpcapTests {
  /// The files below a folder of captures that are no tables or notes.
  private static func files(_ folder: String) -> [String] {
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return names.sorted().map { folder + "/" + $0 }.filter { path in
      let attributes = try? FileManager.default.attributesOfItem(atPath: path)
      return attributes?[.type] as? FileAttributeType == .typeRegular
    }
  }

  @Test func theFixturesReadAsLibpcapReadsThem() throws {
    let compared = try compare(Self.files(repository + "/Fixtures/captures"))
    #expect(compared > 20)
  }

  @Test func theCorpusReadsAsLibpcapReadsIt() throws {
    let corpus = repository + "/../shared/corpus/pcap"
    let files = Self.files(corpus)
    guard !files.isEmpty else {
      print("no corpus beside the repository: the comparison with libpcap is skipped")
      return
    }
    #expect(try compare(files) > files.count / 2)
  }

  /// The packets that tshark counted in each file.
  @Test func theCorpusHasAsManyPacketsAsItsTruthSays() throws {
    let files = Self.files(repository + "/../shared/corpus/pcap")
    let truth = repository + "/../shared/corpus/truth/pcap/"
    for file in files {
      let name = file.components(separatedBy: "/corpus/").last ?? file
      let path = truth + name.replacingOccurrences(of: "/", with: "__") + ".json"
      let counted = try JSONDecoder().decode(
        Truth.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
      let report = try #require(try Delivery([file]).reports.first)
      // Snoop is a format of its own, which is not read.
      if file.hasSuffix(".snoop") {
        #expect(report.error?.kind == .notACapture)
        continue
      }
      #expect(report.packets == counted.packets, "\(file)")
      #expect(report.complete == (counted.tsharkExit == 0), "\(file): \(report)")
    }
    if files.isEmpty { print("no corpus beside the repository: its truth is not compared") }
  }

  private struct Truth: Decodable {
    var packets: Int
    var tsharkExit: Int

    enum CodingKeys: String, CodingKey {
      case packets
      case tsharkExit = "tshark_exit"
    }
  }

  /// Compares every file that both can read; returns how many.
  private func compare(_ files: [String]) throws -> Int {
    var compared = 0
    for file in files {
      let theirs = LibpcapReading(file)
      let delivery = try Delivery([file])
      let report = try #require(delivery.reports.first)
      #expect(report.complete == (report.error == nil))
      guard report.kind == "pcap" || report.kind == "pcapng" else { continue }
      let ours = delivery.packets
      let both = min(ours.count, theirs.packets.count)
      let differing = (0..<both).first { !isSame(ours[$0], theirs.packets[$0], theirs) }
      #expect(differing == nil, "\(file): packet \(differing ?? 0)")
      guard theirs.fault == nil && report.complete else {
        note(file, ours.count, theirs, report)
        continue
      }
      #expect(ours.count == theirs.packets.count, "\(file)")
      compared += 1
    }
    return compared
  }

  /// libpcap cuts packets at the snapshot length of the file's header, takes both fields of pcap's times as signed
  /// (which shows in 2038 and in damaged files) and leaves lengths on the wire below what was captured.
  private func isSame(_ ours: Packet, _ theirs: Packet, _ reading: LibpcapReading) -> Bool {
    let wrap: Int64 = 1 << 32
    let seconds: [Int64] = [0, wrap * 1_000_000_000]
    let fractions: [Int64] = [0, wrap * 1000, wrap]
    let isSameTime = seconds.contains { second in
      fractions.contains { second + $0 == ours.nanoseconds &- theirs.nanoseconds }
    }
    let isSameWire =
      ours.wireLength == max(theirs.wireLength, UInt32(ours.bytes.count))
    let isSameBytes =
      ours.bytes == theirs.bytes
      || theirs.bytes.count == reading.snapshotLength && ours.bytes.starts(with: theirs.bytes)
    return isSameTime && isSameWire && isSameBytes
  }

  private func note(_ file: String, _ count: Int, _ theirs: LibpcapReading, _ report: InputReport) {
    let name = file.split(separator: "/").suffix(2).joined(separator: "/")
    let our = report.error.map { "\($0)" } ?? "whole"
    let their = theirs.fault ?? "whole"
    print("\(name): \(count) packets, \(our); libpcap \(theirs.packets.count), \(their)")
  }
}
