import Testing
import WeirDecode
import WeirModel

/// What reading a response comes to: the values in text, and why it stopped.
struct Answers: Equatable {
  var values: [String] = []
  var problem: Unjudged?

  init(_ values: [String], problem: Unjudged? = nil) {
    self.values = values
    self.problem = problem
  }

  init(message: [UInt8]) {
    var buffer = NameBuffer()
    var values: [String] = []
    do throws(DecodeError) {
      try DNSMessage.forEachAnswer(in: message.span, &buffer) { answer, name in
        switch answer {
        case .name: values.append(printed(name))
        case .address(let address): values.append("\(address)")
        }
      }
    } catch {
      problem = error.reason
    }
    self.values = values
  }
}

struct DNSAnswerTests {
  /// A record whose owner is the name of the first question.
  static func record(_ type: Int, _ data: [UInt8], class number: Int = 1) -> [UInt8] {
    [0xc0, 12] + big16(type) + big16(number) + [0, 0, 0, 60] + big16(data.count) + data
  }

  static func response(_ records: [[UInt8]], counts: (Int, Int, Int)? = nil) -> [UInt8] {
    let counts = counts ?? (records.count, 0, 0)
    return [0x12, 0x34, 0x81, 0x80, 0, 1] + big16(counts.0) + big16(counts.1) + big16(counts.2)
      + DNSTests.wire("evil.example") + DNSTests.typeAndClass + records.flatMap { $0 }
  }

  static let six: [UInt8] = [0x20, 1, 0xd, 0xb8] + [UInt8](repeating: 0, count: 11) + [9]

  static func service(_ parameters: [(key: Int, value: [UInt8])]) -> [UInt8] {
    [0, 1] + DNSTests.wire("Pool.example")
      + parameters.flatMap { big16($0.key) + big16($0.value.count) + $0.value }
  }

  static let full = response([
    record(5, DNSTests.wire("Alias.example.")), record(1, [192, 0, 2, 1]), record(28, six),
    record(64, service([(1, [2, 0x68, 0x32]), (4, [192, 0, 2, 2, 192, 0, 2, 3]), (6, six)])),
  ])
  static let values = [
    "alias.example", "192.0.2.1", "2001:db8::9", "pool.example", "192.0.2.2", "192.0.2.3",
    "2001:db8::9",
  ]

  @Test func eachValueIsDelivered() {
    #expect(Answers(message: Self.full) == Answers(Self.values))
  }

  @Test func everySectionCounts() {
    let records = (1...3).map { Self.record(1, [192, 0, 2, $0]) }
    let expected = Answers(["192.0.2.1", "192.0.2.2", "192.0.2.3"])
    for counts in [(3, 0, 0), (1, 1, 1), (0, 0, 3), (0, 3, 0)] {
      #expect(Answers(message: Self.response(records, counts: counts)) == expected, "\(counts)")
    }
  }

  @Test func whatIsNotReadIsSkipped() {
    // Text, EDNS with an option, a name server, an address of another class, and a target that is the root.
    let edns: [UInt8] = [0, 0, 41, 4, 0xd0, 0, 0, 0, 0, 0, 6, 0, 10, 0, 2, 1, 2]
    let message = Self.response([
      Self.record(16, [3, 0x61, 0x62, 0x63]), edns, Self.record(2, DNSTests.wire("ns.example")),
      Self.record(1, [192, 0, 2, 9], class: 3), Self.record(65, [0, 1, 0]),
      Self.record(1, [192, 0, 2, 1]),
    ])
    #expect(Answers(message: message) == Answers(["192.0.2.1"]))
  }

  @Test func namesAreReadThroughPointers() {
    let message = Self.response([Self.record(5, [3, 0x77, 0x77, 0x77, 0xc0, 12])])
    #expect(Answers(message: message) == Answers(["www.evil.example"]))
  }

  @Test func aPointerToItselfIsRefused() {
    let start = Self.response([]).count + 12
    let itself = [0xc0 | UInt8(start >> 8), UInt8(start & 255)]
    for data in [itself, [1, 0x61] + itself] {
      let read = Answers(message: Self.response([Self.record(5, data)]))
      #expect(read == Answers([], problem: .contentMalformed))
    }
  }

  @Test func dataThatDoesNotFillItsRecordIsRefused() {
    let cases: [(Int, [UInt8])] = [
      (1, [1, 2, 3]), (1, [1, 2, 3, 4, 5]), (1, []), (28, [1, 2, 3, 4]),
      (5, DNSTests.wire("a.example") + [0]), (5, []), (65, [0, 1]), (65, [0, 1, 0, 0, 4, 0]),
      (65, [0, 1, 0, 0, 4, 0, 3, 1, 2, 3]), (65, [0, 1, 0, 0, 6, 0, 4, 1, 2, 3, 4]),
      (65, [0, 1, 0, 0, 4, 0, 8, 1, 2, 3, 4]),
    ]
    for (type, data) in cases {
      let message = Self.response([Self.record(1, [192, 0, 2, 1]), Self.record(type, data)])
      let read = Answers(message: message)
      #expect(read == Answers(["192.0.2.1"], problem: .contentMalformed), "\(type) \(data)")
    }
  }

  @Test func moreRecordsThanAreReadAreReported() {
    let most = DNSMessage.recordsMax
    for count in [most, most + 1] {
      let records = (0..<count).map { _ in Self.record(1, [192, 0, 2, 1]) }
      let read = Answers(message: Self.response(records))
      #expect(read.values.count == most)
      #expect(read.problem == (count > most ? .contentMalformed : nil))
    }
    let many = Self.response([]).enumerated().map { $0.offset == 4 ? 1 : $0.element }
    #expect(Answers(message: many) == Answers([], problem: .contentMalformed))
  }

  @Test func everyTruncationIsReported() {
    for length in 0..<Self.full.count {
      let read = Answers(message: Array(Self.full.prefix(length)))
      #expect(read.problem == .contentMalformed, "length \(length)")
      #expect(read.values == Array(Self.values.prefix(read.values.count)), "length \(length)")
    }
  }

  @Test func everyBitFlipGivesValuesOrAReason() {
    var changed = 0
    for bit in 0..<Self.full.count * 8 {
      var message = Self.full
      message[bit / 8] ^= 1 << UInt8(bit % 8)
      let read = Answers(message: message)
      #expect(read.values.count <= 64, "bit \(bit)")
      if read != Answers(Self.values) { changed += 1 }
    }
    #expect(changed > 500)
  }

  @Test func randomRecordsNeverTrap() {
    let seed: UInt64 = 9460
    var random = Seeded(seed)
    var values = 0
    for round in 0..<20_000 {
      let types = [1, 5, 28, 64, 65, 41]
      let records = (0..<Int(random.next() % 4)).map { _ in
        let data = (0..<Int(random.next() % 24)).map { _ in
          let bits = random.next()
          return bits & 3 == 0 ? 0xc0 : UInt8(bits >> 8 & 15)
        }
        return Self.record(types[Int(random.next() % 6)], data)
      }
      let read = Answers(message: Self.response(records))
      values += read.values.count
      #expect(read.values.count < 100, "seed \(seed), round \(round)")
    }
    #expect(values > 100)
  }
}
