import Testing

@testable import BenchCapture

@Suite struct CaptureTests {
  @Test func theSameSeedGivesTheSameBytesEverywhere() throws {
    let lists = SmallLists.make()
    let capture = try TemporaryCapture(TemporaryCapture.options(.imix), lists)
    let again = try TemporaryCapture(TemporaryCapture.options(.imix), lists)
    #expect(capture.bytes == again.bytes && capture.truth == again.truth)
    #expect(TemporaryCapture.hash(capture.bytes) == 9_235_565_375_342_404_307)
    let frames = try TemporaryCapture(TemporaryCapture.options(.frames100), lists)
    #expect(TemporaryCapture.hash(frames.bytes) == 7_684_283_990_037_296_603)
    let other = try TemporaryCapture(TemporaryCapture.options(.imix, seed: 2), lists)
    #expect(other.bytes != capture.bytes)
  }

  @Test(arguments: TrafficMix.allCases) func everyChecksumHolds(mix: TrafficMix) throws {
    let capture = try TemporaryCapture(TemporaryCapture.options(mix), SmallLists.make())
    let packets = SlowParser.packets(capture.bytes)
    #expect(packets.count == 1_200)
    let wrong = packets.filter { !$0.areChecksumsRight }.count
    #expect(wrong == 0)
  }

  @Test func aChangedByteBreaksAChecksum() throws {
    let capture = try TemporaryCapture(TemporaryCapture.options(.frames100), SmallLists.make())
    var bytes = capture.bytes
    bytes[24 + 16 + 60] ^= 1
    #expect(SlowParser.packets(bytes)[0].areChecksumsRight == false)
  }

  @Test func timesNeverGoBack() throws {
    for nanoseconds in [false, true] {
      var options = TemporaryCapture.options(.imix)
      options.nanoseconds = nanoseconds
      let capture = try TemporaryCapture(options, IndicatorLists())
      let times = SlowParser.packets(capture.bytes).map(\.time)
      let isOrdered = zip(times, times.dropFirst()).allSatisfy { $0 <= $1 }
      #expect(isOrdered)
      #expect(SlowParser.little(capture.bytes, 0) == (nanoseconds ? 0xA1B2_3C4D : 0xA1B2_C3D4))
      let largest = times.map(\.1).max() ?? 0
      #expect((largest > 1_000_000) == nanoseconds)
    }
  }

  @Test func sequenceNumbersFollowTheBytesSent() throws {
    let capture = try TemporaryCapture(TemporaryCapture.options(.web), IndicatorLists())
    var next: [String: UInt32] = [:]
    var checked = 0
    for packet in SlowParser.packets(capture.bytes) where packet.transport == 6 {
      let key =
        "\(packet.source) \(packet.sourcePort) \(packet.destination) \(packet.destinationPort)"
      if let expected = next[key], !packet.isOpening {
        #expect(packet.sequence == expected)
        checked += 1
      }
      let isBare = packet.payload.isEmpty && !packet.isOpening
      // A bare segment may be a FIN, which takes a number; nothing but its answer follows.
      next[key] =
        isBare ? nil : packet.sequence &+ UInt32(packet.payload.count) &+ (packet.isOpening ? 1 : 0)
    }
    #expect(checked > 200)
  }

  @Test func everyHelloHas517Bytes() {
    var maker = ContentMaker(random: SeededGenerator(seed: 3))
    for name in ["a.de", "www.example.com", String(repeating: "abcdefg.", count: 24) + "com"] {
      #expect(NamedMessages.clientHello(name, &maker).count == 517)
    }
  }

  @Test func listsThatCoverEverythingAreRefused() {
    let everything = AddressPrefix(family: .ipv4, address: 0, length: 0)
    #expect(throws: CaptureError.listsCoverTooMuch("addresses")) {
      try CaptureGenerator(
        options: TemporaryCapture.options(.imix), lists: IndicatorLists(prefixes: [everything]))
    }
  }

  @Test func aFileThatCannotBeWrittenIsNamed() throws {
    let generator = try CaptureGenerator(
      options: TemporaryCapture.options(.dns), lists: IndicatorLists())
    #expect(throws: CaptureError.cannotWrite(path: "/nowhere/x.pcap", errno: 2)) {
      try generator.write(to: "/nowhere/x.pcap")
    }
  }
}
