import WeirModel

/// One line of a list of addresses: `address`, `prefix`, `first-last` or `address:port`, then columns that
/// are not read (a score, a note) or a comment.
enum AddressLine {
  /// The value that a trimmed, non-empty line begins with.
  static func value(of line: Span<UInt8>) throws(RejectReason) -> IndicatorValue {
    let token = AddressToken(line)
    let text = line.extracting(0..<token.end)
    if token.dash >= 0 { return try range(text, token, line) }
    if token.slash >= 0 { return IndicatorValue(try prefix(text, slash: token.slash)) }
    if token.end > 0, text[0] == UInt8(ascii: "[") { return try bracketed(text) }
    if token.colons == 1 { return try endpoint(text, colon: token.colon) }
    guard let address = IPAddress(parsing: text) else { throw .invalidAddress }
    guard token.end < line.count else { return .address(address) }
    return try columns(behind: address, line, from: token.end)
  }

  /// Whether a byte ends a column.
  static func endsColumn(_ byte: UInt8) -> Bool { AddressToken.ends(at: byte) }

  /// `address/length` or `address/netmask`; bits behind the length are cleared, as other tools do.
  private static func prefix(
    _ text: Span<UInt8>, slash: Int
  ) throws(RejectReason) -> IPPrefix {
    guard let address = IPAddress(parsing: text.extracting(0..<slash)) else {
      throw .invalidAddress
    }
    let behind = text.extracting(slash + 1..<text.count)
    if let length = decimal(behind, digitsMax: 3) {
      guard length <= address.family.bits else { throw .prefixLength }
      return IPPrefix(address, length: length)
    }
    // A netmask is ones, then zeros.
    guard address.family == .v4, let mask = IPAddress(parsing: behind), mask.family == .v4,
      ~mask.v4Bits & (~mask.v4Bits &+ 1) == 0
    else { throw .prefixLength }
    return IPPrefix(address, length: mask.v4Bits.nonzeroBitCount)
  }

  /// `first-last`, also with blanks around the dash.
  private static func range(
    _ text: Span<UInt8>, _ token: AddressToken, _ line: Span<UInt8>
  ) throws(RejectReason) -> IndicatorValue {
    guard let first = IPAddress(parsing: text.extracting(0..<token.dash)) else {
      throw .invalidAddress
    }
    if token.dash + 1 < token.end {
      return try range(first, to: text.extracting(token.dash + 1..<token.end))
    }
    return try range(first, to: line.extracting(nextToken(line, from: token.end)))
  }

  private static func range(
    _ first: IPAddress, to text: Span<UInt8>
  ) throws(RejectReason) -> IndicatorValue {
    guard let last = IPAddress(parsing: text) else { throw .invalidAddress }
    guard first.family == last.family else { throw .rangeFamilies }
    guard let range = IPRange(first, last) else { throw .rangeReversed }
    return IndicatorValue(range)
  }

  /// `[address]:port`, or `[address]` alone.
  private static func bracketed(_ text: Span<UInt8>) throws(RejectReason) -> IndicatorValue {
    guard let close = text.firstIndex(of: UInt8(ascii: "]"), from: 1),
      let address = IPAddress(parsing: text.extracting(1..<close)), address.family == .v6
    else { throw .invalidAddress }
    if close + 1 == text.count { return .address(address) }
    guard text[close + 1] == UInt8(ascii: ":") else { throw .invalidAddress }
    return .endpoint(address, port: try port(text.extracting(close + 2..<text.count)))
  }

  private static func endpoint(
    _ text: Span<UInt8>, colon: Int
  ) throws(RejectReason) -> IndicatorValue {
    guard let address = IPAddress(parsing: text.extracting(0..<colon)), address.family == .v4
    else { throw .invalidAddress }
    return .endpoint(address, port: try port(text.extracting(colon + 1..<text.count)))
  }

  /// A number from 1 to 65535.
  static func port(_ text: Span<UInt8>) throws(RejectReason) -> UInt16 {
    guard let number = decimal(text, digitsMax: 5), let port = UInt16(exactly: number), port > 0
    else { throw .invalidPort }
    return port
  }

  /// What the text behind an address makes of it: a range with blanks around the dash, a line of another
  /// format, or columns that are not read.
  private static func columns(
    behind address: IPAddress, _ line: Span<UInt8>, from end: Int
  ) throws(RejectReason) -> IndicatorValue {
    if line.isEmptyOrComment(from: end) { return .address(address) }
    let next = line.skippingBlanks(from: end)
    if line[next] == UInt8(ascii: "-") {
      let last = line.extracting(nextToken(line, from: next + 1))
      return IPAddress(parsing: last) == nil ? .address(address) : try range(address, to: last)
    }
    let column = line.extracting(nextToken(line, from: end))
    // Most columns are scores: two bytes at most, which no address has but `::`.
    if column.count > 2, IPAddress(parsing: column) != nil { throw .twoAddresses }
    if HostsLine.isSink(address) { throw .hostsLine }
    return .address(address)
  }

  /// The next column behind `start`.
  private static func nextToken(_ line: Span<UInt8>, from start: Int) -> Range<Int> {
    var first = start
    while first < line.count, isBlank(line[first]) || line[first] == UInt8(ascii: ",") {
      first += 1
    }
    var last = first
    while last < line.count, !AddressToken.ends(at: line[last]) { last += 1 }
    return first..<last
  }
}

/// Where the first column of a line ends, and the marks in it that tell what it is.
private struct AddressToken {
  private(set) var end = 0
  /// The first `-`, `/` and `:`, or -1.
  private(set) var dash = -1
  private(set) var slash = -1
  private(set) var colon = -1
  private(set) var colons = 0

  init(_ line: Span<UInt8>) {
    while end < line.count {
      let byte = line[end]
      // Digits, letters and the dot say nothing.
      if byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") || byte == UInt8(ascii: ".") {
        end += 1
        continue
      }
      if AddressToken.ends(at: byte) { return }
      note(byte)
      end += 1
    }
  }

  private mutating func note(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "-"): if dash < 0 { dash = end }
    case UInt8(ascii: "/"): if slash < 0 { slash = end }
    case UInt8(ascii: ":"):
      if colon < 0 { colon = end }
      colons += 1
    default: break
    }
  }

  /// Whether a byte ends a column.
  static func ends(at byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: ","), UInt8(ascii: ";"),
      UInt8(ascii: "#"):
      true
    default: false
    }
  }
}

/// A number of 1 to `digitsMax` decimal digits that fills the text, or nil.
private func decimal(_ text: Span<UInt8>, digitsMax: Int) -> Int? {
  guard !text.isEmpty, text.count <= digitsMax else { return nil }
  var value = 0
  for index in 0..<text.count {
    guard let digit = hexadecimalDigit(text[index]), digit < 10 else { return nil }
    value = value * 10 + Int(digit)
  }
  return value
}
