/// Why a text is no canonical JSON.
public struct CanonicalFault: Error, Equatable, Sendable, CustomStringConvertible {
  /// The byte at which it shows, counted from 0.
  public let offset: Int
  /// What is wrong.
  public let description: String
}

extension CanonicalJSON {
  /// Reads a canonical text; every other spelling of the same value is refused.
  ///
  /// - Complexity: linear in the text; the depth is bounded by `depthMax`.
  public init(canonical bytes: [UInt8]) throws(CanonicalFault) {
    var reader = CanonicalReader(bytes)
    self = try reader.value(depth: 0)
    try reader.expectEnd()
  }
}

/// Takes a text apart, character by character.
private struct CanonicalReader {
  private let bytes: [UInt8]
  private var next = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  private func fault(_ words: String) -> CanonicalFault {
    CanonicalFault(offset: next, description: words)
  }

  private var current: UInt8? { next < bytes.count ? bytes[next] : nil }

  private mutating func take(_ character: UInt8) -> Bool {
    guard current == character else { return false }
    next += 1
    return true
  }

  mutating func expectEnd() throws(CanonicalFault) {
    guard next == bytes.count else { throw fault("text behind the value") }
  }

  mutating func value(depth: Int) throws(CanonicalFault) -> CanonicalJSON {
    guard depth < CanonicalJSON.depthMax else { throw fault("nested too deep") }
    switch current {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case .some(let byte) where byte == UInt8(ascii: "-") || (48...57).contains(byte):
      return .integer(try integer())
    default: throw fault("no object, array, string or integer")
    }
  }

  private mutating func object(depth: Int) throws(CanonicalFault) -> CanonicalJSON {
    next += 1
    var members: [String: CanonicalJSON] = [:]
    if take(UInt8(ascii: "}")) { return .object(members) }
    var last: String?
    while true {
      let name = try string()
      if let last, !last.utf8.lexicographicallyPrecedes(name.utf8) {
        throw fault("members are not in order, or one comes twice")
      }
      last = name
      guard take(UInt8(ascii: ":")) else { throw fault("no colon behind a name") }
      members[name] = try value(depth: depth + 1)
      if take(UInt8(ascii: "}")) { return .object(members) }
      guard take(UInt8(ascii: ",")) else { throw fault("no comma between members") }
    }
  }

  private mutating func array(depth: Int) throws(CanonicalFault) -> CanonicalJSON {
    next += 1
    var values: [CanonicalJSON] = []
    if take(UInt8(ascii: "]")) { return .array(values) }
    while true {
      values.append(try value(depth: depth + 1))
      if take(UInt8(ascii: "]")) { return .array(values) }
      guard take(UInt8(ascii: ",")) else { throw fault("no comma between elements") }
    }
  }

  private mutating func string() throws(CanonicalFault) -> String {
    guard take(UInt8(ascii: "\"")) else { throw fault("no string") }
    var text: [UInt8] = []
    while let byte = current {
      next += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard let escaped = current, escaped == UInt8(ascii: "\"") || escaped == UInt8(ascii: "\\")
        else { throw fault("an escape that is not needed") }
        next += 1
        text.append(escaped)
      default:
        guard CanonicalJSON.isAllowed(byte) else { throw fault("a character that is not allowed") }
        text.append(byte)
      }
    }
    throw fault("a string without an end")
  }

  private mutating func integer() throws(CanonicalFault) -> Int64 {
    let start = next
    _ = take(UInt8(ascii: "-"))
    while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { next += 1 }
    let text = String(decoding: bytes[start..<next], as: UTF8.self)
    guard let value = Int64(text), String(value) == text,
      value.magnitude <= UInt64(CanonicalJSON.integerMax)
    else { throw fault("an integer that is not canonical or too large") }
    return value
  }
}
