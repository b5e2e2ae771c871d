import WeirDecode
import WeirModel

/// What is remembered of a flow; 24 bytes.
public struct Flow: Sendable, BitwiseCopyable {
  var key: FlowKey
  /// The indicator that the verdict is due to.
  public var indicator: UInt32 = 0
  /// The feeds by which it is.
  public var feedSet: UInt32 = 0
  var state: FlowState = []
  /// What the flow carried asks for: it stays with all later packets.
  public var verdict: Verdict = .pass
  /// Whether the flow already counts among the threats that were blocked or monitored.
  public var counted: CountedThreats = []

  init(_ key: FlowKey) { self.key = key }
}

/// What a packet finds of its flow.
public struct FlowVisit: Sendable, BitwiseCopyable {
  /// Where the flow is in the table.
  public var place: Int
  /// Whether the packet is its first one.
  public var isNew: Bool
  /// Whether earlier packets left a verdict or an allowance.
  public var hasOpinion: Bool
}

/// Bits of a flow's life.
struct FlowState: OptionSet, Sendable, BitwiseCopyable {
  let rawValue: UInt8

  /// A FIN was seen from the lower end.
  static let finLow = FlowState(rawValue: 1)
  /// A FIN was seen from the higher end.
  static let finHigh = FlowState(rawValue: 2)
  /// A reset was seen.
  static let reset = FlowState(rawValue: 4)
  /// What the flow carried is on an allow list.
  static let allowed = FlowState(rawValue: 8)

  /// Whether the connection is over, so that the same ports may begin another.
  var isClosed: Bool {
    contains(.reset) || isSuperset(of: [.finLow, .finHigh])
  }
}

/// As which sorts of threat a flow was counted.
public struct CountedThreats: OptionSet, Sendable, BitwiseCopyable {
  /// The bits.
  public let rawValue: UInt8
  /// Makes a set from its bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// As a blocked one.
  public static let blocked = CountedThreats(rawValue: 1)
  /// As one that would be blocked.
  public static let monitored = CountedThreats(rawValue: 2)
}

extension Flow {
  /// Whether earlier packets left a verdict or an allowance.
  var hasOpinion: Bool { verdict != .pass || state.contains(.allowed) }

  /// Whether what the flow carried is on an allow list.
  public var isAllowed: Bool {
    get { state.contains(.allowed) }
    set { if newValue { state.insert(.allowed) } else { state.remove(.allowed) } }
  }
}
