import WeirModel

/// What sort of value a record holds: the first byte of its key, and so the order in which indicators are numbered.
enum RecordFamily: UInt8 {
  case v4Host = 0x10
  case v6Host = 0x20
  case block = 0x30
  case endpoint = 0x40
  case domain = 0x50
  case pattern = 0x60
  case url = 0x70
  case ja3 = 0x80
  case ja4 = 0x90
  case certificate = 0xa0
  case file = 0xb0
  case autonomousSystem = 0xc0

  /// The kind that the values count under.
  var kind: IndicatorKind {
    switch self {
    case .v4Host, .v6Host: .ip
    case .block: .cidr
    case .endpoint: .endpoint
    case .domain: .domain
    case .pattern: .pattern
    case .url: .url
    case .ja3: .ja3
    case .ja4: .ja4
    case .certificate: .cert
    case .file: .hash
    case .autonomousSystem: .asn
    }
  }
}

/// Writes values such that the order of the bytes is the order of the values.
struct RecordKey {
  /// The family, then the value.
  private(set) var bytes: [UInt8] = []

  /// Begins anew.
  mutating func begin(_ family: RecordFamily) {
    bytes.removeAll(keepingCapacity: true)
    bytes.append(family.rawValue)
  }

  mutating func append<Number: FixedWidthInteger & UnsignedInteger>(_ number: Number) {
    for shift in stride(from: Number.bitWidth - 8, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: number >> Number(shift)))
    }
  }

  mutating func append(_ address: IPAddress) {
    append(address.family.rawValue)
    append(address.high)
    append(address.low)
  }

  /// By first address, the wider before the narrower.
  mutating func append(_ range: IPRange) {
    append(range.first)
    append(~range.last.high)
    append(~range.last.low)
  }

  /// Bytes that end the key.
  mutating func append(_ text: [UInt8]) { bytes.append(contentsOf: text) }

  /// Bytes that something follows: a shorter text comes before a longer one that it begins.
  mutating func append(terminated text: [UInt8]) {
    for byte in text {
      bytes.append(byte)
      if byte == 0 { bytes.append(0xff) }
    }
    bytes.append(0)
    bytes.append(0)
  }
}

/// Reads what `RecordKey` wrote.
struct RecordKeyReader {
  private let bytes: [UInt8]
  private var offset = 1

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// What sort of value it is.
  var family: RecordFamily? { bytes.first.flatMap(RecordFamily.init) }

  mutating func number<Number: FixedWidthInteger & UnsignedInteger>(
    _ type: Number.Type = Number.self
  ) -> Number {
    var number: Number = 0
    for _ in 0..<Number.bitWidth / 8 {
      number = number << 8 | Number(truncatingIfNeeded: bytes[offset])
      offset += 1
    }
    return number
  }

  mutating func address() -> IPAddress {
    let isV4 = number(UInt8.self) == IPAddress.Family.v4.rawValue
    let (high, low) = (number(UInt64.self), number(UInt64.self))
    return isV4
      ? IPAddress(v4: UInt32(truncatingIfNeeded: low)) : IPAddress(v6High: high, low: low)
  }

  mutating func range() -> IPRange? {
    let first = address()
    let (high, low) = (~number(UInt64.self), ~number(UInt64.self))
    let last =
      first.family == .v4
      ? IPAddress(v4: UInt32(truncatingIfNeeded: low)) : IPAddress(v6High: high, low: low)
    return IPRange(first, last)
  }

  mutating func terminatedText() -> [UInt8] {
    var text: [UInt8] = []
    while offset + 1 < bytes.count {
      let byte = bytes[offset]
      offset += 1
      if byte == 0 {
        offset += 1
        if bytes[offset - 1] == 0 { break }
      }
      text.append(byte)
    }
    return text
  }

  /// What is left.
  mutating func rest() -> [UInt8] {
    defer { offset = bytes.count }
    return Array(bytes[offset...])
  }

  /// Lends what is left.
  func withRest<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(bytes.span.extracting(offset..<bytes.count))
  }
}
