import Foundation
import Testing
import WeirGate
import WeirModel

/// Several inputs, directories, missing ones.
struct InputTests {
  private let scratch: ScratchDirectory
  private let packets = Packet.samples(9)
  private let capture: [UInt8]

  init() throws {
    scratch = try ScratchDirectory()
    capture = PcapVariant.microseconds.file(Packet.samples(9), isBig: false).bytes
  }

  @Test func whatCannotBeReadDoesNotKeepOthersFromBeingRead() throws {
    let good = try scratch.write("good", capture)
    let cut = try scratch.write("cut", Array(capture.dropLast()))
    let text = try scratch.write("text", Array("hello, world".utf8))
    let empty = try scratch.write("empty", [])
    let inputs = [scratch.path + "/none", cut, text, empty, good + "/below", good]
    let delivery = try Delivery(inputs)
    #expect(delivery.packets == packets.dropLast() + packets)
    #expect(delivery.reports.map(\.path) == inputs)
    let kinds = delivery.reports.map { $0.error?.kind }
    #expect(kinds == [.missing, .damaged, .notACapture, .empty, .missing, nil])
    #expect(delivery.reports.map(\.complete) == [false, false, false, false, false, true])
    #expect(delivery.reports[0].error?.reason == "open: No such file or directory")
  }

  @Test func directoriesAreReadInTheOrderOfTheirPaths() throws {
    let gzipped = Packing.gzip.pack(capture)
    for name in ["d/b.pcap", "d/a/z", "d/a/y", "d/B.gz", "d/note.txt", "d/empty"] {
      let content = name == "d/note.txt" ? Array("note".utf8) : name == "d/empty" ? [] : capture
      _ = try scratch.write(name, name == "d/B.gz" ? gzipped : content)
    }
    let delivery = try Delivery([scratch.path + "/d"])
    let names = delivery.reports.map { $0.path.dropFirst(scratch.path.utf8.count) }
    #expect(names == ["/d/B.gz", "/d/a/y", "/d/a/z", "/d/b.pcap", "/d/empty", "/d/note.txt"])
    let kinds = delivery.reports.map(\.kind)
    #expect(kinds == ["pcap.gz", "pcap", "pcap", "pcap", "skipped", "skipped"])
    #expect(delivery.reports.allSatisfy { $0.complete && $0.error == nil })
    #expect(delivery.packets == packets + packets + packets + packets)
  }

  @Test func aDamagedCaptureInADirectoryIsNotSkipped() throws {
    for length in [4, 23, 30] { _ = try scratch.write("d/\(length)", Array(capture[..<length])) }
    let delivery = try Delivery([scratch.path + "/d"])
    #expect(delivery.reports.map { $0.error?.kind } == [.damaged, .damaged, .damaged])
  }

  @Test func aDirectoryWithoutCapturesIsReported() throws {
    _ = try scratch.write("d/e/note.txt", Array("note".utf8))
    let delivery = try Delivery([scratch.path + "/d"])
    #expect(delivery.reports.map(\.kind) == ["skipped", "directory"])
    #expect(delivery.reports.last?.error?.kind == .notACapture)
    #expect(delivery.reports.last?.complete == false)
  }

  @Test func linksThatGoInCirclesEnd() throws {
    let path = try scratch.write("d/a.pcap", capture)
    let manager = FileManager.default
    try manager.createSymbolicLink(
      atPath: scratch.path + "/d/round", withDestinationPath: scratch.path + "/d")
    try manager.createSymbolicLink(atPath: scratch.path + "/d/other", withDestinationPath: path)
    try manager.createSymbolicLink(
      atPath: scratch.path + "/d/broken", withDestinationPath: "/nonexistent/file")
    let delivery = try Delivery([scratch.path + "/d"])
    #expect(delivery.packets == packets + packets)
    #expect(delivery.reports.filter { $0.error != nil }.map { $0.error?.kind } == [.missing])
  }

  @Test func noInputsAreTheEndAtOnce() throws {
    let delivery = try Delivery([])
    #expect(delivery.turns == 0)
    #expect(delivery.reports.isEmpty)
  }

  @Test func progressGoesFromNothingToAll() throws {
    let large = Packet.samples(2000)
    let plain = PcapVariant.microseconds.file(large, isBig: false).bytes
    let first = try scratch.write("1", plain)
    let second = try scratch.write("2", Packing.zstd.pack(plain))
    var gate = CaptureGate(inputs: [first, second], filter: nil)
    var delivery = try Delivery([])
    var seen: [Int] = []
    repeat {
      let now = gate.progress
      let progress = try #require(now)
      #expect(progress.done <= progress.total)
      #expect(progress.total == plain.count + Packing.zstd.pack(plain).count)
      seen.append(progress.done)
    } while try delivery.take(&gate)
    #expect(seen.first == 0)
    #expect(seen == seen.sorted())
    let last = gate.progress
    #expect(last?.done == last?.total)
  }

  @Test func aPipeHasNoKnownLength() throws {
    let pipe = Pipe()
    let path = "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)"
    for input in [path, "-"] {
      let progress = CaptureGate(inputs: [input], filter: nil).progress
      #expect(progress == nil)
    }
  }

  @Test func aPipeThatPausesGivesEmptyBatches() throws {
    let pipe = Pipe()
    let path = "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)"
    var gate = CaptureGate(inputs: [path], filter: nil)
    var delivery = try Delivery([])
    // The last byte of the third packet is held back.
    let ends = PcapVariant.microseconds.file(packets, isBig: false).ends
    try pipe.fileHandleForWriting.write(contentsOf: Data(capture[..<(ends[3] - 1)]))
    for _ in 0..<3 {
      let goesOn = try delivery.take(&gate)
      #expect(goesOn)
    }
    #expect(delivery.packets == Array(packets.prefix(2)))
    try pipe.fileHandleForWriting.write(contentsOf: Data(capture[(ends[3] - 1)...]))
    try pipe.fileHandleForWriting.close()
    while try delivery.take(&gate) {}
    #expect(delivery.packets == packets)
    let report = gate.reports.first
    #expect(report?.complete == true)
  }
}
