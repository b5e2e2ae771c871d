import Testing
import WeirDecode
import WeirModel

/// What reading a hello comes to.
struct Hello: Equatable {
  var name = ""
  var isComplete = false
  var hasECH = false
  var problem: Unjudged?

  init(name: String = "", isComplete: Bool = true, hasECH: Bool = false, problem: Unjudged? = nil) {
    self.name = name
    self.isComplete = isComplete
    self.hasECH = hasECH
    self.problem = problem
  }

  init(_ payload: [UInt8]) {
    var buffer = NameBuffer()
    do throws(DecodeError) {
      let hello = try ClientHello(parsing: payload.span, &buffer)
      isComplete = hello.isComplete
      hasECH = hello.hasECH
    } catch {
      problem = error.reason
    }
    name = text(buffer)
  }
}

struct ClientHelloTests {
  static func serverName(_ name: String) -> [UInt8] {
    let entry = [0] + big16(name.utf8.count) + Array(name.utf8)
    return big16(0) + big16(entry.count + 2) + big16(entry.count) + entry
  }

  /// The handshake message; `extra` is added to the length of the extensions that it states.
  static func message(_ extensions: [UInt8], extra: Int = 0) -> [UInt8] {
    let body =
      [3, 3] + [UInt8](repeating: 7, count: 32) + [4, 1, 2, 3, 4] + [0, 2, 0x13, 1] + [1, 0]
      + big16(extensions.count + extra) + extensions
    return [1, 0] + big16(body.count) + body
  }

  /// The message cut into records of at most `length` bytes.
  static func records(_ message: [UInt8], length: Int = 16_384) -> [UInt8] {
    stride(from: 0, to: message.count, by: length).flatMap { start in
      let piece = message[start..<min(start + length, message.count)]
      return [22, 3, 1] + big16(piece.count) + piece
    }
  }

  static let padding: [UInt8] = [0, 21, 0, 3, 0, 0, 0]
  static let encrypted: [UInt8] = [0xfe, 0x0d, 0, 1, 0]

  @Test func theNameIsFoundBetweenOtherExtensions() {
    let message = Self.message(Self.padding + Self.serverName("Evil.Example.") + Self.padding)
    #expect(Hello(Self.records(message)) == Hello(name: "evil.example"))
  }

  @Test func aHelloInRecordsOfAnyLengthIsOne() {
    let message = Self.message(Self.padding + Self.serverName("evil.example") + Self.encrypted)
    let whole = Hello(name: "evil.example", hasECH: true)
    for length in 1...message.count {
      #expect(Hello(Self.records(message, length: length)) == whole, "length \(length)")
    }
  }

  @Test func aRecordOfAnotherSortEndsTheHello() {
    let message = Self.message(Self.padding + Self.serverName("evil.example"))
    var payload = Self.records(message, length: 50)
    payload[55] = 23
    #expect(Hello(payload) == Hello(isComplete: false))
  }

  @Test func whatIsTooLongToBeJoinedIsIncomplete() {
    let filler = [0, 21] + big16(5000) + [UInt8](repeating: 0, count: 5000)
    let message = Self.message(filler + Self.serverName("evil.example"))
    #expect(Hello(Self.records(message)) == Hello(name: "evil.example"))
    #expect(Hello(Self.records(message, length: 1000)) == Hello(isComplete: false))
  }

  @Test func everyTruncationIsIncomplete() {
    let extensions = Self.serverName("evil.example") + Self.padding
    for length in [16_384, 40] {
      let payload = Self.records(Self.message(extensions), length: length)
      for cut in 6..<payload.count {
        let hello = Hello(Array(payload.prefix(cut)))
        #expect(!hello.isComplete && hello.problem == nil, "cut at \(cut)")
        #expect(hello.name == "" || hello.name == "evil.example", "cut at \(cut)")
      }
    }
  }

  @Test func contradictingLengthsAreMalformed() {
    let name = Self.serverName("evil.example")
    var nameTooLong = name
    nameTooLong[8] += 1
    var extensionTooLong = name
    extensionTooLong[3] += 1
    let cases: [[UInt8]] = [
      Self.message(name, extra: 1), Self.message(nameTooLong), Self.message(extensionTooLong),
      // Bytes behind the last extension that are too few for another, and a name without a byte.
      Self.message(Self.padding + [0, 0, 0]), Self.message(Self.serverName("")),
      Self.message(Self.serverName(String(repeating: "a", count: 254))),
    ]
    for (index, message) in cases.enumerated() {
      let hello = Hello(Self.records(message))
      #expect(hello.problem == .contentMalformed, "case \(index)")
      #expect(hello.name == "", "case \(index)")
    }
  }

  @Test func aNameBeforeTheFaultStays() {
    let hello = Hello(Self.records(Self.message(Self.serverName("evil.example") + [0, 21, 0, 9])))
    #expect(hello.name == "evil.example")
    #expect(hello.problem == .contentMalformed)
  }

  @Test func theFirstOfTwoNamesCounts() {
    let message = Self.message(Self.serverName("one.example") + Self.serverName("two.example"))
    #expect(Hello(Self.records(message)) == Hello(name: "one.example"))
  }

  @Test func flippedBytesNeverTrap() {
    let seed: UInt64 = 443
    var random = Seeded(seed)
    let good = Self.records(
      Self.message(Self.padding + Self.serverName("evil.example") + Self.encrypted), length: 60)
    var damaged = 0
    for round in 0..<20_000 {
      var payload = good
      for _ in 0...Int(random.next() % 3) {
        let at = 6 + Int(random.next() % UInt64(payload.count - 6))
        payload[at] = UInt8(truncatingIfNeeded: random.next())
      }
      let hello = Hello(payload)
      if hello != Hello(good) { damaged += 1 }
      #expect(hello.name.utf8.count <= 759, "seed \(seed), round \(round)")
    }
    #expect(damaged > 1000)
  }
}
