import WeirModel

/// A warning list of MISP: values that are no threats, and how they are to be compared.
///
/// How they are compared often stands behind the values, so that these are kept until the end, up to `bytesMax`.
/// In a list of host names `.name` is all that is below the name too, and `name` that name alone. Lists
/// of parts of texts and of regular expressions cannot be expressed.
struct WarninglistForm: Sendable {
  static let names: [StaticText] = ["type", "list"]
  private static let (type, list) = (0, 1)
  /// The most bytes of values.
  static let bytesMax = 64 << 20

  private enum Comparison { case unknown, addresses, whole, other }

  private var comparison = Comparison.unknown
  /// The values, one behind the other.
  private(set) var bytes: [UInt8] = []
  private var ends: [Int] = []
  private var lines: [Int] = []

  /// How many values there are.
  var count: Int { ends.count }

  /// Whether the innermost list is the list of values.
  func takes(_ records: JSONRecords) -> Bool {
    records.depth == 2 && records.levels[1].name == WarninglistForm.list
  }

  /// Looks at the members of the outermost object for how the values are compared.
  mutating func note(_ records: JSONRecords) {
    guard records.depth == 1, records[WarninglistForm.type] != nil else { return }
    let wholes: [StaticText] = ["string", "hostname"]
    if records.isMember(WarninglistForm.type, "cidr") {
      comparison = .addresses
    } else if wholes.contains(where: { records.isMember(WarninglistForm.type, $0) }) {
      comparison = .whole
    } else {
      comparison = .other
    }
  }

  /// Keeps a value; one beyond the limit is kept as an empty one, and so rejected.
  mutating func add(_ text: Span<UInt8>, line: Int) {
    if bytes.count + text.count <= WarninglistForm.bytesMax {
      for index in 0..<text.count { bytes.append(text[index]) }
    }
    ends.append(bytes.count)
    lines.append(line)
  }

  /// The line of a value.
  func line(_ number: Int) -> Int { lines[number] }

  /// Where a value stands in `bytes`.
  func range(_ number: Int) -> Range<Int> {
    (number == 0 ? 0 : ends[number - 1])..<ends[number]
  }

  /// The entry of a value.
  func entry(_ number: Int, _ context: LineContext) throws(RejectReason) -> FeedEntry {
    let text = bytes.span.extracting(range(number))
    guard !text.isEmpty else { throw .lineTooLong }
    switch comparison {
    case .unknown, .other: throw .unsupportedRule
    case .addresses: return context.entry(try ValueType.prefix.value(of: text))
    case .whole:
      if IPAddress(parsing: text) != nil || text.contains(UInt8(ascii: "/")) {
        if let url = WebURL(parsing: text) { return context.entry(.url(url)) }
        return context.entry(try ValueType.prefix.value(of: text))
      }
      if let digest = Digest(parsing: text) { return context.entry(.file(digest)) }
      let isAbove = text[0] == UInt8(ascii: ".")
      let name = text.extracting((isAbove ? 1 : 0)..<text.count)
      return context.entry(
        try ValueType.domain.value(of: name), scope: isAbove ? .subdomains : .exact)
    }
  }

  /// Forgets the values.
  mutating func removeAll() { self = WarninglistForm() }
}
