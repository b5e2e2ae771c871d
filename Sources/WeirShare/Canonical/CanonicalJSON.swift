/// A value of the subset of JSON that disclosures are written in.
///
/// Each value has exactly one text: members sorted, no white space, integers only. On this subset the text is that of
/// RFC 8785. The format is told in `Documentation/disclosure-format.md`, section 2.
public indirect enum CanonicalJSON: Hashable, Sendable {
  case object([String: CanonicalJSON])
  case array([CanonicalJSON])
  case string(String)
  case integer(Int64)

  /// The largest integer, by which every reader of JSON agrees with every other.
  public static let integerMax: Int64 = 9_007_199_254_740_991
  /// How deep objects and arrays may lie in each other.
  public static let depthMax = 16

  /// The canonical text.
  ///
  /// - Precondition: strings are printable ASCII and integers within `integerMax`; `Shape` sees to that for what is read,
  ///   and all that Weir writes itself is made of both.
  public var bytes: [UInt8] {
    var text: [UInt8] = []
    append(to: &text)
    return text
  }

  private func append(to text: inout [UInt8]) {
    switch self {
    case .integer(let value):
      precondition(value.magnitude <= UInt64(CanonicalJSON.integerMax))
      text.append(contentsOf: String(value).utf8)
    case .string(let value): CanonicalJSON.append(value, to: &text)
    case .array(let values):
      text.append(UInt8(ascii: "["))
      for (index, value) in values.enumerated() {
        if index > 0 { text.append(UInt8(ascii: ",")) }
        value.append(to: &text)
      }
      text.append(UInt8(ascii: "]"))
    case .object(let members):
      text.append(UInt8(ascii: "{"))
      let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      for (index, member) in sorted.enumerated() {
        if index > 0 { text.append(UInt8(ascii: ",")) }
        CanonicalJSON.append(member.key, to: &text)
        text.append(UInt8(ascii: ":"))
        member.value.append(to: &text)
      }
      text.append(UInt8(ascii: "}"))
    }
  }

  private static func append(_ string: String, to text: inout [UInt8]) {
    text.append(UInt8(ascii: "\""))
    for byte in string.utf8 {
      precondition(isAllowed(byte), "a character that disclosures do not have")
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
        text.append(UInt8(ascii: "\\"))
      }
      text.append(byte)
    }
    text.append(UInt8(ascii: "\""))
  }

  /// Whether a character may stand in a string.
  static func isAllowed(_ byte: UInt8) -> Bool { (0x20...0x7e).contains(byte) }
}

extension CanonicalJSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// A string.
  public init(stringLiteral value: String) { self = .string(value) }
  /// A number.
  public init(integerLiteral value: Int64) { self = .integer(value) }
  /// An array.
  public init(arrayLiteral elements: CanonicalJSON...) { self = .array(elements) }
  /// An object.
  public init(dictionaryLiteral elements: (String, CanonicalJSON)...) {
    self = .object(Dictionary(elements) { first, _ in first })
  }
}

extension CanonicalJSON {
  /// The member of an object.
  public subscript(name: String) -> CanonicalJSON? {
    get {
      guard case .object(let members) = self else { return nil }
      return members[name]
    }
    set {
      guard case .object(var members) = self else { return }
      members[name] = newValue
      self = .object(members)
    }
  }

  /// The text of a string.
  public var string: String? {
    guard case .string(let value) = self else { return nil }
    return value
  }

  /// The value of a number.
  public var integer: Int64? {
    guard case .integer(let value) = self else { return nil }
    return value
  }

  /// The elements of an array.
  public var array: [CanonicalJSON]? {
    guard case .array(let values) = self else { return nil }
    return values
  }
}
