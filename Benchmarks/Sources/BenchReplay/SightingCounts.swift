import BenchCapture
import BenchKit

/// Sightings by indicator and place: how the truth and a summary are compared.
public struct SightingCounts: Equatable, Sendable {
  /// One indicator at one place.
  public struct Key: Hashable, Comparable, Sendable {
    /// The indicator in its usual text; a pattern's identifier.
    public let indicator: String
    /// One of the contract's places, such as `ip.src`.
    public let place: String

    /// In the order of the text.
    public static func < (left: Key, right: Key) -> Bool {
      (left.indicator, left.place) < (right.indicator, right.place)
    }
  }

  /// How often each was seen; what was not seen is left out.
  public private(set) var counts: [Key: Int] = [:]

  /// What there is to be sighted in a capture.
  public init(_ truth: Truth) {
    for (entry, seen) in truth.ip {
      add(entry, "ip.src", Int(seen.src))
      add(entry, "ip.dst", Int(seen.dst))
    }
    for (entry, seen) in truth.domain {
      add(entry, "dns.query", Int(seen.dnsQuery))
      add(entry, "tls.sni", Int(seen.tlsSNI))
      add(entry, "http.host", Int(seen.httpHost))
    }
    for (identifier, seen) in truth.pattern {
      // `streamOnly` are those that lie across packets.
      add(identifier, "payload", Int(seen.occurrences + seen.streamOnly))
    }
  }

  /// What a replay sighted.
  ///
  /// `patterns` says how each pattern may be called besides by its identifier.
  public init(_ summary: ReplaySummary, patterns: [BytePattern] = []) {
    var identifiers: [String: String] = [:]
    for pattern in patterns {
      let hex = pattern.bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
      identifiers[hex] = pattern.identifier
      identifiers[pattern.identifier] = pattern.identifier
    }
    for indicator in summary.indicators {
      let isPattern = indicator.kind == "pattern"
      let name = isPattern ? identifiers[indicator.value] ?? indicator.value : indicator.value
      for (place, count) in indicator.sightings { add(name, place, count) }
    }
  }

  /// All of them.
  public var total: Int { counts.values.reduce(0, +) }

  /// The answer when these are the truth and `found` is what was sighted.
  public func answer(found: SightingCounts) -> Answer {
    let keys = Set(counts.keys).union(found.counts.keys)
      .filter { counts[$0] != found.counts[$0] }
    let differences = keys.sorted().map { key in
      let pair = "\(found.counts[key] ?? 0) instead of \(counts[key] ?? 0)"
      return "\(key.indicator) at \(key.place) \(pair)"
    }
    return Answer(expected: total, found: found.total, differences: differences)
  }

  private mutating func add(_ indicator: String, _ place: String, _ count: Int) {
    if count > 0 { counts[Key(indicator: indicator, place: place), default: 0] += count }
  }
}
