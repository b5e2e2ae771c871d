import Testing
import WeirDecode
import WeirModel

/// What reading a message comes to: the names, and why it stopped.
struct Questions: Equatable {
  var names: [String] = []
  var problem: Unjudged?

  init(_ names: [String], problem: Unjudged? = nil) {
    self.names = names
    self.problem = problem
  }

  init(message: [UInt8]) {
    var buffer = NameBuffer()
    var names: [String] = []
    do throws(DecodeError) {
      try DNSMessage.forEachQuestion(in: message.span, &buffer) { names.append(printed($0)) }
    } catch {
      problem = error.reason
    }
    self.names = names
  }
}

struct DNSTests {
  static let typeAndClass: [UInt8] = [0, 1, 0, 1]

  static func header(questions: Int, flags: Int = 0x0100) -> [UInt8] {
    [0x12, 0x34] + big16(flags) + big16(questions) + [0, 0, 0, 0, 0, 0]
  }

  static func wire(_ name: String) -> [UInt8] {
    name.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
  }

  static func query(_ name: String) -> [UInt8] {
    header(questions: 1) + wire(name) + typeAndClass
  }

  @Test func eachQuestionGivesItsName() {
    let message =
      Self.header(questions: 2) + Self.wire("Evil.example") + Self.typeAndClass + [0]
      + Self.typeAndClass
    #expect(Questions(message: message) == Questions(["evil.example", "."]))
  }

  @Test func moreQuestionsThanAreReadAreReported() {
    let question = Self.wire("a.example") + Self.typeAndClass
    for count in [DNSMessage.questionsMax, DNSMessage.questionsMax + 1] {
      let message =
        Self.header(questions: count) + (0..<count).flatMap { _ in question }
      let read = Questions(message: message)
      #expect(read.names.count == DNSMessage.questionsMax)
      #expect(read.problem == (count > DNSMessage.questionsMax ? .contentMalformed : nil))
    }
  }

  /// A chain of pointers in the header's free bytes cannot be had, so the links stand in front of the last question.
  @Test(arguments: [1, DNSMessage.pointersMax, DNSMessage.pointersMax + 1])
  func pointersAreFollowedUpToALimit(_ pointers: Int) {
    // The first name is a label whose bytes are pointers, each to the one before it.
    let first = 12
    var label: [UInt8] = [1, 0x7a, 0]
    for index in 1..<max(pointers, 2) {
      let target = index == 1 ? first + 1 : first + 1 + 3 + (index - 2) * 2
      label += [0xc0 | UInt8(target >> 8), UInt8(target & 255)]
    }
    let last = pointers == 1 ? first + 1 : first + 1 + 3 + (pointers - 2) * 2
    let message =
      Self.header(questions: 2) + [UInt8(label.count)] + label + [0] + Self.typeAndClass
      + [0xc0 | UInt8(last >> 8), UInt8(last & 255)] + Self.typeAndClass
    let read = Questions(message: message)
    if pointers <= DNSMessage.pointersMax {
      #expect(read.names.last == "z")
      #expect(read.problem == nil)
    } else {
      #expect(read.names.count == 1)
      #expect(read.problem == .contentMalformed)
    }
  }

  @Test func aPointerForwardIsRefused() {
    let message =
      Self.header(questions: 1) + [0xc0, 18] + Self.typeAndClass + Self.wire("evil.example")
    #expect(Questions(message: message) == Questions([], problem: .contentMalformed))
  }

  @Test func reservedLabelSortsAreRefused() {
    for sort: UInt8 in [0x40, 0x80] {
      let message = Self.header(questions: 1) + [sort | 1, 0x61, 0] + Self.typeAndClass
      #expect(Questions(message: message) == Questions([], problem: .contentMalformed))
    }
  }

  @Test func namesOfAnyBytesAreRead() {
    let message = Self.header(questions: 1) + [3, 0xff, 0x2e, 0x00, 0] + Self.typeAndClass
    #expect(Questions(message: message) == Questions([#"\255\.\000"#]))
  }

  @Test func onlyPlainQueriesAreKnownWithoutTheirPort() {
    for flags in [0x0000, 0x0100, 0x0120, 0x0130] {
      let message = Self.header(questions: 1, flags: flags) + Self.wire("a") + Self.typeAndClass
      let isQuery = DNSMessage.isPlainQuery(message.span)
      #expect(isQuery, "flags \(flags)")
    }
    // A response, another sort of query, truncated, with a code; two questions; answers; too short.
    var others = [0x8100, 0x0900, 0x0300, 0x0103].map {
      Self.header(questions: 1, flags: $0) + Self.wire("a") + Self.typeAndClass
    }
    others.append(Self.header(questions: 2) + Self.wire("a") + Self.typeAndClass)
    others.append([0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 0, 0] + Self.wire("a") + Self.typeAndClass)
    others.append(Self.header(questions: 1) + [0, 0, 1, 0])
    for message in others {
      let isQuery = DNSMessage.isPlainQuery(message.span)
      #expect(!isQuery, "\(message)")
    }
  }

  @Test func everyTruncationIsReported() {
    let message = Self.query("www.evil.example")
    for length in 0..<message.count {
      let read = Questions(message: Array(message.prefix(length)))
      #expect(read == Questions([], problem: .contentMalformed), "length \(length)")
    }
  }

  @Test func randomBytesNeverTrap() {
    let seed: UInt64 = 53
    var random = Seeded(seed)
    var names = 0
    for round in 0..<20_000 {
      var message = Self.header(questions: 1 + round % 5)
      for _ in 0..<Int(random.next() % 60) {
        // Small lengths and pointers are more telling than other bytes.
        let bits = random.next()
        message.append(bits & 3 == 0 ? 0xc0 : UInt8(bits >> 8 & 31))
      }
      let read = Questions(message: message)
      names += read.names.count
      #expect(read.names.count <= DNSMessage.questionsMax, "seed \(seed), round \(round)")
    }
    #expect(names > 0)
  }
}
