import Testing
import WeirDecode
import WeirModel

/// The header at a place of a datagram.
private func header(_ datagram: [UInt8], at start: Int = 0) -> QUICPacket? {
  QUICPacket(datagram.span, at: start)
}

private struct NoOpener: Error {}

private func makeOpener() throws -> QUICOpener {
  guard let opener = QUICOpener() else { throw NoOpener() }
  return opener
}

struct QUICPacketTests {
  @Test func theHeadersOfBothVersionsAreRead() throws {
    for bytes in [QUICVectors.version1, QUICVectors.version2] {
      let packet = try #require(header(bytes))
      let begins = QUICPacket.begins(bytes.span)
      #expect(begins)
      #expect(packet.kind == .initial)
      #expect(packet.destinationID == 6..<14)
      #expect(packet.numberStart == 18)
      #expect(packet.end == 1200)
    }
  }

  @Test func theSortsOfPacketsHaveOtherBitsInVersion2() throws {
    let one: [QUICPacket.Kind] = [.initial, .zeroRTT, .handshake, .retry]
    let two: [QUICPacket.Kind] = [.retry, .initial, .zeroRTT, .handshake]
    for bits in 0..<4 {
      for (version, kinds) in [(QUICVectors.version1, one), (QUICVectors.version2, two)] {
        var bytes = version
        bytes[0] = 0xc0 | UInt8(bits) << 4
        #expect(header(bytes)?.kind == kinds[bits], "bits \(bits)")
      }
    }
  }

  @Test func anotherVersionAndAShortHeaderAreNotRead() {
    for (at, byte) in [(0, 0x40), (1, 0x7f), (4, 0x09), (5, 21), (14, 21)] as [(Int, UInt8)] {
      var bytes = QUICVectors.version1
      bytes[at] = byte
      #expect(header(bytes) == nil, "byte \(at)")
    }
    let negotiation: [UInt8] = [0xc0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    #expect(header(negotiation) == nil)
    #expect(header(QUICVectors.version1, at: 1200) == nil)
  }

  @Test func everyTruncationIsNoPacket() {
    for length in 0..<QUICVectors.version1.count {
      let cut = Array(QUICVectors.version1.prefix(length))
      #expect(header(cut) == nil, "length \(length)")
    }
  }
}

struct QUICOpenerTests {
  private func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// The frames of a packet; nil when it does not open.
  static func opened(_ packet: [UInt8], _ opener: inout QUICOpener) -> [UInt8]? {
    guard let found = header(packet) else { return nil }
    let keys = QUICInitialKeys(
      found.version, destinationID: packet.span.extracting(found.destinationID))
    guard
      opener.open(
        packet.span.extracting(0..<found.end), numberStart: found.numberStart, keys)
    else { return nil }
    return opener.withPlaintext { frames in (0..<frames.count).map { frames[$0] } }
  }

  /// RFC 9001, appendix A.1, and RFC 9369, appendix A.1.
  @Test func keysAreThoseOfTheStandards() throws {
    let expected = [
      (
        UInt32(1), "1f369613dd76d5467730efcbe3b1a22d", "fa044b2f42a3fd3b46fb255c",
        "9f50449e04a0e810283a1e9933adedd2"
      ),
      (
        0x6b33_43cf, "8b1a0bc121284290a29e0971b5cd045d", "91f73e2351d8fa91660e909f",
        "45b95e15235d6f45a6b19cbcb0294ba9"
      ),
    ]
    let identifier = QUICVectors.bytes("8394c8f03e515708")
    for (number, key, iv, protection) in expected {
      let version = try #require(QUICVersion(number))
      let keys = QUICInitialKeys(version, destinationID: identifier.span)
      #expect(hexadecimal(keys.key.indices.map { keys.key[$0] }) == key)
      #expect(hexadecimal(keys.iv.indices.map { keys.iv[$0] }) == iv)
      let header = keys.headerProtection
      #expect(hexadecimal(header.indices.map { header[$0] }) == protection)
    }
  }

  @Test func thePacketsOfTheStandardsOpen() throws {
    var opener = try makeOpener()
    let padding = [UInt8](repeating: 0, count: 1162 - QUICVectors.frames.count)
    for packet in [QUICVectors.version1, QUICVectors.version2] {
      #expect(Self.opened(packet, &opener) == QUICVectors.frames + padding)
    }
  }

  @Test func aPacketWithAnyByteChangedDoesNotOpen() throws {
    var opener = try makeOpener()
    for index in 0..<1200 {
      var packet = QUICVectors.version1
      packet[index] ^= 0x11
      #expect(Self.opened(packet, &opener) == nil, "byte \(index)")
      let count = opener.withPlaintext { $0.count }
      #expect(count == 0)
    }
    #expect(Self.opened(QUICVectors.version1, &opener) != nil)
  }

