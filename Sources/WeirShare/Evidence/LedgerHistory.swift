import WeirCrypto

/// What a ledger tells, followed line by line.
///
/// Every rule of the ledger is checked here, by the one who writes it and by the
/// one who audits it.
public struct LedgerHistory: Sendable {
  /// What became of a release so far.
  public enum State: String, Sendable { case opened, drawn, sealed, burned }

  /// One release.
  public struct Release: Sendable {
    /// Its stream.
    public let stream: ReleaseStream
    /// Its window.
    public let window: ReleaseWindow
    /// The body of its `open` line.
    public let opening: CanonicalJSON
    /// How far it is.
    public fileprivate(set) var state = State.opened
    /// Minutes of its window that were counted; nil before the draw.
    public fileprivate(set) var coverageMinutes: Int64?
    /// The root of its table; nil before the seal.
    public fileprivate(set) var root: String?
    /// The cells of its table.
    public fileprivate(set) var total: Int64?
  }

  /// All releases by their ids.
  public private(set) var releases: [String: Release] = [:]
  /// The line that came last.
  public private(set) var last: LedgerLine?
  /// The key in force.
  public private(set) var key: PublicKey?
  /// Who writes this ledger.
  public private(set) var producer = ""
  /// Its origin, as in its checkpoint.
  public private(set) var origin = ""
  /// What was spent.
  public private(set) var budget = Budget()
  /// The policy in force by the commitment to its recipient; nil behind a revocation.
  public private(set) var policies: [String: String?] = [:]
  /// The end of the last window of each stream.
  public private(set) var ends: [ReleaseStream: UTCTime] = [:]

  /// Nothing yet.
  public init() {}

  /// Takes the next line in, or says which rule it breaks.
  public mutating func take(_ line: LedgerLine) throws(LedgerFault) {
    try checkChain(line)
    switch line.kind {
    case .genesis: try takeGenesis(line)
    case .policy: try takePolicy(line)
    case .open: try takeOpen(line)
    case .draw, .seal, .burn, .disclose: try takeStep(line)
    case .revoke: policies[try commitment(line)] = .some(nil)
    case .rotate: try takeRotation(line)
    }
    last = line
  }

  private func checkChain(_ line: LedgerLine) throws(LedgerFault) {
    let expected =
      last.map { Hexadecimal.encode(SHA256.digest($0.text)) }
      ?? String(repeating: "0", count: 64)
    guard line.number == (last.map { $0.number + 1 } ?? 0) else {
      throw LedgerFault("it has the number \(line.number)")
    }
    guard line.previous == expected else {
      throw LedgerFault("it does not follow from the line before")
    }
    guard (line.kind == .genesis) == (last == nil) else {
      throw LedgerFault("the first line, and only it, is a genesis")
    }
    if let last, line.at < last.at { throw LedgerFault("its time lies before the last line's") }
  }

  private mutating func takeGenesis(_ line: LedgerLine) throws(LedgerFault) {
    key = try LedgerHistory.key(line)
    guard let producer = line.body["producer"]?.string, let origin = line.body["origin"]?.string,
      producer == key?.producer
    else { throw LedgerFault("the producer does not follow from the first key") }
    self.producer = producer
    self.origin = origin
  }

  static func key(_ line: LedgerLine) throws(LedgerFault) -> PublicKey {
    guard let bytes = line.body["x"]?.string.flatMap({ Base64.decode($0, .url) }),
      let key = PublicKey(bytes: bytes), key.identifier == line.body["kid"]?.string
    else { throw LedgerFault("the key is not the one that its thumbprint names") }
    return key
  }

  /// What an old key signs to hand over to a new one.
  static func handover(to key: PublicKey) -> [UInt8] {
    Array("weir.rotate/1\n\(key.identifier)\n".utf8)
  }

  private mutating func takeRotation(_ line: LedgerLine) throws(LedgerFault) {
    let next = try LedgerHistory.key(line)
    guard let old = key,
      let signature = line.body["signature"]?.string.flatMap({ Base64.decode($0, .url) }),
      Ed25519.verifies(
        signature, of: LedgerHistory.handover(to: next), publicKey: old.bytes)
    else { throw LedgerFault("the new key was not signed by the one before") }
    key = next
  }

