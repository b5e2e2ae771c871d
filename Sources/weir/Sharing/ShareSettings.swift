import FoundationEssentials
import WeirConfig
import WeirCrypto
import WeirModel
import WeirShare
import WeirTally

/// The section `share` of a configuration: without it nothing is counted for others, and nothing leaves.
struct ShareSettings {
  /// Ledger, key, tables.
  var directory: String
  /// The mark of how far the ledger was; better on another disk.
  var witness: String
  /// What is counted now; on tmpfs, so that it never outlives the machine's power.
  var state: String
  /// A sub-region of UN M49.
  var region: String
  var networks: CustomerNetworks
  var screens: Screens
  var categories: [String: ShareCategory] = [:]
  var excludedLabels: Set<String> = []
  var grants: [Grant] = []
  var approvalsMin: Int
  var policies: [RecipientPolicy] = []
  /// On an edge: its name, and the folder that the collector gave it.
  var edge: String?
  var opening: String?
  /// On a collector: the keys of its edges.
  var edges: [String: PublicKey] = [:]
  private var streams: [ReleaseStream: ReleaseParameters] = [:]

  /// What the operator grants to a feed; the rest is known from the rules.
  struct Grant {
    var name: String
    var isPublic: Bool
    var isShared: Bool
    var mayBeRedistributed: Bool
    var tlp: TLPMarking
    var version: UTCTime?
  }

  /// The parameters of a stream; nil when the configuration does not name it.
  func parameters(_ stream: ReleaseStream) -> ReleaseParameters? { streams[stream] }

  /// Reads a configuration.
  init(path: String) throws {
    guard let bytes = try ShareSettings.read(path) else {
      throw Failure(.configuration, "\(path): no such file")
    }
    do throws(ConfigError) {
      let root = try YAMLReader.read(bytes, path: path)
      var top = try ConfigSection(root, path: path)
      guard var share = try top.section("share") else {
        throw ConfigError(
          path: path, line: 0, "it has no section \"share\", so nothing is shared")
      }
      try top.end()
      try self.init(&share)
      try share.end()
    } catch { throw Failure(.configuration, "\(error)") }
    if policies.isEmpty { return }
    let names = policies.map(\.recipient)
    if Set(names).count < names.count {
      throw Failure(.configuration, "\(path): two policies are for one recipient")
    }
  }

  private static func read(_ path: String) throws -> [UInt8]? {
    do throws(ShareError) { return try DurableFile.read(path) } catch { throw Failure(error) }
  }

  private init(_ share: inout ConfigSection) throws(ConfigError) {
    func path(_ key: String, _ standard: String) throws(ConfigError) -> String {
      ShareSettings.resolve(try share.text(key) ?? standard, share.path)
    }
    directory = try path("directory", "/var/lib/weir/share")
    witness = try path("witness", "/var/lib/weir-witness")
    state = try path("state", "/run/weir/share")
    region = try share.text("region") ?? "001"
    guard Shares.isRegion(region) else {
      throw share.fault("region", "takes a sub-region of UN M49, such as \"154\"")
    }
    networks = try ShareSettings.networks(&share)
    screens = Screens(
      customerNetworks: networks.networks.compactMap { IPRange($0.prefix.address, $0.prefix.last) },
      operatorNetworks: try ShareSettings.ranges(&share, "operator_networks"),
      internalSuffixes: try share.texts("internal_suffixes"),
      organizationNames: try share.texts("organization_names"),
      isDemonstration: try share.flag("demonstration") ?? false)
    approvalsMin = Int(try share.integer("min_approvals", in: 2...64) ?? 2)
    excludedLabels = Set(try share.texts("excluded_labels").map { $0.lowercased() })
    try readEdges(&share)
    try readCategories(&share)
    try readFeeds(&share)
    try readStreams(&share)
    for file in try share.texts("recipients") {
      policies.append(try ShareSettings.policy(ShareSettings.resolve(file, share.path), share))
    }
  }

  /// Paths are relative to the file that names them.
  private static func resolve(_ path: String, _ file: String) -> String {
    if path.hasPrefix("/") { return path }
    let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
    return folder + path
  }

