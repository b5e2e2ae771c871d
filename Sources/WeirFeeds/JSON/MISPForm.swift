import WeirModel

/// Attributes of MISP events that are meant for detection (`to_ids`), in the event or in its objects.
///
/// Attributes without that mark, and deleted ones, are no indicators. Proposals, galaxies and related events are not read.
struct MISPForm: Sendable {
  static let names: [StaticText] = ["type", "value", "to_ids", "deleted", "Attribute"]
  private static let (type, value, isForDetection, isDeleted, attribute) = (0, 1, 2, 3, 4)

  func take(_ records: JSONRecords, _ context: LineContext) -> JSONYield? {
    guard let level = records.levels.last, level.name == MISPForm.attribute else { return nil }
    var yield = JSONYield()
    guard records.isTrue(MISPForm.isForDetection), !records.isTrue(MISPForm.isDeleted) else {
      yield.isIgnored = true
      return yield
    }
    guard let type = records[MISPForm.type], let value = records[MISPForm.value] else {
      yield.faults = [.unexpectedColumns]
      return yield
    }
    yield.excerpt = value
    do throws(RejectReason) {
      yield.entries = try entries(
        records.texts.span.extracting(type), records.texts.span.extracting(value), context)
    } catch {
      yield.faults = [error]
    }
    return yield
  }

  private func entries(
    _ type: Span<UInt8>, _ text: Span<UInt8>, _ context: LineContext
  ) throws(RejectReason) -> [FeedEntry] {
    let bar = text.firstIndex(of: UInt8(ascii: "|"), from: 0)
    if type.equalsIgnoringCase("domain|ip") {
      guard let bar else { throw .unexpectedColumns }
      return [
        context.entry(try ValueType.domain.value(of: text.extracting(0..<bar))),
        context.entry(try ValueType.prefix.value(of: text.extracting(bar + 1..<text.count))),
      ]
    }
    if type.count > 9, type.extracting(0..<9).equalsIgnoringCase("filename|") {
      guard let bar = text.lastIndex(of: UInt8(ascii: "|")) else { throw .unexpectedColumns }
      return try entries(
        type.extracting(9..<type.count), text.extracting(bar + 1..<text.count), context)
    }
    guard let kind = ValueType(type) else { throw .unsupportedKind }
    // A host name is one host; a domain is all that is below it too.
    let scope = type.equalsIgnoringCase("hostname") ? DomainScope.exact : .subdomains
    return [context.entry(try kind.value(of: text), scope: scope)]
  }
}
