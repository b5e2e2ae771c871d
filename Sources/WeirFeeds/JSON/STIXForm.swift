import WeirModel

/// Indicators of STIX 2.1 and 2.0: in a bundle, in an envelope of TAXII, in a list, or a line each.
///
/// Other objects are no indicators. A revoked indicator counts as none; one that is over is rejected as expired. The confidence of an
/// indicator, where it has one, takes the place of the feed's.
struct STIXForm: Sendable {
  static let names: [StaticText] = [
    "type", "pattern", "pattern_type", "valid_until", "revoked", "confidence", "objects",
  ]
  private static let (type, pattern, patternType, validUntil) = (0, 1, 2, 3)
  private static let (isRevoked, confidence, objects) = (4, 5, 6)

  /// The time, as STIX writes it, to seconds; nil when nothing expires.
  private let now: [UInt8]?

  /// The length of `2026-01-02T03:04:05`.
  private static let secondsLength = 19

  init(now: Timestamp?) {
    self.now = now.map { Array($0.description.utf8.prefix(STIXForm.secondsLength)) }
  }

  func take(_ records: JSONRecords, _ context: LineContext) -> JSONYield? {
    guard isObject(records) else { return nil }
    var yield = JSONYield()
    guard records.isMember(STIXForm.type, "indicator"), !records.isTrue(STIXForm.isRevoked) else {
      yield.isIgnored = true
      return yield
    }
    guard let pattern = records[STIXForm.pattern] else {
      yield.faults = [.unexpectedColumns]
      return yield
    }
    yield.excerpt = pattern
    if records[STIXForm.patternType] != nil, !records.isMember(STIXForm.patternType, "stix") {
      yield.faults = [.unsupportedRule]
      return yield
    }
    if isOver(records) {
      yield.faults = [.expired]
      return yield
    }
    do throws(RejectReason) {
      let read = try STIXPattern(parsing: records.texts.span.extracting(pattern))
      let confidence = self.confidence(records)
      yield.entries = read.values.map { value in
        var entry = context.entry(value)
        if let confidence { entry.confidence = confidence }
        return entry
      }
      yield.faults = read.faults
    } catch {
      yield.faults = [error]
    }
    return yield
  }

  /// Whether the innermost object is one of the list `objects`, of a list, or stands alone; a bundle is none.
  private func isObject(_ records: JSONRecords) -> Bool {
    guard let level = records.levels.last else { return false }
    switch records.depth {
    case 1: return !records.isMember(STIXForm.type, "bundle") && records[STIXForm.type] != nil
    case 2: return records.levels[0].isList
    case 3: return records.levels[1].isList && level.name == STIXForm.objects
    default: return false
    }
  }

  private func isOver(_ records: JSONRecords) -> Bool {
    guard let now, let range = records[STIXForm.validUntil],
      range.count > STIXForm.secondsLength
    else { return false }
    // Times of STIX are in UTC and of one form, so that their order is that of their bytes.
    for (place, byte) in zip(range, now) where records.texts[place] != byte {
      return records.texts[place] < byte
    }
    return true
  }

  /// 0 to 100, or nil.
  private func confidence(_ records: JSONRecords) -> UInt8? {
    guard let range = records[STIXForm.confidence], range.count <= 3 else { return nil }
    var number = 0
    for place in range {
      let digit = records.texts[place] &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      number = number * 10 + Int(digit)
    }
    return number <= 100 ? UInt8(number) : nil
  }
}
