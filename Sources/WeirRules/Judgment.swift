import WeirModel

/// The verdict on one packet, and the indicator that caused it.
public struct Ruling: Equatable, Sendable, BitwiseCopyable {
  /// What happens to the packet.
  public var verdict: Verdict = .pass
  /// Whether an allow entry kept the packet from being blocked or monitored.
  public var isSuppressed = false
  /// The indicator that decided; meaningless when the verdict is `pass` and nothing was suppressed.
  public var indicator: UInt32 = 0
  /// The feeds by which it decided.
  public var feedSet: UInt32 = 0

  /// Let through, with no cause.
  @inlinable public init() {}
}

/// Station 5: the hits of one packet, weighed as they come.
///
/// The strictest verdict wins. Among indicators that ask for it, the most specific is named, then the most
/// confident, then the one listed first (contract, section 2, Overlaps). Any allow entry wins over them all.
public struct Judgment: Sendable, BitwiseCopyable {
  /// Whether an allow entry was met.
  public private(set) var isAllowed = false
  private var block = Candidate()
  private var monitor = Candidate()

  private struct Candidate: Sendable, BitwiseCopyable {
    var rank: UInt64 = 0
    var indicator: UInt32 = 0
    var feedSet: UInt32 = 0
  }

  /// Nothing was met yet.
  public init() {}

  /// Whether anything was met that decides.
  public var hasOpinion: Bool { isAllowed || block.rank > 0 || monitor.rank > 0 }

  /// Weighs a hit.
  ///
  /// - Parameters:
  ///   - verdict: what the policy asks for, in the role in which the indicator was seen.
  ///   - specificity: see `Specificity`.
  public mutating func consider(
    _ verdict: Verdict, indicator: UInt32, feedSet: UInt32, policy: FeedSetPolicy,
    specificity: UInt16, line: UInt32
  ) {
    if policy.allows { isAllowed = true }
    guard verdict != .pass else { return }
    let rank =
      UInt64(specificity) << 48 | UInt64(policy.confidence) << 40 | UInt64(~policy.feed) << 24
      | UInt64(0xff_ffff - min(line, 0xff_fffe))
    let candidate = Candidate(rank: rank, indicator: indicator, feedSet: feedSet)
    if verdict == .block {
      if rank > block.rank { block = candidate }
    } else if rank > monitor.rank {
      monitor = candidate
    }
  }

  /// Takes over what was decided for the flow that the packet belongs to; its own hits come first.
  public mutating func inherit(_ verdict: Verdict, indicator: UInt32, feedSet: UInt32) {
    let candidate = Candidate(rank: 1, indicator: indicator, feedSet: feedSet)
    if verdict == .block, block.rank == 0 { block = candidate }
    if verdict == .monitor, monitor.rank == 0 { monitor = candidate }
  }

  /// Takes over that the flow was allowed.
  public mutating func inheritAllow() { isAllowed = true }

  /// The verdict on all that was weighed.
  ///
  /// In audit mode a block becomes `monitor`.
  public func ruling(mode: Mode) -> Ruling {
    var ruling = Ruling()
    let winner = block.rank > 0 ? block : monitor
    guard winner.rank > 0 else { return ruling }
    ruling.indicator = winner.indicator
    ruling.feedSet = winner.feedSet
    if isAllowed {
      ruling.isSuppressed = block.rank > 0
    } else {
      ruling.verdict = block.rank > 0 && mode == .enforce ? .block : .monitor
    }
    return ruling
  }
}

/// How narrowly an indicator describes what it hits, as one number: the sort of indicator first, then its size.
public enum Specificity {
  /// A range of addresses: the longer the prefix, the more specific.
  ///
  /// - Parameter prefixLength: of the smallest prefix that holds the range; of IPv4 counted from 96.
  @inlinable public static func block(prefixLength: Int) -> UInt16 { 1 << 8 | UInt16(prefixLength) }
  /// One address.
  @inlinable public static var address: UInt16 { 2 << 8 }
  /// One address with a port.
  @inlinable public static var endpoint: UInt16 { 3 << 8 }
  /// A domain name: the longer, the more specific.
  @inlinable public static func domain(length: Int) -> UInt16 { 4 << 8 | UInt16(min(length, 255)) }
  /// A URL: the longer, the more specific.
  @inlinable public static func url(length: Int) -> UInt16 { 6 << 8 | UInt16(min(length, 255)) }
  /// The digest of a file or a certificate, or a fingerprint of a client.
  @inlinable public static var digest: UInt16 { 7 << 8 }
  /// Bytes in a payload: the longer, the more specific.
  @inlinable public static func pattern(length: Int) -> UInt16 { 5 << 8 | UInt16(min(length, 255)) }
}