  private static func prefix(_ text: String) -> IPPrefix? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard let address = IPAddress(String(parts[0])), parts.count <= 2 else { return nil }
    guard parts.count == 2 else { return IPPrefix(address, length: address.family.bits) }
    guard let length = Int(parts[1]), (0...address.family.bits).contains(length) else { return nil }
    let prefix = IPPrefix(address, length: length)
    return prefix.address == address ? prefix : nil
  }

  /// The addresses of a prefix, or of one address; nil when the text is neither.
  static func range(_ text: String) -> IPRange? {
    prefix(text).flatMap { IPRange($0.address, $0.last) }
  }

  private static func ranges(
    _ share: inout ConfigSection, _ key: String
  ) throws(ConfigError) -> [IPRange] {
    var ranges: [IPRange] = []
    for text in try share.texts(key) {
      guard let range = range(text) else {
        throw share.fault(key, "holds \"\(text)\", which is no prefix")
      }
      ranges.append(range)
    }
    return ranges
  }

  private static func networks(
    _ share: inout ConfigSection
  ) throws(ConfigError) -> CustomerNetworks {
    var networks: [CustomerNetworks.Network] = []
    for var section in try share.sections("customer_networks") {
      guard let text = try section.text("prefix"), let prefix = prefix(text) else {
        throw section.fault("prefix", "takes a prefix such as 100.64.0.0/10")
      }
      let isFour = prefix.address.family == .v4
      let unit = try section.integer("unit", in: isFour ? 8...32 : 32...64)
      guard
        let network = CustomerNetworks.Network(prefix, unitBits: Int(unit ?? (isFour ? 32 : 56)))
      else { throw section.fault("unit", "is wider than the network") }
      try section.end()
      networks.append(network)
    }
    guard !networks.isEmpty, let whole = CustomerNetworks(networks) else {
      throw share.fault("customer_networks", "must be given, and none may overlap another")
    }
    return whole
  }

  private mutating func readEdges(_ share: inout ConfigSection) throws(ConfigError) {
    edge = try share.text("edge")
    opening = try share.text("opening").map { ShareSettings.resolve($0, share.path) }
    guard (edge == nil) == (opening == nil), edge.map(Shares.isName) ?? true else {
      throw share.fault("edge", "takes a name of a-z, 0-9 and dashes, and needs \"opening\"")
    }
    for var section in try share.sections("edges") {
      guard let name = try section.text("name"), Shares.isName(name), edges[name] == nil else {
        throw section.fault("name", "takes a name of a-z, 0-9 and dashes, once")
      }
      let bytes = try section.text("key").flatMap { Base64.decode($0, .url) }
      guard let key = bytes.flatMap(PublicKey.init(bytes:)) else {
        throw section.fault("key", "takes what \"weir share contribute --show-key\" prints")
      }
      edges[name] = key
      try section.end()
    }
  }

  private mutating func readCategories(_ share: inout ConfigSection) throws(ConfigError) {
    guard var section = try share.section("categories") else { return }
    for label in section.keys {
      guard let word = try section.text(label), let category = ShareCategory(rawValue: word) else {
        let known = ShareCategory.allCases.map(\.rawValue).joined(separator: ", ")
        throw section.fault(label, "takes one of \(known)")
      }
      categories[label] = category
    }
  }

  private mutating func readFeeds(_ share: inout ConfigSection) throws(ConfigError) {
    for var section in try share.sections("feeds") {
      guard let name = try section.text("name"), Shares.isName(name) else {
        throw section.fault("name", "takes a name of a-z, 0-9 and dashes")
      }
      let origin = try section.text("origin") ?? "local"
      guard ["public", "community", "local"].contains(origin) else {
        throw section.fault("origin", "takes public, community or local")
      }
      let isShared = try section.flag("share") ?? false
      if origin == "local", isShared {
        throw section.fault("share", "cannot be true for a feed of local origin")
      }
      let word = try section.text("tlp") ?? "red"
      guard let tlp = TLPMarking.allCases.first(where: { $0.name == word }) else {
        throw section.fault("tlp", "takes clear, green, amber, amber+strict or red")
      }
      let version = try section.text("version")
      if let version, UTCTime(version) == nil {
        throw section.fault("version", "takes a time such as 2026-11-15T23:00:00Z")
      }
      grants.append(
        Grant(
          name: name, isPublic: origin != "local", isShared: isShared,
          mayBeRedistributed: try section.flag("redistribute") ?? false, tlp: tlp,
          version: version.flatMap { UTCTime($0) }))
      try section.end()
    }
  }

  private mutating func readStreams(_ share: inout ConfigSection) throws(ConfigError) {
    let cap = try ShareSettings.rational(&share, "cap")
    let edges = try share.integer("max_edges_per_unit", in: 1...8)
    guard var section = try share.section("streams") else { return }
    for name in section.keys {
      // The others are a matter of totals and of unused networks, which this version does not count.
      guard name == ReleaseStream.indicatorsOut.rawValue, var stream = try section.section(name)
      else { throw section.fault(name, "is not a stream of this version: indicators-out") }
      var parameters = ReleaseParameters(.indicatorsOut)
      if let cap { parameters.cap = cap }
      parameters.epsilon = try ShareSettings.rational(&stream, "epsilon") ?? parameters.epsilon
      parameters.cellsPerUnit = try stream.integer("cells", in: 1...64) ?? parameters.cellsPerUnit
      parameters.minimum = try stream.integer("k", in: 20...100_000) ?? parameters.minimum
      parameters.edgesPerUnit = edges ?? 1
      let bits = networks.networks
      parameters.unitBitsV4 = Int64(
        bits.filter { $0.prefix.address.family == .v4 }.map(\.unitBits).max() ?? 32)
      parameters.unitBitsV6 = Int64(
        bits.filter { $0.prefix.address.family == .v6 }.map(\.unitBits).max() ?? 56)
      try stream.end()
      streams[.indicatorsOut] = parameters
    }
  }

  private static func rational(
    _ section: inout ConfigSection, _ key: String
  ) throws(ConfigError) -> Rational? {
    guard let text = try section.text(key) else { return nil }
    guard let value = Rational(text), value.numerator > 0, value.numerator <= 1_000_000,
      value.denominator <= 1_000_000
    else { throw section.fault(key, "takes a fraction such as 1/2") }
    return value
  }

  /// Reads a policy file, which is YAML or JSON.
  private static func policy(
    _ path: String, _ share: ConfigSection
  ) throws(ConfigError) -> RecipientPolicy {
    do throws(ShareError) {
      guard let bytes = try DurableFile.read(path) else {
        throw ShareError.configuration("no such file")
      }
      let root: ConfigNode
      do throws(ConfigError) { root = try YAMLReader.read(bytes, path: path) } catch {
        throw ShareError.configuration("line \(error.line): \(error.words)")
      }
      return try RecipientPolicy(try Shares.json(root, key: ""))
    } catch {
      throw ConfigError(path: path, line: 0, error.words)
    }
  }
}

