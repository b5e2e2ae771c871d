import WeirModel

/// A value on a line of a feed.
struct Listed<Value: Comparable & Sendable>: Comparable, Sendable {
  var value: Value
  var membership: UInt32
  var line: UInt32

  init(_ value: Value, _ membership: UInt32, _ line: UInt32) {
    self.value = value
    self.membership = membership
    self.line = line
  }

  static func < (left: Listed, right: Listed) -> Bool {
    if left.value != right.value { return left.value < right.value }
    if left.membership != right.membership { return left.membership < right.membership }
    return left.line < right.line
  }
}

/// An address with a port, in the order of `EndpointSet`.
struct EndpointKey: Comparable, Hashable, Sendable {
  var address: IPAddress
  var port: UInt16

  static func < (left: EndpointKey, right: EndpointKey) -> Bool {
    left.address != right.address ? left.address < right.address : left.port < right.port
  }
}

/// A domain name with its first eight bytes at hand, which settle most comparisons while names are sorted.
struct DomainKey: Comparable, Sendable {
  private let head: UInt64
  let name: DomainName

  init(_ name: DomainName) {
    self.name = name
    // Shorter names are filled with zeros, which no name holds, so that they come before longer ones.
    var head: UInt64 = 0
    for index in 0..<8 {
      head = head << 8 | (index < name.bytes.count ? UInt64(name.bytes[index]) : 0)
    }
    self.head = head
  }

  static func == (left: DomainKey, right: DomainKey) -> Bool {
    left.head == right.head && left.name == right.name
  }

  static func < (left: DomainKey, right: DomainKey) -> Bool {
    left.head != right.head ? left.head < right.head : left.name < right.name
  }
}

/// A pattern under a name.
///
/// The same bytes under two names are two indicators.
struct PatternKey: Comparable, Hashable, Sendable {
  var pattern: BytePattern
  var id: String

  static func < (left: PatternKey, right: PatternKey) -> Bool {
    if left.pattern.bytes != right.pattern.bytes {
      return left.pattern.bytes.lexicographicallyPrecedes(right.pattern.bytes)
    }
    if left.pattern.ignoresCase != right.pattern.ignoresCase { return right.pattern.ignoresCase }
    return left.id < right.id
  }
}

/// Gives distinct values small numbers in the order of their first appearance.
struct Interner<Value: Hashable> {
  private(set) var values: [Value] = []
  private var numbers: [Value: UInt32] = [:]
  private var last: (value: Value, number: UInt32)?

  mutating func number(of value: Value) -> UInt32 {
    // Lines of one feed mostly share their membership.
    if let last, last.value == value { return last.number }
    let number = numbers[value] ?? UInt32(values.count)
    if number == values.count {
      values.append(value)
      numbers[value] = number
    }
    last = (value, number)
    return number
  }
}
