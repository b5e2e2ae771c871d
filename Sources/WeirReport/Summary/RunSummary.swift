import FoundationEssentials

/// What a run did: the object that `-o json` prints and, under another schema, the tally file.
///
/// Property names become JSON keys in snake case; the contract fixes them.
public struct RunSummary: Codable, Equatable, Sendable {
  /// `weir.summary.v1`, or `weir.tally.v1` for a tally file.
  public var schema: String
  /// The version of the program.
  public var weir: String
  /// The command that ran.
  public var command: String
  /// The rules that were used.
  public var database: DatabaseSummary
  /// What was read.
  public var inputs: [InputSummary]
  /// Packets by kind.
  public var packets: PacketSummary
  /// Values looked up, by place.
  public var observables: [String: UInt64]
  /// Flows by protocol.
  public var flows: FlowSummary
  /// What was blocked.
  public var blocked: HeldSummary
  /// What would have been blocked.
  public var monitored: HeldSummary
  /// What allow entries kept from being blocked.
  public var allowed: AllowedSummary
  /// Sightings by place, feed and category.
  public var sightings: SightingSummary
  /// Every indicator that was sighted, most sightings first, ties by value.
  public var indicators: [IndicatorSummary]
  /// Packets whose addresses were judged and whose content could not be.
  public var unjudged: UnjudgedSummary
  /// How long it took; nil in a tally file, which holds nothing that differs between two equal runs.
  public var elapsed: ElapsedSummary?
  /// What is known of the blocks in the kernel; nil when the run keeps none there.
  public var enforcement: EnforcementSummary?

  /// The schema of a summary.
  public static let summarySchema = "weir.summary.v1"
  /// The schema of a tally file.
  public static let tallySchema = "weir.tally.v1"
}

/// The rules that a run used.
public struct DatabaseSummary: Codable, Equatable, Sendable {
  /// The content hash; `mixed` when tallies of different rules were merged.
  public var generation: String
  /// Distinct indicators by kind, allow entries left out.
  public var indicators: [String: Int]
  /// Of these, the kinds that are held and listed, but not looked for in traffic; nil when there are none.
  public var notMatched: [String: Int]?
  /// The feeds in the order given.
  public var feeds: [FeedSummary]

  enum CodingKeys: String, CodingKey {
    case generation, indicators
    case notMatched = "not_matched"
    case feeds
  }
}

/// What was taken of a feed.
public struct FeedSummary: Codable, Equatable, Sendable {
  /// The name.
  public var name: String
  /// The file.
  public var path: String
  /// The format; nil when it was not found out.
  public var format: String?
  /// The category.
  public var category: String
  /// `block`, `monitor` or `allow`.
  public var action: String
  /// Lines in the file.
  public var lines: Int
  /// Distinct indicators.
  public var loaded: Int
  /// Entries that an earlier line had listed.
  public var duplicates: Int
  /// Lines that were not used, by reason.
  public var rejected: [String: Int]
  /// Distinct indicators by kind.
  public var byKind: [String: Int]
  /// `accept`, `partial` or `refuse`.
  public var verdict: String
  /// Why the feed is not wholly used.
  public var why: String?

  /// Makes a summary of a feed.
  public init(
    name: String, path: String, format: String?, category: String, action: String, lines: Int,
    loaded: Int, duplicates: Int, rejected: [String: Int], byKind: [String: Int], verdict: String,
    why: String?
  ) {
    self.name = name
    self.path = path
    self.format = format
    self.category = category
    self.action = action
    self.lines = lines
    self.loaded = loaded
    self.duplicates = duplicates
    self.rejected = rejected
    self.byKind = byKind
    self.verdict = verdict
    self.why = why
  }

  enum CodingKeys: String, CodingKey {
    case name, path, format, category, action, lines, loaded, duplicates, rejected
    case byKind = "by_kind"
    case verdict, why
  }
}

/// What was read of an input.
public struct InputSummary: Codable, Equatable, Sendable {
  /// The file, or `-`.
  public var path: String
  /// The format, for example `pcapng.gz`.
  public var kind: String
  /// Packets.
  public var packets: UInt64
  /// Lines, for logs.
  public var lines: UInt64
  /// Bytes read.
  public var bytes: UInt64
  /// Whether it was read to its end.
  public var complete: Bool
  /// Why not.
  public var error: String?
  /// Packets of an interface that the kernel had no room for; nil for what is no interface.
  public var kernelDrops: UInt64?

  enum CodingKeys: String, CodingKey {
    case path, kind, packets, lines, bytes, complete, error
    case kernelDrops = "kernel_drops"
  }

  /// Makes a summary of an input.
  public init(
    path: String, kind: String, packets: UInt64, lines: UInt64, bytes: UInt64, complete: Bool,
    error: String?, kernelDrops: UInt64? = nil
  ) {
    self.kernelDrops = kernelDrops
    self.path = path
    self.kind = kind
    self.packets = packets
    self.lines = lines
    self.bytes = bytes
    self.complete = complete
    self.error = error
  }