  @Test func whatIsTooShortToBeSampledDoesNotOpen() throws {
    var opener = try makeOpener()
    let whole = QUICVectors.version1
    let found = try #require(header(whole))
    let keys = QUICInitialKeys(
      found.version, destinationID: whole.span.extracting(found.destinationID))
    for length in 0..<80 {
      let cut = Array(whole.prefix(length))
      let isOpen = opener.open(cut.span, numberStart: 18, keys)
      #expect(!isOpen, "length \(length)")
    }
  }
}

struct QUICFrameTests {
  /// Pieces as `offset:count`, and why reading stopped.
  private func pieces(_ frames: [UInt8]) -> (found: [String], problem: Unjudged?) {
    var found: [String] = []
    do throws(DecodeError) {
      try QUICFrames.forEachCrypto(in: frames.span) { found.append("\($0):\($1.count)") }
    } catch {
      return (found, error.reason)
    }
    return (found, nil)
  }

  static let frames: [UInt8] =
    [1, 0, 0, 6, 0x40, 0x50, 3, 7, 7, 7]  // ping, padding, three bytes at 80
    + [2, 9, 1, 1, 0, 4, 2]  // an acknowledgment with one more range
    + [3, 9, 1, 0, 0, 1, 2, 3]  // one with the counts of ECN
    + [6, 0, 2, 1, 2]  // two bytes at 0
    + [0x1c, 0, 6, 2, 0x68, 0x69]  // the end, with a reason

  @Test func piecesAreFoundBetweenOtherFrames() {
    let read = pieces(Self.frames)
    #expect(read.found == ["80:3", "0:2"])
    #expect(read.problem == nil)
  }

  @Test func framesThatMayNotStandThereAreMalformed() {
    for type: UInt8 in [4, 5, 7, 8, 0x18, 0x1d, 0x1e, 0xff] {
      let read = pieces([6, 0, 1, 9, type, 0, 0, 0, 0, 0])
      #expect(read.found == ["0:1"])
      #expect(read.problem == .contentMalformed)
    }
  }

  @Test func everyTruncationGivesThePiecesBeforeIt() {
    // Where frames end; padding ends anywhere.
    let ends: Set<Int> = [0, 1, 2, 3, 10, 17, 25, 30, 36]
    #expect(Self.frames.count == 36)
    for length in 0...36 {
      let read = pieces(Array(Self.frames.prefix(length)))
      #expect((read.problem == nil) == ends.contains(length), "length \(length)")
      #expect(read.found.count == (length < 10 ? 0 : length < 30 ? 1 : 2), "length \(length)")
    }
  }

  @Test func randomFramesNeverTrap() {
    let seed: UInt64 = 9000
    var random = Seeded(seed)
    var total = 0
    for round in 0..<20_000 {
      let frames = (0..<Int(random.next() % 60)).map { _ in
        let bits = random.next()
        return bits & 3 == 0 ? 6 : bits & 3 == 1 ? UInt8(bits >> 8 & 7) : UInt8(bits >> 8 & 255)
      }
      let read = pieces(frames)
      total += read.found.count
      #expect(read.found.count <= 20, "seed \(seed), round \(round)")
    }
    #expect(total > 500)
  }
}

struct CryptoAssemblyTests {
  private func content(_ assembly: borrowing CryptoAssembly) -> [UInt8] {
    assembly.withMessage { message in (0..<message.count).map { message[$0] } }
  }

  /// Against bytes that are put into their places one by one.
  @Test func piecesInAnyOrderMakeTheMessage() {
    let seed: UInt64 = 6
    var random = Seeded(seed)
    for round in 0..<300 {
      let length = 4 + Int(random.next() % 1900)
      let message =
        [1, 0] + big16(length - 4) + (0..<length - 4).map { _ in UInt8(random.next() & 255) }
      var assembly = CryptoAssembly()
      var present = [Bool](repeating: false, count: length)
      while present.contains(false) {
        let start = Int(random.next() % UInt64(length))
        let end = min(length, start + Int(random.next() % 400))
        // What comes again is not what came first, and does not count.
        let piece = (start..<end).map { present[$0] ? ~message[$0] : message[$0] }
        let fits = assembly.add(piece.span, at: start)
        #expect(fits)
        for index in start..<end { present[index] = true }
        let contiguous = present.firstIndex(of: false) ?? length
        #expect(assembly.contiguous == contiguous, "seed \(seed), round \(round)")
        #expect(assembly.isComplete == (contiguous == length), "seed \(seed), round \(round)")
        let known = contiguous < 4 ? 0 : contiguous
        #expect(content(assembly) == Array(message.prefix(known)), "seed \(seed), round \(round)")
      }
      #expect(assembly.messageLength == length)
    }
  }

  @Test func whatIsTooLongIsRefused() {
    var assembly = CryptoAssembly()
    let cases: [(count: Int, offset: Int, fits: Bool)] = [
      (CryptoAssembly.bytesMax + 1, 0, false), (1, CryptoAssembly.bytesMax, false),
      (1, .max, false), (CryptoAssembly.bytesMax, 0, true),
    ]
    for (count, offset, fits) in cases {
      #expect(assembly.contiguous == 0)
      let piece = [UInt8](repeating: 1, count: count)
      let found = assembly.add(piece.span, at: offset)
      #expect(found == fits, "\(count) at \(offset)")
    }
    #expect(assembly.contiguous == CryptoAssembly.bytesMax)
    assembly.clear()
    #expect(assembly.contiguous == 0 && assembly.messageLength == nil)
  }
}
