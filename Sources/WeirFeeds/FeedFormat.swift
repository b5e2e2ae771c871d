/// How a feed file is written.
///
/// The raw value is the name in `format=` and in JSON.
public enum FeedFormat: String, CaseIterable, Sendable {
  /// Addresses, prefixes, ranges and endpoints; the first column counts.
  case ip
  /// One domain name a line, also as `*.name` and `.name`.
  case domains
  /// Addresses and domain names in one list.
  case mixed
  /// One URL of HTTP or HTTPS a line.
  case urls
  /// A hosts file: a sink address and the names that it stands for.
  case hosts
  /// AdBlock rules for whole domains: `||name^` and `@@||name^`.
  case adblock
  /// A dnsmasq configuration: `address=/name/0.0.0.0`, `server=/name/`, `local=/name/`.
  case dnsmasq
  /// An unbound configuration: `local-zone: "name" always_null`, `local-data: "name A 0.0.0.0"`.
  case unbound
  /// A response policy zone: `name CNAME .`.
  case rpz
  /// A file of Zeek's intelligence framework; all but names of files, programs and people is read.
  case zeekIntel = "zeek-intel"
  /// A table with named columns, of which those for indicators are read.
  case csv
  /// JSON lines of Spamhaus, with a record on the list itself at the end.
  case spamhausJSON = "spamhaus-json"
  /// Events of MISP: attributes that are marked for detection.
  case misp
  /// A warning list of MISP; as a rule an allow list.
  case mispWarninglist = "misp-warninglist"
  /// STIX 2.1: bundles, envelopes of TAXII, lists and lines of objects.
  case stix
  /// JSON whose objects have members that are named like columns of a table, or the values at a path.
  case json
  /// Byte patterns, one a line: `GET /gate|0d 0a|; nocase; id=NAME`.
  case patterns
  /// A JSON list of objects with `id`, `hex` and `nocase`.
  case patternsJSON = "patterns-json"

  /// The name in options and JSON.
  public var name: String { rawValue }
}
