import WeirMatch
import WeirModel

/// How one feed lists one indicator, without the line.
struct Membership: Hashable, Comparable {
  var feed: UInt16
  var action: Action
  var scope: DomainScope
  var confidence: UInt8

  /// In the order in which feeds were given, the surest first.
  static func < (left: Membership, right: Membership) -> Bool { left.order < right.order }

  /// A number that says which of two memberships comes first.
  var order: UInt64 {
    UInt64(feed) << 24 | UInt64(~confidence) << 16 | UInt64(action.rawValue) << 8
      | UInt64(scope.rawValue)
  }
}

/// What the feeds that list an indicator ask for, worked out once when the rules are compiled.
///
/// Many indicators are listed by the same feeds in the same way; they share one of these.
public struct FeedSetPolicy: Equatable, Sendable, BitwiseCopyable {
  /// The verdict when the indicator is the packet's source.
  public var asSource: Verdict
  /// The verdict when the indicator is the packet's destination.
  public var asDestination: Verdict
  /// The verdict when the indicator is a name or content.
  public var asContent: Verdict
  /// Whether an allow list is among the feeds: then no packet that shows the indicator is blocked.
  public var allows: Bool
  /// Whether a feed of threats is among the feeds; false for what stands on allow lists only.
  public var isIndicator: Bool
  /// The confidence of the surest feed, 0 to 100.
  public var confidence: UInt8
  /// The feed that decides: the surest, of equals the first given.
  public var feed: UInt16

  init(_ memberships: [Membership], feeds: [FeedSettings]) {
    let threats = memberships.filter { $0.action != .allow }
    let deciding = threats.max {
      $0.confidence < $1.confidence || ($0.confidence == $1.confidence && $0 > $1)
    }
    func verdict(_ role: Direction?) -> Verdict {
      let acting = threats.filter {
        let direction = feeds[Int($0.feed)].direction
        return role == nil || direction == .both || direction == role
      }
      if acting.contains(where: { $0.action == .block }) { return .block }
      return acting.isEmpty ? .pass : .monitor
    }
    asSource = verdict(.inbound)
    asDestination = verdict(.outbound)
    asContent = verdict(nil)
    allows = threats.count < memberships.count
    isIndicator = !threats.isEmpty
    confidence = deciding?.confidence ?? memberships.first?.confidence ?? 0
    feed = deciding?.feed ?? memberships.first?.feed ?? 0
  }
}

extension FeedSetPolicy {
  /// The policy as a word of a database.
  var packed: UInt64 {
    UInt64(asSource.rawValue) | UInt64(asDestination.rawValue) << 2 | UInt64(asContent.rawValue)
      << 4
      | (allows ? 1 << 6 : 0) | (isIndicator ? 1 << 7 : 0) | UInt64(confidence) << 8
      | UInt64(feed) << 16
  }

  /// Reads a word; whatever it holds is a policy.
  @inlinable init(packed word: UInt64) {
    asSource = Verdict(rawValue: UInt8(truncatingIfNeeded: word & 3)) ?? .pass
    asDestination = Verdict(rawValue: UInt8(truncatingIfNeeded: word >> 2 & 3)) ?? .pass
    asContent = Verdict(rawValue: UInt8(truncatingIfNeeded: word >> 4 & 3)) ?? .pass
    allows = word >> 6 & 1 != 0
    isIndicator = word >> 7 & 1 != 0
    confidence = UInt8(truncatingIfNeeded: word >> 8)
    feed = UInt16(truncatingIfNeeded: word >> 16)
  }
}

extension Membership {
  /// The membership as a word of a database.
  var packed: UInt64 {
    UInt64(feed) | UInt64(action.rawValue) << 16 | UInt64(scope.rawValue) << 24
      | UInt64(confidence) << 32
  }

  /// Reads a word; nil when it is none.
  init?(packed word: UInt64) {
    guard let action = Action(rawValue: UInt8(truncatingIfNeeded: word >> 16)),
      let scope = DomainScope(rawValue: UInt8(truncatingIfNeeded: word >> 24))
    else { return nil }
    self.init(
      feed: UInt16(truncatingIfNeeded: word), action: action, scope: scope,
      confidence: UInt8(truncatingIfNeeded: word >> 32))
  }
}

/// Gives each distinct list of memberships a small number.
///
/// Number 0 is the empty list.
struct FeedSetTable {
  private(set) var lists: [[UInt32]] = [[]]
  private var numbers: [[UInt32]: UInt32] = [[]: 0]
  /// The list that was asked for last: neighbors in a feed mostly share it.
  private var last: (list: [UInt32], number: UInt32) = ([], 0)

  /// The number of a list of membership numbers, ascending and without duplicates.
  mutating func number(of list: [UInt32]) -> UInt32 {
    if list == last.list { return last.number }
    let number = numbers[list] ?? UInt32(lists.count)
    if number == lists.count {
      lists.append(list)
      numbers[list] = number
    }
    last = (list, number)
    return number
  }
}