  /// Writes `error` also when there is none, as the contract shows it.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(path, forKey: .path)
    try container.encode(kind, forKey: .kind)
    try container.encode(packets, forKey: .packets)
    try container.encode(lines, forKey: .lines)
    try container.encode(bytes, forKey: .bytes)
    try container.encode(complete, forKey: .complete)
    try container.encode(error, forKey: .error)
    try container.encodeIfPresent(kernelDrops, forKey: .kernelDrops)
  }
}

/// Packets by kind.
public struct PacketSummary: Codable, Equatable, Sendable {
  /// All of them: `ipv4` + `ipv6` + `other`.
  public var read: UInt64
  /// With an IPv4 header as the outermost one.
  public var ipv4: UInt64
  /// With an IPv6 header as the outermost one.
  public var ipv6: UInt64
  /// Without an IP header that could be read.
  public var other: UInt64
  /// Of the others, those that could not be judged, by reason.
  public var undecided: [String: UInt64]
}

/// Flows by protocol.
public struct FlowSummary: Codable, Equatable, Sendable {
  /// TCP connections.
  public var tcp: UInt64
  /// UDP flows.
  public var udp: UInt64
  /// Flows forgotten early because the table was full.
  public var evicted: UInt64
  /// Bytes of TCP streams that never came, or too late to be judged where they belong.
  public var gapBytes: UInt64
  /// Bytes of TCP streams that came before others and were dropped for want of memory, or still waited at the end.
  public var droppedBytes: UInt64
  /// Segments that contradict bytes that had come before them; the first ones count.
  public var conflicts: UInt64
  /// Fragments that overlap others of their datagram without being the same.
  public var fragmentOverlaps: UInt64

  enum CodingKeys: String, CodingKey {
    case tcp, udp, evicted, conflicts
    case gapBytes = "gap_bytes"
    case droppedBytes = "dropped_bytes"
    case fragmentOverlaps = "fragment_overlaps"
  }
}

/// Packets, bytes and things held back.
public struct HeldSummary: Codable, Equatable, Sendable {
  /// Packets.
  public var packets: UInt64
  /// Bytes on the wire.
  public var bytes: UInt64
  /// Connections and DNS queries.
  public var threats: UInt64
}

/// What allow entries did.
public struct AllowedSummary: Codable, Equatable, Sendable {
  /// Packets that would have been blocked.
  public var suppressed: UInt64
}

/// Sightings by place, feed and category.
public struct SightingSummary: Codable, Equatable, Sendable {
  /// All of them.
  public var total: UInt64
  /// By place.
  public var byWhere: [String: UInt64]
  /// By feed; a sighting counts for every feed that lists the indicator.
  public var byFeed: [String: UInt64]
  /// By the category of the feed that decides.
  public var byCategory: [String: UInt64]

  enum CodingKeys: String, CodingKey {
    case total
    case byWhere = "by_where"
    case byFeed = "by_feed"
    case byCategory = "by_category"
  }
}

/// An indicator that was sighted.
public struct IndicatorSummary: Codable, Equatable, Sendable {
  /// The indicator.
  public var value: String
  /// Its kind.
  public var kind: String
  /// The feeds that list it.
  public var feeds: [String]
  /// The category of the feed that decides.
  public var category: String
  /// Distinct packets.
  public var packets: UInt64
  /// Their bytes on the wire.
  public var bytes: UInt64
  /// Sightings by place.
  public var sightings: [String: UInt64]
  /// When it was seen first, in UTC.
  public var firstSeen: String
  /// When it was seen last, in UTC.
  public var lastSeen: String

  /// Sightings at all places.
  public var total: UInt64 { sightings.values.reduce(0, +) }

  enum CodingKeys: String, CodingKey {
    case value, kind, feeds, category, packets, bytes, sightings
    case firstSeen = "first_seen"
    case lastSeen = "last_seen"
  }
}

/// Packets whose content could not be judged.
public struct UnjudgedSummary: Codable, Equatable, Sendable {
  /// All of them.
  public var packets: UInt64
  /// By reason.
  public var reasons: [String: UInt64]
}

/// How long a run took.
public struct ElapsedSummary: Codable, Equatable, Sendable {
  /// Seconds to load and compile the rules.
  public var loadSeconds: Double
  /// Seconds to read and judge the input.
  public var runSeconds: Double
  /// Packets a second of `runSeconds`.
  public var packetsPerSecond: Double
  /// Bytes on the wire a second of `runSeconds`.
  public var bytesPerSecond: Double

  enum CodingKeys: String, CodingKey {
    case loadSeconds = "load_s"
    case runSeconds = "run_s"
    case packetsPerSecond = "packets_per_s"
    case bytesPerSecond = "bytes_per_s"
  }

  /// Makes it from what was measured.
  public init(loadSeconds: Double, runSeconds: Double, packets: UInt64, bytes: UInt64) {
    self.loadSeconds = loadSeconds
    self.runSeconds = runSeconds
    packetsPerSecond = runSeconds > 0 ? Double(packets) / runSeconds : 0
    bytesPerSecond = runSeconds > 0 ? Double(bytes) / runSeconds : 0
  }
}
