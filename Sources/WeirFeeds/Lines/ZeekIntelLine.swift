import WeirModel

/// Which columns of a table of Zeek's intelligence framework hold what.
struct ZeekColumns: Sendable {
  fileprivate var indicator = 0
  fileprivate var type = 1
}

/// One line of a file of Zeek's intelligence framework: columns between tabs, named by a line `#fields`.
///
/// Zeek matches a domain alone, not what is below it, and so does the entry.
enum ZeekIntelLine {
  /// Reads a trimmed, non-empty line.
  static func parse(
    _ line: Span<UInt8>, _ context: inout LineContext, into sink: (FeedEntry) -> Void
  ) throws(RejectReason) -> LineResult {
    if line[0] == UInt8(ascii: "#") {
      if line.hasBytes("#fields\t") { context.columns = try columns(in: line) }
      return .comment
    }
    guard let type = column(context.columns.type, of: line),
      let range = column(context.columns.indicator, of: line)
    else { throw .unexpectedColumns }
    guard let kind = ValueType(line.extracting(type)) else { throw .unsupportedKind }
    sink(context.entry(try kind.value(of: line.extracting(range)), scope: .exact))
    return .loaded
  }

  /// Whether a line names the columns of such a file.
  static func isHeader(_ line: Span<UInt8>) -> Bool {
    line.hasBytes("#fields\t") && (try? columns(in: line)) != nil
  }

  private static func columns(in header: Span<UInt8>) throws(RejectReason) -> ZeekColumns {
    var (indicator, type): (Int?, Int?) = (nil, nil)
    var number = 1
    while let range = column(number, of: header) {
      let name = header.extracting(range)
      if name.equalsIgnoringCase("indicator") { indicator = number - 1 }
      if name.equalsIgnoringCase("indicator_type") { type = number - 1 }
      number += 1
    }
    guard let indicator, let type else { throw .unexpectedColumns }
    var columns = ZeekColumns()
    (columns.indicator, columns.type) = (indicator, type)
    return columns
  }

  /// The column of a number, counted from 0.
  private static func column(_ number: Int, of line: Span<UInt8>) -> Range<Int>? {
    var start = 0
    for _ in 0..<number {
      guard let tab = line.firstIndex(of: UInt8(ascii: "\t"), from: start) else { return nil }
      start = tab + 1
    }
    return start..<(line.firstIndex(of: UInt8(ascii: "\t"), from: start) ?? line.count)
  }
}
