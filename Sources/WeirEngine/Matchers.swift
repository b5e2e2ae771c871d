import WeirDecode
import WeirMatch
import WeirModel
import WeirRules

/// The parts of a rule set that a worker reads for every packet.
///
/// An object, so that a call passes one word and not a kilobyte and a half of tables; a worker holds it for life, so
/// that no reference is counted per packet. Valid while the rule set that the tables come from lives; `Worker` keeps
/// it.
final class Matchers: Sendable {
  /// Of the addresses, apart: it is asked twice for every packet.
  let presence: PresenceBitmap
  let addresses: AddressSet
  let endpoints: EndpointSet
  let domains: DomainSet
  let patterns: PatternSet
  let values: ValueSet
  /// Whether there are URLs.
  let hasURLs: Bool
  /// Whether there are digests or fingerprints.
  let hasDigests: Bool
  let policy: PolicyTables

  init(_ rules: RuleSet) {
    presence = rules.addresses.presence
    addresses = rules.addresses
    endpoints = rules.endpoints
    domains = rules.domains
    patterns = rules.patterns
    values = rules.values
    hasURLs = !rules.values.entries(of: .url).isEmpty
    hasDigests = [.ja3, .ja4, .cert, .hash].contains { !rules.values.entries(of: $0).isEmpty }
    policy = rules.policy
  }

  /// Asks for the memory that looking up a packet's addresses will touch.
  @inline(__always)
  func prefetch(_ observation: borrowing Observation) {
    if observation.version == 4 {
      presence.prefetch(UInt32(truncatingIfNeeded: observation.sourceLow))
      presence.prefetch(UInt32(truncatingIfNeeded: observation.destinationLow))
    } else {
      prefetchV6(observation.sourceHigh, observation.sourceLow)
      prefetchV6(observation.destinationHigh, observation.destinationLow)
    }
  }

  /// Asks for the entries near a packet's addresses, when there may be any; worth it some packets after
  /// `prefetch`.
  @inline(__always)
  func prefetchEntries(_ observation: borrowing Observation) {
    guard observation.version == 4 else { return }
    prefetchEntries(UInt32(truncatingIfNeeded: observation.sourceLow))
    prefetchEntries(UInt32(truncatingIfNeeded: observation.destinationLow))
  }

  @inline(__always)
  private func prefetchEntries(_ address: UInt32) {
    if presence.mayContain(address) { prefetchEntries(near: address) }
  }

  @inline(never)
  private func prefetchEntries(near address: UInt32) { addresses.prefetchEntries(near: address) }

  @inline(never)
  private func prefetchV6(_ high: UInt64, _ low: UInt64) {
    addresses.prefetch(v6High: high, low: low)
  }
}

extension Specificity {
  /// The specificity of an address entry.
  static func range(_ range: IPRange) -> UInt16 {
    if range.first == range.last { return address }
    let high = range.first.high ^ range.last.high
    let low = range.first.low ^ range.last.low
    // IPv4 lies in the lowest 32 bits, so that its prefixes count from 96 by themselves.
    return block(prefixLength: high != 0 ? high.leadingZeroBitCount : 64 + low.leadingZeroBitCount)
  }
}
