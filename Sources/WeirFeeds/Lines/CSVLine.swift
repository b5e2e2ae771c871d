import WeirModel

/// Which columns of a CSV table hold what, from its header.
struct CSVColumns: Sendable {
  fileprivate var separator = UInt8(ascii: ",")
  fileprivate var address: Int?
  fileprivate var port: Int?
  fileprivate var name: Int?
  fileprivate var value: Int?
  fileprivate var type: Int?
  /// A column whose name says what its values are, for tables without addresses and names.
  fileprivate var single: (column: Int, type: ValueType)?
  /// Whether a row was read by it; then no other line is taken for a header.
  fileprivate var hasRows = false

  fileprivate var isUsable: Bool {
    address != nil || name != nil || value != nil && type != nil || single != nil
  }
}

/// One row of a CSV table (RFC 4180) with named columns, as abuse.ch and others publish them.
///
/// The header may be a comment. A column for the value with one for its type is used first, then the first one for
/// URLs or digests, else for addresses or names; an address with a port is an endpoint. Other columns are not read.
enum CSVLine {
  /// Reads a trimmed, non-empty line.
  static func parse(
    _ line: Span<UInt8>, _ context: inout LineContext, into sink: (FeedEntry) -> Void
  ) throws(RejectReason) -> LineResult {
    if context.csv?.hasRows != true, let columns = header(line) {
      context.csv = columns
      return .comment
    }
    if isListComment(line) { return .comment }
    guard let columns = context.csv else { throw .unexpectedColumns }
    let value = try value(of: line, columns)
    context.csv?.hasRows = true
    sink(context.entry(value))
    return .loaded
  }

  private static func value(
    of line: Span<UInt8>, _ columns: CSVColumns
  ) throws(RejectReason) -> IndicatorValue {
    if let value = columns.value, let type = columns.type {
      let kind = try field(type, of: line, columns)
      guard let kind = ValueType(line.extracting(kind)) else { throw .unsupportedKind }
      return try kind.value(of: line.extracting(try field(value, of: line, columns)))
    }
    if let (column, kind) = columns.single {
      return try kind.value(of: line.extracting(try field(column, of: line, columns)))
    }
    if let address = columns.address, address < columns.name ?? .max {
      let text = line.extracting(try field(address, of: line, columns))
      guard let port = columns.port else { return try self.address(text) }
      return try endpoint(text, line.extracting(try field(port, of: line, columns)))
    }
    guard let name = columns.name else { throw .unexpectedColumns }
    return try domain(line.extracting(try field(name, of: line, columns)))
  }

  private static func address(_ text: Span<UInt8>) throws(RejectReason) -> IndicatorValue {
    guard !text.isEmpty else { throw .invalidAddress }
    return try AddressLine.value(of: text)
  }

  private static func endpoint(
    _ address: Span<UInt8>, _ port: Span<UInt8>
  ) throws(RejectReason) -> IndicatorValue {
    guard let address = IPAddress(parsing: address) else { throw .invalidAddress }
    return .endpoint(address, port: try AddressLine.port(port))
  }

  private static func domain(_ text: Span<UInt8>) throws(RejectReason) -> IndicatorValue {
    guard !text.isEmpty else { throw .missingName }
    guard let name = DomainName(parsing: text) else { throw DomainLine.fault(of: text) }
    return .domain(name)
  }

  // MARK: - Header and fields

  /// The columns that a line names; nil when it is no header of a table that is understood.
  static func header(_ line: Span<UInt8>) -> CSVColumns? {
    var start = 0
    while start < line.count, line[start] == UInt8(ascii: "#") { start += 1 }
    let text = line.extracting(line.trimmed(from: start))
    for separator in [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")] {
      var columns = CSVColumns()
      columns.separator = separator
      var number = 0
      while let range = try? field(number, of: text, columns) {
        let name = text.extracting(range)
        // A row whose second column says `domain` is no header.
        if IPAddress(parsing: name) != nil || DomainName(parsing: name) != nil { return nil }
        note(letters(of: name), number, &columns)
        number += 1
      }
      if number > 1, columns.isUsable { return columns }
    }
    return nil
  }

  private static func note(_ name: String, _ number: Int, _ columns: inout CSVColumns) {
    switch name {
    case "ip", "dstip", "ipaddress", "address", "ipv4", "ipv6", "cidr", "network":
      columns.address = columns.address ?? number
    case "dstport", "port": columns.port = columns.port ?? number
    case "domain", "domainname", "host", "hostname", "fqdn": columns.name = columns.name ?? number
    case "ioc", "iocvalue", "indicator", "value": columns.value = columns.value ?? number
    case "url": columns.single = columns.single ?? (number, .url)
    case "ja3md5": columns.single = columns.single ?? (number, .ja3)
    // SSLBL lists certificates by their SHA-1, with the reason beside it.
    case "listingreason":
      if case (let column, .file)? = columns.single { columns.single = (column, .certificate) }
    case "md5hash", "sha1", "sha1hash", "sha256", "sha256hash":
      columns.single = columns.single ?? (number, .file)
    case "ioctype", "indicatortype", "type": columns.type = columns.type ?? number
    default: break
    }
  }

  /// A column's name without marks and in lower case: `Dst_IP` and `dst ip` are the same.
  private static func letters(of text: Span<UInt8>) -> String {
    var letters: [UInt8] = []
    for index in 0..<min(text.count, 32) {
      switch text[index] {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): letters.append(text[index] | 0x20)
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        letters.append(text[index])
      default: break
      }
    }
    return String(decoding: letters, as: UTF8.self)
  }

  /// The field of a number, counted from 0, without blanks and quotes around it.
  private static func field(
    _ number: Int, of line: Span<UInt8>, _ columns: CSVColumns
  ) throws(RejectReason) -> Range<Int> {
    var start = 0
    for _ in 0..<number {
      let end = try fieldEnd(line, from: start, columns.separator)
      guard end < line.count else { throw .unexpectedColumns }
      start = end + 1
    }
    let end = try fieldEnd(line, from: start, columns.separator)
    let part = line.extracting(start..<end)
    let range = part.trimmed()
    let isQuoted = range.count > 1 && part[range.lowerBound] == UInt8(ascii: "\"")
    let inset = isQuoted ? 1 : 0
    return start + range.lowerBound + inset..<start + range.upperBound - inset
  }

  /// Where a field ends: at the next separator outside quotes.
  ///
  /// A quote that is not closed would take in the next line, which no value here does.
  private static func fieldEnd(
    _ line: Span<UInt8>, from start: Int, _ separator: UInt8
  ) throws(RejectReason) -> Int {
    var isInQuotes = false
    for index in start..<line.count {
      if line[index] == UInt8(ascii: "\"") { isInQuotes.toggle() }
      if line[index] == separator, !isInQuotes { return index }
    }
    guard !isInQuotes else { throw .unexpectedColumns }
    return line.count
  }
}
