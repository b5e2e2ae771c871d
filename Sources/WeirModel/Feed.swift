/// What a feed asks for its indicators.
public enum Action: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  /// Never act: an allow entry wins over every block.
  case allow
  /// Count, but let through.
  case monitor
  /// Hold back.
  case block

  /// The name in options and JSON.
  public var name: String { String(describing: self) }
}

/// In which role an address of a feed is acted upon.
///
/// A sighting is counted in either role; the direction decides about the verdict alone. Names and content
/// have no direction.
public enum Direction: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  /// As source or destination.
  case both
  /// Only as the source: what comes from the listed host.
  case inbound
  /// Only as the destination: what goes to the listed host.
  case outbound

  /// The name in options and JSON.
  public var name: String { String(describing: self) }
}

/// Traffic Light Protocol 2.0 markings (FIRST), from the most open to the most closed.
public enum TLPMarking: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  case clear, green, amber, amberStrict, red

  /// The name as FIRST writes it, in lower case.
  public var name: String { self == .amberStrict ? "amber+strict" : String(describing: self) }
}

/// What is known about a feed before its first line is read.
public struct FeedSettings: Hashable, Sendable {
  /// The name in summaries and events.
  public var name: String
  /// The category of its indicators.
  public var category: String
  /// What to do on a match, unless a line says otherwise.
  public var action: Action
  /// In which role addresses are acted upon.
  public var direction: Direction
  /// How sure the feed is, 0 to 100.
  public var confidence: UInt8
  /// The scope of its domains; nil leaves it to the format.
  public var scope: DomainScope?
  /// Seconds after which an indicator expires; nil means never.
  public var ttlSeconds: Int?
  /// Who may see its contents.
  public var tlp: TLPMarking

  /// Makes settings; all but the name have the defaults of the command line.
  public init(
    name: String, category: String = "uncategorized", action: Action = .block,
    direction: Direction = .both, confidence: UInt8 = 75, scope: DomainScope? = nil,
    ttlSeconds: Int? = nil, tlp: TLPMarking = .clear
  ) {
    self.name = name
    self.category = category
    self.action = action
    self.direction = direction
    self.confidence = confidence
    self.scope = scope
    self.ttlSeconds = ttlSeconds
    self.tlp = tlp
  }
}

/// One line of a feed that was understood.
public struct FeedEntry: Hashable, Sendable {
  /// What is listed.
  public var value: IndicatorValue
  /// How far it reaches, when it is a domain.
  public var scope: DomainScope
  /// What to do on a match.
  public var action: Action
  /// How sure the feed is of this one, 0 to 100.
  public var confidence: UInt8
  /// Where it stands, counted from 1.
  public var line: Int

  /// Makes an entry.
  public init(
    _ value: IndicatorValue, scope: DomainScope = .subdomains, action: Action = .block,
    confidence: UInt8 = 75, line: Int
  ) {
    self.value = value
    self.scope = scope
    self.action = action
    self.confidence = confidence
    self.line = line
  }
}
