import WeirModel

/// A pattern of STIX 2.1 (part 9), as far as single values can express it.
///
/// Comparisons with `=`, `IN` and, for addresses, `ISSUBSET`, joined by `OR`, within one observation or several that are
/// joined by `OR`. Each of these values says by itself that the pattern holds. What asks for two things at once (`AND`, `FOLLOWEDBY`,
/// a time or a number of repetitions) is rejected as a whole, and so is a comparison with another operator or path.
struct STIXPattern {
  /// What the pattern asks for, in its order.
  private(set) var values: [IndicatorValue] = []
  /// Why a comparison is not used, one for each.
  private(set) var faults: [RejectReason] = []

  private var tokens: STIXTokens

  /// Reads a pattern.
  ///
  /// - Throws: the reason when none of it can be used.
  init(parsing text: Span<UInt8>) throws(RejectReason) {
    tokens = STIXTokens(text)
    var isFirst = true
    while tokens.kind != .end {
      if !isFirst {
        guard tokens.isWord("OR") else { throw .unsupportedRule }
        try tokens.advance(text)
      }
      isFirst = false
      try readObservation(text)
    }
    guard !isFirst else { throw .invalidPattern }
  }

  /// `[comparison OR comparison …]`.
  private mutating func readObservation(_ text: Span<UInt8>) throws(RejectReason) {
    try expect(UInt8(ascii: "["), text)
    let (valuesBefore, faultsBefore) = (values.count, faults.count)
    var asksForTwo = false
    while true {
      try readComparison(text)
      if tokens.isMark(UInt8(ascii: "]")) { break }
      if tokens.isWord("AND") {
        asksForTwo = true
      } else if !tokens.isWord("OR") {
        throw .unsupportedRule
      }
      try tokens.advance(text)
    }
    try tokens.advance(text)
    guard asksForTwo else { return }
    values.removeLast(values.count - valuesBefore)
    faults.removeLast(faults.count - faultsBefore)
    faults.append(.unsupportedRule)
  }

  /// `type:path operator literal`.
  private mutating func readComparison(_ text: Span<UInt8>) throws(RejectReason) {
    guard tokens.kind == .word else { throw .unsupportedRule }
    let path = tokens.range
    try tokens.advance(text)
    let isSubset = tokens.isWord("ISSUBSET")
    let isSet = tokens.isWord("IN")
    let isKnown = isSubset || isSet || tokens.isMark(UInt8(ascii: "="))
    if !isKnown,
      tokens.isMark(UInt8(ascii: "!")) || tokens.isMark(UInt8(ascii: "<"))
        || tokens.isMark(UInt8(ascii: ">"))
    {
      try tokens.advance(text)
      if tokens.isMark(UInt8(ascii: "=")) { try tokens.advance(text) }
    } else {
      // `NOT` stands before the operator.
      if tokens.isWord("NOT") { try tokens.advance(text) }
      try tokens.advance(text)
    }
    let type = STIXPattern.type(text.extracting(path), isSubset: isSubset)
    let isUsable = isKnown && type != nil
    if tokens.isMark(UInt8(ascii: "(")) {
      try tokens.advance(text)
      while true {
        try takeLiteral(text, isUsable ? type : nil, isKnown: isKnown)
        if tokens.isMark(UInt8(ascii: ")")) { break }
        try expect(UInt8(ascii: ","), text)
      }
      try tokens.advance(text)
    } else {
      try takeLiteral(text, isUsable ? type : nil, isKnown: isKnown)
    }
  }

  private mutating func takeLiteral(
    _ text: Span<UInt8>, _ type: ValueType?, isKnown: Bool
  ) throws(RejectReason) {
    guard tokens.kind == .string || tokens.kind == .word else { throw .invalidPattern }
    do throws(RejectReason) {
      guard isKnown else { throw .unsupportedRule }
      guard let type else { throw .unsupportedKind }
      values.append(try type.value(of: tokens.literal.span))
    } catch {
      faults.append(error)
    }
    try tokens.advance(text)
  }

  private mutating func expect(_ mark: UInt8, _ text: Span<UInt8>) throws(RejectReason) {
    guard tokens.isMark(mark) else { throw .unsupportedRule }
    try tokens.advance(text)
  }

