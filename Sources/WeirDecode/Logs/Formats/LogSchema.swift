import WeirModel

/// How the lines of one log are read: a format and, where a head names them, its columns.
public struct LogSchema: Sendable {
  /// The format.
  public let format: LogFormat
  /// What the columns mean, up to the last one that means something.
  private var columns: [FieldMeaning] = []
  private var separator = UInt8(ascii: "\t")

  /// How many lines are looked at to tell a format.
  private static let sampleLines = 24

  /// Reads lines as free text.
  public init() { format = .text }

  /// Takes the format that is named, or else the one that most of the first lines have.
  ///
  /// - Parameter start: the beginning of the log.
  public init(_ named: LogFormat?, start text: Span<UInt8>) {
    let found = named ?? LogDetector.format(text, sampleLines: LogSchema.sampleLines)
    format = found
    if found == .zeek { readZeekHead(text) }
    if found == .csv { readHead(LogSchema.firstLine(text), text) }
  }

  /// Finds the fields of a line.
  ///
  /// - Parameter line: without its line feed.
  /// - Complexity: O(bytes), without allocation.
  @inline(__always)
  public func read(_ text: Span<UInt8>, _ line: Range<Int>, into fields: inout LogFields) {
    fields.removeAll()
    switch format {
    case .text: break
    case .access: AccessLine.read(text, line, &fields)
    case .json: JSONLine.read(text, line, &fields)
    case .zeek, .csv: readColumns(text, line, &fields)
    case .keyvalue: KeyValueLine.read(text, line, &fields)
    case .syslog: SyslogLine.read(text, line, &fields)
    case .dnsmasq: DNSLine.readDnsmasq(text, line, &fields)
    case .unbound: DNSLine.readUnbound(text, line, &fields)
    case .bind: DNSLine.readBIND(text, line, &fields)
    case .powerdns: DNSLine.readPowerDNS(text, line, &fields)
    case .haproxy: ProxyLine.readHAProxy(text, line, &fields)
    case .squid: ProxyLine.readSquid(text, line, &fields)
    }
  }

  private func readColumns(
    _ text: Span<UInt8>, _ line: Range<Int>, _ fields: inout LogFields
  ) {
    guard !line.isEmpty, text[line.lowerBound] != UInt8(ascii: "#") else { return }
    if format == .zeek { return readTabs(text, line, &fields) }
    var start = line.lowerBound
    for meaning in columns {
      let end = columnEnd(text, start..<line.upperBound)
      if meaning != .nothing {
        fields.add(LineText.unquoted(text, start..<end), meaning)
      }
      guard end < line.upperBound else { return }
      start = end + 1
    }
  }

  /// Columns without quotes, eight bytes at a time.
  private func readTabs(_ text: Span<UInt8>, _ line: Range<Int>, _ fields: inout LogFields) {
    let (ones, lowBits) = (UInt64(0x0101_0101_0101_0101), UInt64(0x7f7f_7f7f_7f7f_7f7f))
    var (column, start, at) = (0, line.lowerBound, line.lowerBound)
    while at < line.upperBound, column < columns.count {
      var found: UInt64 = 0
      if at + 8 <= line.upperBound {
        let word = text.bigEndian64(at: at) ^ (ones &* UInt64(separator))
        found = ~(((word & lowBits) &+ lowBits) | word | lowBits)
      } else {
        for place in at..<line.upperBound where text[place] == separator {
          found |= 1 << UInt64(63 - 8 * (place - at))
        }
      }
      while found != 0, column < columns.count {
        let bits = found.leadingZeroBitCount
        let end = at + (bits >> 3)
        fields.add(start..<end, columns[column])
        (column, start) = (column + 1, end + 1)
        found &= ~(1 << UInt64(63 - bits))
      }
      at += 8
    }
    if column < columns.count, start < line.upperBound {
      fields.add(start..<line.upperBound, columns[column])
    }
  }

  @inline(__always)
  private func columnEnd(_ text: Span<UInt8>, _ rest: Range<Int>) -> Int {
    var start = rest.lowerBound
    // A separator in quotes separates nothing.
    if format == .csv, start < rest.upperBound, text[start] == UInt8(ascii: "\"") {
      start =
        text.firstPlace(of: UInt8(ascii: "\""), in: start + 1..<rest.upperBound) ?? rest.upperBound
    }
    return LineText.place(of: separator, text, start..<rest.upperBound)
  }

  private mutating func readZeekHead(_ text: Span<UInt8>) {
    var start = 0
    while start < text.count, text[start] == UInt8(ascii: "#") {
      let end = text.firstPlace(of: UInt8(ascii: "\n"), in: start..<text.count) ?? text.count
      if let names = LineText.behind("#fields\t", text, start..<end), names == start + 8 {
        readHead(names..<end, text)
        return
      }
      start = end + 1
    }
  }

  private mutating func readHead(_ line: Range<Int>, _ text: Span<UInt8>) {
    separator = LogDetector.separator(text, line)
    var start = line.lowerBound
    for at in line.lowerBound...line.upperBound
    where at == line.upperBound || text[at] == separator {
      columns.append(FieldMeaning.named(text, LineText.unquoted(text, start..<at)))
      start = at + 1
    }
    while columns.last == .nothing { columns.removeLast() }
  }

  static func firstLine(_ text: Span<UInt8>) -> Range<Int> {
    let end = text.firstPlace(of: UInt8(ascii: "\n"), in: 0..<text.count) ?? text.count
    return 0..<end
  }
}
