/// What a value must look like: the part of JSON Schema that the formats use, every object closed.
indirect enum Shape: Sendable {
  /// A string that a test takes; the words say what it is.
  case text(String, @Sendable (String) -> Bool)
  /// One of these strings.
  case word([String])
  /// An integer in a range.
  case integer(ClosedRange<Int64>)
  /// An array.
  case list(Shape, min: Int, max: Int, unique: Bool)
  /// An object with exactly these members; those in `optional` may be missing.
  case object([String: Shape], optional: Set<String>)

  static func object(_ members: [String: Shape]) -> Shape { .object(members, optional: []) }

  /// Where a value differs, and how; nil when it does not.
  func fault(_ value: CanonicalJSON, at path: String = "") -> String? {
    let place = path.isEmpty ? "the document" : path
    switch (self, value) {
    case (.text(let words, let takes), .string(let text)):
      return takes(text) ? nil : "\(place) is no \(words)"
    case (.word(let words), .string(let text)):
      return words.contains(text) ? nil : "\(place) is not one of \(words.joined(separator: ", "))"
    case (.integer(let range), .integer(let number)):
      return range.contains(number)
        ? nil : "\(place) is not within \(range.lowerBound) to \(range.upperBound)"
    case (.list(let element, let min, let max, let unique), .array(let values)):
      guard (min...max).contains(values.count) else {
        return "\(place) has \(values.count) elements"
      }
      if unique, Set(values).count < values.count { return "\(place) holds something twice" }
      for (index, value) in values.enumerated() {
        if let fault = element.fault(value, at: "\(path)[\(index)]") { return fault }
      }
      return nil
    case (.object(let shapes, let optional), .object(let members)):
      return fault(members, shapes, optional, at: path, place: place)
    default: return "\(place) has another type"
    }
  }

  private func fault(
    _ members: [String: CanonicalJSON], _ shapes: [String: Shape], _ optional: Set<String>,
    at path: String, place: String
  ) -> String? {
    for name in members.keys.sorted() where shapes[name] == nil {
      return "\(place) has a member \"\(name)\" that the format does not have"
    }
    for name in shapes.keys.sorted() {
      guard let value = members[name] else {
        if optional.contains(name) { continue }
        return "\(place) has no \"\(name)\""
      }
      let inner = path.isEmpty ? name : "\(path).\(name)"
      if let fault = shapes[name]?.fault(value, at: inner) { return fault }
    }
    return nil
  }
}

extension Shape {
  static let count = Shape.integer(0...999_999_999)
  static let hash = Shape.text("SHA-256 in hexadecimal") { hexadecimal($0, digits: 64) }
  static let salt = Shape.text("16 bytes in hexadecimal") { hexadecimal($0, digits: 32) }
  static let time = Shape.text("time in UTC") { UTCTime($0) != nil }
  static let hour = Shape.text("full hour in UTC") {
    ($0.hasSuffix(":00:00Z")) && UTCTime($0) != nil
  }
  static let name = Shape.text("name of a-z, 0-9 and dashes") { isName($0) }
  static let freeText = Shape.text("text of at most 500 characters") { $0.utf8.count <= 500 }
  static let legalText = Shape.text("text of 20 to 500 characters") {
    (20...500).contains($0.utf8.count)
  }
  static let rational = Shape.object([
    "num": .integer(1...1_000_000), "den": .integer(1...1_000_000),
  ])
  static let uuid = Shape.text("UUID of version 5") { isUUID($0) }
  static let tlp = Shape.word(["clear", "green", "amber", "amber+strict", "red"])
  static let stream = Shape.word(ReleaseStream.allCases.map(\.rawValue))
  static let region = Shape.word([
    "001", "002", "015", "202", "019", "419", "021", "009", "053", "142", "143", "030", "034",
    "035", "145", "150", "151", "154", "039", "155",
  ])
  static let category = Shape.word(ShareCategory.allCases.map(\.rawValue))
  static let identifier = Shape.text("key thumbprint") { text in
    text.utf8.count == 43 && text.utf8.allSatisfy { isLetterOrDigit($0) || $0 == 45 || $0 == 95 }
  }
  static let release = Shape.text("release id") {
    $0.hasPrefix("wr1-") && hexadecimal(String($0.dropFirst(4)), digits: 32)
  }

  static func constant(_ text: String) -> Shape { .word([text]) }

  static func hexadecimal(_ text: String, digits: Int) -> Bool {
    text.utf8.count == digits
      && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }

  static func isName(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return (1...63).contains(bytes.count) && bytes[0] != 45
      && bytes.allSatisfy { (48...57).contains($0) || (97...122).contains($0) || $0 == 45 }
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
  }

  private static func isUUID(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 5,
      zip(parts, [8, 4, 4, 4, 12]).allSatisfy({ hexadecimal($0, digits: $1) })
    else { return false }
    return parts[2].hasPrefix("5") && "89ab".contains(parts[3].prefix(1))
  }
}