  /// What the values at a path are; nil for one that Weir has no use for.
  private static func type(_ path: Span<UInt8>, isSubset: Bool) -> ValueType? {
    guard let colon = path.firstIndex(of: UInt8(ascii: ":"), from: 0) else { return nil }
    let object = path.extracting(0..<colon)
    let property = path.extracting(colon + 1..<path.count)
    let isValue = property.equalsIgnoringCase("value")
    if object.equalsIgnoringCase("ipv4-addr") || object.equalsIgnoringCase("ipv6-addr") {
      return isValue ? .prefix : nil
    }
    if isSubset { return nil }
    if object.equalsIgnoringCase("domain-name") { return isValue ? .domain : nil }
    if object.equalsIgnoringCase("url") { return isValue ? .url : nil }
    if object.equalsIgnoringCase("autonomous-system") {
      return property.equalsIgnoringCase("number") ? .autonomousSystem : nil
    }
    guard isDigest(property) else { return nil }
    if object.equalsIgnoringCase("file") || object.equalsIgnoringCase("artifact") { return .file }
    return object.equalsIgnoringCase("x509-certificate") ? .certificate : nil
  }

  /// `hashes.MD5`, `hashes.'SHA-256'` and the like; the digest's length tells the algorithm.
  private static func isDigest(_ property: Span<UInt8>) -> Bool {
    guard property.count > 7, property.extracting(0..<7).equalsIgnoringCase("hashes.") else {
      return false
    }
    var letters: [UInt8] = []
    for index in 7..<property.count {
      switch property[index] {
      case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "-"): break
      default: letters.append(asciiLowercased(property[index]))
      }
    }
    let names: [StaticText] = ["md5", "sha1", "sha256", "sha512"]
    return names.contains { $0.bytes == letters }
  }
}

/// The tokens of a pattern, one at a time.
private struct STIXTokens {
  enum Kind { case word, string, mark, end }

  private(set) var kind = Kind.end
  /// Where the token stands.
  private(set) var range = 0..<0
  /// The text of a string or a word.
  private(set) var literal: [UInt8] = []
  private var mark: UInt8 = 0
  private var next = 0

  init(_ text: Span<UInt8>) {
    // A pattern whose first token is broken ends at once, and is then refused as empty.
    try? advance(text)
  }

  func isMark(_ byte: UInt8) -> Bool { kind == .mark && mark == byte }

  func isWord(_ word: StaticText) -> Bool { kind == .word && literal == word.bytes }

  mutating func advance(_ text: Span<UInt8>) throws(RejectReason) {
    while next < text.count, text[next] <= 0x20 { next += 1 }
    literal.removeAll(keepingCapacity: true)
    guard next < text.count else {
      (kind, range) = (.end, next..<next)
      return
    }
    let start = next
    if text[next] == UInt8(ascii: "'") {
      kind = .string
      try readString(text)
    } else if STIXTokens.isInWord(text[next]) {
      kind = .word
      try readWord(text)
    } else {
      (kind, mark) = (.mark, text[next])
      next += 1
    }
    range = start..<next
  }

  /// Letters, digits and the marks of paths; quoted parts of a path belong to it.
  private mutating func readWord(_ text: Span<UInt8>) throws(RejectReason) {
    while next < text.count, STIXTokens.isInWord(text[next]) || text[next] == UInt8(ascii: "'") {
      if text[next] == UInt8(ascii: "'") {
        guard text[next - 1] == UInt8(ascii: ".") else { break }
        try readString(text)
      } else {
        literal.append(text[next])
        next += 1
      }
    }
    // A list of a path, as in `body_multipart[*]`.
    if next + 2 < text.count, text[next] == UInt8(ascii: "["), literal.contains(UInt8(ascii: ":")) {
      guard let close = text.firstIndex(of: UInt8(ascii: "]"), from: next) else {
        throw .invalidPattern
      }
      next = close + 1
      literal.append(UInt8(ascii: "["))
      try readWord(text)
    }
  }

  /// Reads up to the closing quote; `\` makes a quote and itself plain.
  private mutating func readString(_ text: Span<UInt8>) throws(RejectReason) {
    next += 1
    while next < text.count, text[next] != UInt8(ascii: "'") {
      if text[next] == UInt8(ascii: "\\"), next + 1 < text.count { next += 1 }
      literal.append(text[next])
      next += 1
    }
    guard next < text.count else { throw .invalidPattern }
    next += 1
  }

  private static func isInWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
      UInt8(ascii: "."), UInt8(ascii: ":"):
      true
    default: false
    }
  }
}