/// Small words between configuration and sharing.
enum Shares {
  static func isName(_ text: String) -> Bool {
    (1...63).contains(text.utf8.count) && !text.hasPrefix("-")
      && text.utf8.allSatisfy { (48...57).contains($0) || (97...122).contains($0) || $0 == 45 }
  }

  static func isRegion(_ text: String) -> Bool {
    text.utf8.count == 3 && text.utf8.allSatisfy { (48...57).contains($0) }
  }

  /// A policy's value; all are texts but one number.
  static func json(_ node: ConfigNode, key: String) throws(ShareError) -> CanonicalJSON {
    switch node.content {
    case .scalar(let text, _):
      guard text.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) else {
        throw .configuration("line \(node.line): only printable ASCII may be in a policy")
      }
      guard key == "retention_days" else { return .string(text) }
      return Int64(text).map { .integer($0) } ?? .string(text)
    case .list(let items):
      var values: [CanonicalJSON] = []
      for item in items { values.append(try json(item, key: key)) }
      return .array(values)
    case .section(let entries):
      var members: [String: CanonicalJSON] = [:]
      for entry in entries {
        guard members[entry.key] == nil, entry.key.utf8.allSatisfy({ (0x20...0x7e).contains($0) })
        else { throw .configuration("line \(entry.line): \"\(entry.key)\" is given twice") }
        members[entry.key] = try json(entry.value, key: entry.key)
      }
      return .object(members)
    }
  }
}

extension Failure {
  /// What the sharing side says, with the status that it means.
  init(_ error: ShareError) {
    let status: ExitStatus =
      switch error {
      case .refused: .notPermitted
      case .configuration: .configuration
      case .tooEarly: .tryLater
      case .damaged: .damagedInput
      case .file: .readOrWriteError
      case .entropy: .unavailable
      }
    self.init(status, error.words)
  }
}

/// Calls what throws `ShareError` where `Failure` is thrown.
func sharing<Value: ~Copyable>(_ body: () throws(ShareError) -> Value) throws(Failure) -> Value {
  do throws(ShareError) { return try body() } catch { throw Failure(error) }
}