  private func commitment(_ line: LedgerLine) throws(LedgerFault) -> String {
    guard let commitment = line.body["recipient_commit"]?.string else {
      throw LedgerFault("it has no commitment")
    }
    return commitment
  }

  private mutating func takePolicy(_ line: LedgerLine) throws(LedgerFault) {
    policies[try commitment(line)] = line.body["policy_sha256"]?.string
  }

  private mutating func takeOpen(_ line: LedgerLine) throws(LedgerFault) {
    guard let id = line.release,
      let stream = line.body["stream"]?.string.flatMap(ReleaseStream.init(rawValue:)),
      let window = ReleaseWindow(stream, json: line.body["window"])
    else { throw LedgerFault("the stream has no such window") }
    guard id == window.releaseID(stream, producer: producer) else {
      throw LedgerFault("the release id does not follow from the window")
    }
    guard releases[id] == nil else { throw LedgerFault("the window was opened before") }
    if let end = ends[stream], window.start < end {
      throw LedgerFault("the window overlaps one of the same stream, or lies before it")
    }
    let charge = try LedgerHistory.charge(window, line.body["privacy"])
    releases[id] = Release(stream: stream, window: window, opening: line.body)
    ends[stream] = window.end
    guard let spent = try? budget.spent(with: charge), spent.isAllowed,
      spent.sum == Rational(json: line.body["privacy"]?["budget"]?["spent"])
    else { throw LedgerFault("the budget of 30 days is overrun, or its sum is wrong") }
    budget.charge(charge)
  }

  /// Checks the parameters of a release against each other.
  static func checkParameters(
    _ window: ReleaseWindow, _ privacy: CanonicalJSON?
  ) throws(LedgerFault) {
    let cost = try charge(window, privacy)
    guard let spent = Rational(json: privacy?["budget"]?["spent"]), spent <= cost.cap,
      cost.epsilon <= spent
    else { throw LedgerFault("the budget of 30 days is overrun") }
  }

  private static func charge(
    _ window: ReleaseWindow, _ privacy: CanonicalJSON?
  ) throws(LedgerFault) -> Budget.Charge {
    guard let privacy, let epsilon = Rational(json: privacy["epsilon"]),
      let cap = Rational(json: privacy["budget"]?["cap"]),
      Rational(json: privacy["budget"]?["spent"]) != nil,
      let scale = Rational(json: privacy["scale"])
    else { throw LedgerFault("a fraction is not in lowest terms") }
    guard let cells = privacy["contribution_cells"]?.integer,
      let perCell = privacy["contribution_per_cell"]?.integer,
      let edges = privacy["max_edges_per_unit"]?.integer,
      scale == (try? epsilon.dividing(UInt64(cells * perCell * edges)))
    else { throw LedgerFault("the scale of the noise is not contribution / epsilon") }
    guard let threshold = privacy["threshold"]?.integer, let minimum = privacy["k_min"]?.integer,
      threshold >= minimum, minimum >= 20
    else { throw LedgerFault("the threshold lies below k, or k below 20") }
    return Budget.Charge(window, epsilon: epsilon, cap: cap)
  }

  private mutating func takeStep(_ line: LedgerLine) throws(LedgerFault) {
    guard let id = line.release, var release = releases[id] else {
      throw LedgerFault("the window was never opened")
    }
    switch (line.kind, release.state) {
    case (.draw, .opened):
      release.state = .drawn
      release.coverageMinutes = line.body["coverage_minutes"]?.integer
    case (.seal, .drawn):
      release.state = .sealed
      release.root = line.body["cells_root"]?.string
      release.total = line.body["cells_total"]?.integer
    case (.burn, .opened), (.burn, .drawn): release.state = .burned
    case (.disclose, .sealed):
      guard let policy = policies[try commitment(line)] ?? nil,
        policy == line.body["policy_sha256"]?.string
      else { throw LedgerFault("the policy was not in force") }
    case (.draw, _): throw LedgerFault("a second draw for one window")
    case (.seal, _): throw LedgerFault("a seal without a draw, or a second one")
    default:
      throw LedgerFault("\(line.kind.rawValue) of a release that is \(release.state.rawValue)")
    }
    releases[id] = release
  }
}
