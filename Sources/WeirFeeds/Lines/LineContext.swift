import WeirModel

/// What a line means for the feed.
enum LineResult: Equatable {
  /// Every value in it was handed on.
  case loaded
  /// A comment or a header.
  case comment
  /// No indicator by its nature.
  case ignored
  /// Not used, or not wholly.
  case rejected(RejectReason)
}

/// What an entry takes from its feed rather than from its line.
struct LineContext: Sendable {
  /// The line, counted from 1.
  var line = 0
  let action: Action
  let confidence: UInt8
  let scope: DomainScope?
  /// For `rpz`.
  var zone = PolicyZoneState()
  /// For `zeek-intel`.
  var columns = ZeekColumns()
  /// For `csv`; nil before the header.
  var csv: CSVColumns?
  /// For `spamhaus-json`.
  var trailer = SpamhausTrailer()

  init(_ settings: FeedSettings) {
    action = settings.action
    confidence = settings.confidence
    scope = settings.scope
  }

  /// An entry of this line; `scope` is the format's own, which the feed's settings overrule.
  ///
  /// Without either, a name stands for what is below it too, and a URL for itself alone.
  func entry(
    _ value: IndicatorValue, scope: DomainScope? = nil, action: Action? = nil
  ) -> FeedEntry {
    FeedEntry(
      value, scope: self.scope ?? scope ?? (value.kind == .url ? .exact : .subdomains),
      action: action ?? self.action, confidence: confidence,
      line: line)
  }
}

extension FeedFormat {
  /// Reads one line, trimmed and not empty, in any format of lines.
  func parseLine(
    _ line: Span<UInt8>, _ context: inout LineContext, into sink: (FeedEntry) -> Void
  ) -> LineResult {
    do throws(RejectReason) {
      switch self {
      case .ip:
        if isListComment(line) { return .comment }
        sink(context.entry(try AddressLine.value(of: line)))
      case .domains:
        if isListComment(line) { return .comment }
        sink(context.entry(.domain(try DomainLine.name(of: line))))
      case .mixed:
        if isListComment(line) { return .comment }
        sink(context.entry(try mixedValue(of: line)))
      case .urls:
        if isListComment(line) { return .comment }
        let (url, scope) = try URLLine.url(of: line)
        sink(context.entry(.url(url), scope: scope))
      case .hosts:
        if isListComment(line) { return .comment }
        return try HostsLine.parse(line, context, into: sink)
      case .adblock:
        guard let rule = try AdBlockLine(parsing: line) else { return .comment }
        sink(context.entry(.domain(rule.name), action: rule.isException ? .allow : nil))
      case .dnsmasq:
        if line[0] == UInt8(ascii: "#") { return .comment }
        return try DnsmasqLine.parse(line, context, into: sink)
      case .unbound:
        if line[0] == UInt8(ascii: "#") { return .comment }
        return try UnboundLine.parse(line, context, into: sink)
      case .rpz: return try PolicyZoneLine.parse(line, &context, into: sink)
      case .zeekIntel: return try ZeekIntelLine.parse(line, &context, into: sink)
      case .csv: return try CSVLine.parse(line, &context, into: sink)
      case .spamhausJSON: return try SpamhausLine.parse(line, &context, into: sink)
      case .patterns:
        if line[0] == UInt8(ascii: "#") { return .comment }
        let rule = try PatternLine(parsing: line)
        sink(context.entry(.pattern(rule.pattern, id: rule.id)))
      case .patternsJSON, .misp, .mispWarninglist, .stix, .json:
        return .rejected(.invalidJSON)
      }
    } catch {
      return .rejected(error)
    }
    return .loaded
  }
}

/// An address when the line begins with one, else a name.
///
/// The name's fault is the one reported, unless the line begins with an address that is wrong in
/// its second half.
private func mixedValue(of line: Span<UInt8>) throws(RejectReason) -> IndicatorValue {
  let fault: RejectReason
  do throws(RejectReason) {
    return try AddressLine.value(of: line)
  } catch {
    fault = error
  }
  guard fault == .invalidAddress else { throw fault }
  return .domain(try DomainLine.name(of: line))
}

/// Whether a line of a plain list is a comment: `#`, `;`, `!` or `//` at its start.
func isListComment(_ line: Span<UInt8>) -> Bool {
  switch line[0] {
  case UInt8(ascii: "#"), UInt8(ascii: ";"), UInt8(ascii: "!"): true
  case UInt8(ascii: "/"): line.count > 1 && line[1] == UInt8(ascii: "/")
  default: false
  }
}
