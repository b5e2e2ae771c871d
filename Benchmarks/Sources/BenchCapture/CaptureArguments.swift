extension CaptureOptions {
  /// The options that `weir-make-capture` takes.
  public static let usage = """
    usage: weir-make-capture --out FILE.pcap [options]
      --packets N          packets to write (1000000)
      --mix MIX            imix, web, dns, small, large or frames100 (imix)
      --seed S             same seed, same bytes (1)
      --threat-rate R      share of sessions that hold an indicator, 0 to 1 (0.01)
      --ips FILE           addresses and prefixes, one a line; may be repeated
      --domains FILE       domains, one a line, or a hosts file; may be repeated
      --patterns FILE      JSON list of {"id", "hex", "nocase"}; may be repeated
      --gen-ips N          make IPv4 indicators instead, written to FILE.ips.txt
      --gen-ips6 N         make IPv6 indicators, into the same file
      --gen-prefixes R     share of --gen-ips that are prefixes (0.2)
      --gen-domains N      make domains, written to FILE.domains.txt
      --gen-patterns N     make patterns, written to FILE.patterns.json
      --used N             different indicators of each kind to plant (400)
      --ipv6 R             share of sessions over IPv6 (0.2)
      --vlan R             share of clients behind a VLAN tag (0.1)
      --clients N          (5000)
      --servers N          (20000)
      --names N            different host names (4000)
      --variants N         different contents of each session shape (24)
      --pps N              mean packets a second of capture time (100000)
      --nanos              nanosecond time stamps
    Without lists, 100000 addresses, 200000 domains and 1000 patterns are made.
    """

  private typealias CountPath = any WritableKeyPath<CaptureOptions, Int> & Sendable
  private typealias SharePath = any WritableKeyPath<CaptureOptions, Double> & Sendable
  private typealias FilesPath = any WritableKeyPath<CaptureOptions, [String]> & Sendable

  private static let counts: [String: CountPath] = [
    "--packets": \.packets, "--gen-ips": \.generatedAddresses,
    "--gen-ips6": \.generatedAddresses6, "--gen-domains": \.generatedDomains,
    "--gen-patterns": \.generatedPatterns, "--used": \.used, "--clients": \.clients,
    "--servers": \.servers, "--names": \.names, "--variants": \.variants,
    "--pps": \.packetsPerSecond,
  ]
  private static let shares: [String: SharePath] = [
    "--threat-rate": \.threatRate, "--gen-prefixes": \.generatedPrefixShare, "--ipv6": \.ipv6,
    "--vlan": \.vlan,
  ]
  private static let files: [String: FilesPath] = [
    "--ips": \.addressFiles, "--domains": \.domainFiles, "--patterns": \.patternFiles,
  ]

  /// Reads the words after the program's name.
  public init(arguments: [String]) throws(CaptureError) {
    self.init()
    var rest = arguments[...]
    while let option = rest.popFirst() {
      if option == "--nanos" {
        nanoseconds = true
        continue
      }
      guard let value = rest.popFirst() else { throw .usage("\(option) needs a value") }
      try set(option, to: value)
    }
    guard !output.isEmpty else { throw .usage("--out is needed") }
    if !hasLists { useDefaultLists() }
  }

  private var hasLists: Bool {
    !addressFiles.isEmpty || !domainFiles.isEmpty || !patternFiles.isEmpty
      || generatedAddresses + generatedAddresses6 + generatedDomains + generatedPatterns > 0
  }

  private mutating func useDefaultLists() {
    generatedAddresses = 100_000
    generatedAddresses6 = 5_000
    generatedDomains = 200_000
    generatedPatterns = 1_000
  }

  private mutating func set(_ option: String, to value: String) throws(CaptureError) {
    let wrong = CaptureError.usage("\(option) does not take \(value)")
    if let path = CaptureOptions.counts[option] {
      let atLeast = option.hasPrefix("--gen-") || option == "--packets" ? 0 : 1
      guard let number = Int(value), (atLeast...1_000_000_000_000).contains(number) else {
        throw wrong
      }
      self[keyPath: path] = number
    } else if let path = CaptureOptions.shares[option] {
      guard let share = Double(value), (0...1).contains(share) else { throw wrong }
      self[keyPath: path] = share
    } else if let path = CaptureOptions.files[option] {
      self[keyPath: path].append(value)
    } else if option == "--out" {
      output = value
    } else if option == "--seed" {
      guard let number = UInt64(value) else { throw wrong }
      seed = number
    } else if option == "--mix" {
      guard let chosen = TrafficMix(rawValue: value) else { throw wrong }
      mix = chosen
    } else {
      throw .usage("no option \(option)")
    }
  }
}
