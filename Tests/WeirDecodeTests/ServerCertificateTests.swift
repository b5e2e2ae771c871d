import Testing
import WeirDecode

struct ServerCertificateTests {
  static func big24(_ value: Int) -> [UInt8] { [UInt8(value >> 16)] + big16(value & 0xffff) }

  static func message(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
    [type] + big24(body.count) + body
  }

  static func chain(_ certificates: [[UInt8]]) -> [UInt8] {
    let list = certificates.flatMap { big24($0.count) + $0 }
    return message(11, big24(list.count) + list)
  }

  static let leaf = (0..<300).map { UInt8($0 * 7 & 255) }
  static let hello = message(2, [3, 3] + [UInt8](repeating: 9, count: 36))
  static let flight = hello + chain([leaf, [1, 2, 3]]) + message(14, [])

  /// The certificate, and where reading ended.
  static func read(_ payload: [UInt8]) -> (found: [UInt8]?, step: ServerCertificate.Step) {
    var found: [UInt8]?
    let step = ServerCertificate.read(payload.span) { bytes in
      found = (0..<bytes.count).map { bytes[$0] }
    }
    return (found, step)
  }

  @Test func theFirstCertificateIsFoundInRecordsOfAnyLength() {
    for length in 1...Self.flight.count {
      let payload = ClientHelloTests.records(Self.flight, length: length)
      #expect(Self.read(payload).found == Self.leaf, "length \(length)")
    }
    let payload = ClientHelloTests.records(Self.flight)
    let begins = ServerCertificate.begins(payload.span)
    #expect(begins)
  }

  @Test func everyTruncationAsksForBytesThatAreMissing() {
    for length in [100, 16_384] {
      let payload = ClientHelloTests.records(Self.flight, length: length)
      for cut in 0..<payload.count {
        let (found, step) = Self.read(Array(payload.prefix(cut)))
        if case .needsMore(let bytes) = step {
          #expect(found == nil && bytes > cut && bytes <= payload.count, "cut at \(cut)")
        } else {
          #expect(found == Self.leaf, "cut at \(cut)")
        }
      }
    }
  }

  @Test func whereThereIsNoneNothingIsFound() {
    let record = ClientHelloTests.records(Self.hello)
    let cases: [[UInt8]] = [
      // Version 1.3: the rest is sealed. A resumed session. Another message. An empty chain. Lengths that lie.
      record + [23, 3, 3, 0, 1, 0], record + [20, 3, 3, 0, 1, 1],
      ClientHelloTests.records(Self.hello + Self.message(12, [1, 2, 3])),
      ClientHelloTests.records(Self.hello + Self.chain([]) + Self.message(14, [])),
      ClientHelloTests.records(Self.hello + Self.message(11, [0, 0, 9, 0, 0, 7, 1])),
    ]
    for (index, payload) in cases.enumerated() {
      let (found, step) = Self.read(payload)
      #expect(found == nil, "case \(index)")
      #expect(step == .finished(end: index < 2 ? record.count : payload.count), "case \(index)")
    }
  }

  @Test func aCertificateThatIsTooLongIsGivenUp() {
    let long = [UInt8](repeating: 5, count: 17_000)
    let payload = ClientHelloTests.records(Self.hello + Self.chain([long]))
    let (found, step) = Self.read(payload)
    #expect(found == nil)
    if case .finished = step {} else { Issue.record("\(step)") }
  }

  @Test func flippedBitsNeverTrap() {
    let payload = ClientHelloTests.records(Self.flight, length: 90)
    var found = 0
    for bit in 0..<payload.count * 8 {
      var flipped = payload
      flipped[bit / 8] ^= 1 << UInt8(bit % 8)
      if Self.read(flipped).found != nil { found += 1 }
    }
    #expect(found > 1000)
  }
}
