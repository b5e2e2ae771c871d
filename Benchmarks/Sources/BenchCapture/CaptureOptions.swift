/// What a capture should be like.
public struct CaptureOptions: Sendable, Equatable {
  /// The pcap file to write.
  public var output = ""
  /// How many packets to write.
  public var packets = 1_000_000
  /// The kind of traffic.
  public var mix = TrafficMix.imix
  /// The seed; the same options and lists give the same bytes.
  public var seed: UInt64 = 1
  /// The share of sessions (of frames, for `frames100`) that hold an indicator.
  public var threatRate = 0.01
  /// Lists of addresses and prefixes.
  public var addressFiles: [String] = []
  /// Lists of domains.
  public var domainFiles: [String] = []
  /// Lists of byte patterns.
  public var patternFiles: [String] = []
  /// IPv4 indicators to make.
  public var generatedAddresses = 0
  /// IPv6 indicators to make.
  public var generatedAddresses6 = 0
  /// The share of the IPv4 indicators made that are prefixes.
  public var generatedPrefixShare = 0.2
  /// Domains to make.
  public var generatedDomains = 0
  /// Patterns to make.
  public var generatedPatterns = 0
  /// How many different indicators of each kind to plant.
  public var used = 400
  /// The share of sessions over IPv6.
  public var ipv6 = 0.2
  /// The share of clients behind a VLAN tag.
  public var vlan = 0.1
  /// Hosts that open connections.
  public var clients = 5_000
  /// Hosts that answer.
  public var servers = 20_000
  /// Names that are asked for.
  public var names = 4_000
  /// Different contents of each session shape.
  public var variants = 24
  /// Mean packets a second of capture time.
  public var packetsPerSecond = 100_000
  /// Whether time stamps are in nanoseconds.
  public var nanoseconds = false

  /// The defaults.
  public init() {}

  /// The output without `.pcap`: the start of the names of the files beside it.
  public var stem: String {
    output.hasSuffix(".pcap") ? String(output.dropLast(5)) : output
  }
}
