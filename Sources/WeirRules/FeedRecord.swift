public import WeirModel

/// A feed in a rule set: how it was meant, and what was taken of it.
public struct FeedRecord: Equatable, Sendable {
  /// How it was meant.
  public var settings: FeedSettings
  /// Where it was read, as it was asked for; not a part of the content hash.
  public var path = ""
  /// Its format; nil when it was not found out.
  public var format: String?
  /// How many lines it has.
  public var lines = 0
  /// Lines that were not used, by reason, sorted by reason.
  public var rejected: [Rejection] = []
  /// `accept`, `partial` or `refuse`.
  public var verdict = "accept"
  /// Why it is not wholly used.
  public var why: String?
  /// What the rule set took of it.
  public var yield = FeedYield()

  /// Lines that were not used for one reason.
  public struct Rejection: Equatable, Sendable {
    /// The reason.
    public var reason: String
    /// How many lines.
    public var count: Int

    /// Makes a rejection.
    public init(reason: String, count: Int) {
      self.reason = reason
      self.count = count
    }
  }

  /// Makes a record of a feed of which nothing has been read yet.
  public init(_ settings: FeedSettings) { self.settings = settings }
}

extension FeedRecord {
  /// Writes all but the path.
  func encode(to fields: inout FieldWriter) {
    fields.append(settings.name)
    fields.append(settings.category)
    fields.append(settings.action.rawValue)
    fields.append(settings.direction.rawValue)
    fields.append(settings.confidence)
    fields.append(settings.tlp.rawValue)
    fields.append(settings.scope.map { $0.rawValue + 1 } ?? 0)
    fields.append(Int64(settings.ttlSeconds ?? -1))
    fields.append(format ?? "")
    fields.append(UInt64(lines))
    fields.append(UInt32(rejected.count))
    for rejection in rejected {
      fields.append(rejection.reason)
      fields.append(UInt64(rejection.count))
    }
    fields.append(verdict)
    fields.append(why ?? "")
    fields.append(UInt64(yield.loaded))
    fields.append(UInt64(yield.duplicates))
    for kind in IndicatorKind.allCases { fields.append(UInt64(yield.byKind[kind] ?? 0)) }
  }

  /// Reads what `encode` wrote; nil when the fields are not a record.
  init?(_ fields: inout FieldReader) {
    guard let settings = FeedSettings(&fields), let format = fields.text(),
      let lines = fields.number(UInt64.self)?.asCount,
      let reasons = fields.number(UInt32.self)
    else { return nil }
    self.init(settings)
    self.format = format.isEmpty ? nil : format
    self.lines = lines
    for _ in 0..<reasons {
      guard let reason = fields.text(), let count = fields.number(UInt64.self)?.asCount else {
        return nil
      }
      rejected.append(Rejection(reason: reason, count: count))
    }
    guard let verdict = fields.text(), let why = fields.text(),
      let loaded = fields.number(UInt64.self)?.asCount,
      let duplicates = fields.number(UInt64.self)?.asCount
    else { return nil }
    self.verdict = verdict
    self.why = why.isEmpty ? nil : why
    yield.loaded = loaded
    yield.duplicates = duplicates
    for kind in IndicatorKind.allCases {
      guard let count = fields.number(UInt64.self)?.asCount else { return nil }
      if count > 0 { yield.byKind[kind] = count }
    }
  }
}

extension FeedSettings {
  /// Reads the settings at the head of a record.
  fileprivate init?(_ fields: inout FieldReader) {
    guard let name = fields.text(), let category = fields.text(),
      let action = fields.number(UInt8.self).flatMap(Action.init(rawValue:)),
      let direction = fields.number(UInt8.self).flatMap(Direction.init(rawValue:)),
      let confidence = fields.number(UInt8.self),
      let tlp = fields.number(UInt8.self).flatMap(TLPMarking.init(rawValue:)),
      let scope = fields.number(UInt8.self), scope <= 2,
      let ttl = fields.number(Int64.self)
    else { return nil }
    self.init(
      name: name, category: category, action: action, direction: direction,
      confidence: confidence, scope: scope == 0 ? nil : DomainScope(rawValue: scope - 1),
      ttlSeconds: ttl < 0 ? nil : Int(ttl), tlp: tlp)
  }
}
