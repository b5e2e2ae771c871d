import WeirCrypto
import WeirModel

/// Checks a bundle with public material only: `Documentation/disclosure-format.md`, in its order.
public struct BundleAudit {
  /// What the auditor knows besides the bundle.
  public struct Knowledge {
    /// The producer's key, learned by another way.
    public var key: PublicKey?
    /// A checkpoint from before.
    public var since: [UInt8]?
    /// Key sets by feed.
    public var lists: [String: [UInt8]] = [:]
    /// Networks that no indicator may touch.
    public var forbidden: [IPRange] = []
    /// Whether addresses for documentation may be shown.
    public var isDemonstration = false

    /// Nothing.
    public init() {}
  }

  private let files: [String: [UInt8]]
  private let knowledge: Knowledge
  private var report = AuditReport()

  private init(_ files: [String: [UInt8]], _ knowledge: Knowledge) {
    self.files = files
    self.knowledge = knowledge
  }

  /// Checks the files of a bundle, by name.
  public static func report(_ files: [String: [UInt8]], _ knowledge: Knowledge) -> AuditReport {
    var audit = BundleAudit(files, knowledge)
    audit.run()
    return audit.report
  }

  private mutating func run() {
    let missing = DisclosureBundle.names.filter { files[$0] == nil }
    report.note("files", missing.isEmpty, else: "missing: \(missing.joined(separator: ", "))")
    guard missing.isEmpty, let key = checkKey(),
      let document = read("disclosure.json", Shapes.disclosure)
    else { return }
    report.note(
      "signature",
      DetachedSignature.verifies(
        files["disclosure.jws"] ?? [], payload: files["disclosure.json"] ?? [], key: key),
      else: "disclosure.jws is no signature of disclosure.json by key.jwk")
    guard let header = document["header"], let policy = document["policy"] else { return }
    report.note(
      "kid", header["producer"]?["kid"]?.string == key.identifier,
      else: "the document names another key")
    checkHeader(header)
    checkPolicy(policy, header)
    checkCells(document, header, policy)
    checkDomain(document, header)
    checkViews()
    guard let proof = read("proof.json", Shapes.proof), let head = checkHead(proof, key) else {
      return
    }
    checkEntries(proof, head, key, document)
    checkSince(proof, head, key)
  }

  private mutating func checkKey() -> PublicKey? {
    let key = PublicKey(jwk: files["key.jwk"] ?? [])
    report.note("key", key != nil, else: "key.jwk is no canonical JWK of Ed25519")
    if let pinned = knowledge.key {
      report.note("pinned key", key == pinned, else: "key.jwk is not the key that you know")
    }
    return key
  }

  /// Reads a file that must be canonical and of a shape.
  private mutating func read(_ name: String, _ shape: Shape) -> CanonicalJSON? {
    let bytes = files[name] ?? []
    guard bytes.last == UInt8(ascii: "\n") else {
      report.note(name, "no line feed at the end")
      return nil
    }
    do throws(CanonicalFault) {
      let json = try CanonicalJSON(canonical: Array(bytes.dropLast()))
      let fault = shape.fault(json)
      report.note(name, fault)
      return fault == nil ? json : nil
    } catch {
      report.note(name, "not canonical: \(error.description) at byte \(error.offset)")
      return nil
    }
  }

  private mutating func checkHeader(_ header: CanonicalJSON) {
    guard let stream = header["stream"]?.string.flatMap(ReleaseStream.init(rawValue:)),
      let window = ReleaseWindow(stream, json: header["window"])
    else { return report.note("window", "the stream has no such window") }
    report.note(
      "window", header["made"]?.string == window.made.description,
      else: "made is not two hours behind the window's end")
    let producer = header["producer"]?["id"]?.string ?? ""
    report.note(
      "release id", header["release_id"]?.string == window.releaseID(stream, producer: producer),
      else: "it does not follow from the window")
  }

  private mutating func checkPolicy(_ json: CanonicalJSON, _ header: CanonicalJSON) {
    guard let policy = try? RecipientPolicy(json),
      let made = header["made"]?.string.flatMap(UTCTime.init),
      let stream = header["stream"]?.string.flatMap(ReleaseStream.init(rawValue:))
    else { return report.note("policy", "not understood") }
    let markings = (header["domain"]?.array ?? []).map { feed in
      TLPMarking.allCases.first { $0.name == feed["tlp"]?.string } ?? .red
    }
    let isEarly = policy.approvals.allSatisfy { $0.at < made }
    report.note(
      "policy",
      isEarly
        ? policy.refusal(stream: stream, made: made, feedMarkings: markings)
        : "an approval that was given after the release")
  }

  private mutating func checkCells(
    _ document: CanonicalJSON, _ header: CanonicalJSON, _ policyJSON: CanonicalJSON
  ) {
    guard let policy = try? RecipientPolicy(policyJSON),
      let total = document["cells_total"]?.integer,
      let root = header["cells_root"]?.string.flatMap(Hexadecimal.decode),
      let threshold = header["privacy"]?["threshold"]?.integer
    else { return report.note("cells", "not understood") }
    let screens = Screens(
      customerNetworks: knowledge.forbidden, isDemonstration: knowledge.isDemonstration)
    let feeds = Set((header["domain"]?.array ?? []).compactMap { $0["feed"]?.string })
    var last: Int64 = -1
    var lastText: [UInt8] = []
    for entry in document["cells"]?.array ?? [] {
      guard let index = entry["index"]?.integer, let cell = entry["cell"],
        let salt = entry["salt"]?.string.flatMap(Hexadecimal.decode),
        let path = BundleAudit.hashes(entry["path"])
      else { return report.note("cells", "not understood") }
      let fault = BundleAudit.fault(
        cell, policy: policy, threshold: threshold, feeds: feeds, screens: screens)
      if let fault { return report.note("cells", "cell \(index): \(fault)") }
      guard index > last, lastText.lexicographicallyPrecedes(cell.bytes) else {
        return report.note("cells", "cell \(index): out of order")
      }
      (last, lastText) = (index, cell.bytes)
      guard
        MerkleProof.includes(
          leaf: MerkleTree.leaf(salt + cell.bytes), at: Int(index), size: Int(total), root: root,
          path: path)
      else { return report.note("cells", "cell \(index): not in the table that was sealed") }
    }
    report.note("cells", nil)
  }

  private static func hashes(_ json: CanonicalJSON?) -> [Hash]? {
    guard let texts = json?.array else { return nil }
    let hashes = texts.compactMap { $0.string.flatMap(Hexadecimal.decode) }
    return hashes.count == texts.count ? hashes : nil
  }

  private static func fault(
    _ cell: CanonicalJSON, policy: RecipientPolicy, threshold: Int64, feeds: Set<String>,
    screens: Screens
  ) -> String? {
    if !policy.takes(cell) { return "its category or region is not in the policy" }
    if (cell["victims"]?.integer ?? 0) < threshold { return "its number lies below the threshold" }
    if let feed = cell["feed"]?.string, !feeds.contains(feed) { return "its feed is not named" }
    guard let indicator = cell["indicator"] else { return nil }
    guard let type = indicator["type"]?.string.flatMap(SharedIndicator.Form.init(rawValue:)),
      let value = indicator["value"]?.string, cell["feed"] != nil
    else { return "its indicator is of no feed" }
    return screens.refusal(of: SharedIndicator(type, value)).map { "screened: \($0.rawValue)" }
  }

  /// The key sets that the auditor has are those of the header, and hold every cell.
  private mutating func checkDomain(_ document: CanonicalJSON, _ header: CanonicalJSON) {
    for name in knowledge.lists.keys.sorted() {
      guard let list = knowledge.lists[name] else { continue }
      let feed = header["domain"]?.array?.first { $0["feed"]?.string == name }
      guard feed?["sha256"]?.string == Hexadecimal.encode(SHA256.digest(list)) else {
        report.note("feed \(name)", "it is not the key set that was fixed at the window's opening")
        continue
      }
      let keys = Set(list.split(separator: UInt8(ascii: "\n")).map(Array.init))
      let stranger = (document["cells"]?.array ?? []).first { entry in
        guard var key = entry["cell"], key["feed"]?.string == name else { return false }
        key["victims"] = nil
        return !keys.contains(key.bytes)
      }
      report.note("feed \(name)", stranger == nil, else: "a cell is not of the key set")
    }
  }

  /// The views that came along are those of this very document.
  private mutating func checkViews() {
    let views = DisclosureViews.make(files["disclosure.json"] ?? []) ?? [:]
    for name in DisclosureViews.names {
      guard let given = files[name] else { continue }
      report.note(name, given == views[name], else: "it does not follow from disclosure.json")
    }
  }

  // MARK: The ledger

  private mutating func checkHead(_ proof: CanonicalJSON, _ key: PublicKey) -> Checkpoint? {
    guard let head = Checkpoint(files["checkpoint"] ?? [], key: key) else {
      report.note("checkpoint", "it is not signed by key.jwk, or not in the one form")
      return nil
    }
    let isSame = proof["size"]?.integer == Int64(head.size)
    report.note("checkpoint", isSame, else: "proof.json is for another size")
    return isSame ? head : nil
  }

  private mutating func checkEntries(
    _ proof: CanonicalJSON, _ head: Checkpoint, _ key: PublicKey, _ document: CanonicalJSON
  ) {
    var lines: [LedgerLine] = []
    for entry in proof["entries"]?.array ?? [] {
      guard let number = entry["seq"]?.integer, let text = entry["line"]?.string,
        let path = BundleAudit.hashes(entry["path"]), let line = try? LedgerLine(Array(text.utf8)),
        line.number == Int(number), line.number > lines.last?.number ?? -1
      else { return report.note("ledger lines", "an entry that is no line, or out of order") }
      guard
        MerkleProof.includes(
          leaf: line.leaf, at: line.number, size: head.size, root: head.root, path: path)
      else { return report.note("ledger lines", "line \(number) is not in the ledger") }
      lines.append(line)
    }
    guard let release = LinesOfRelease(lines) else {
      return report.note("ledger lines", "they are not genesis, open, draw, seal and disclose")
    }
    report.note(
      "ledger lines", release.fault(document, head, key, files["disclosure.json"] ?? []))
  }

  private mutating func checkSince(_ proof: CanonicalJSON, _ head: Checkpoint, _ key: PublicKey) {
    let later = (size: head.size, root: head.root)
    if let given = proof["consistency"] {
      guard let size = given["size"]?.integer,
        let root = given["root"]?.string.flatMap(Hexadecimal.decode),
        let path = BundleAudit.hashes(given["path"]),
        MerkleProof.isPrefix((Int(size), root), of: later, path: path)
      else { return report.note("consistency", "the earlier ledger is not a prefix of this one") }
      report.note("consistency", nil)
    }
    guard let since = knowledge.since else { return }
    guard let earlier = Checkpoint(since, key: key), earlier.origin == head.origin else {
      return report.note("since", "it is of another ledger, or was not signed by this key")
    }
    if earlier.size > head.size { return report.note("since", "the ledger is shorter than it was") }
    let isKnown =
      earlier.size == head.size
      ? earlier.root == head.root
      : proof["consistency"]?["size"]?.integer == Int64(earlier.size)
        && proof["consistency"]?["root"]?.string == Hexadecimal.encode(earlier.root)
    report.note(
      "since", isKnown,
      else: "nothing proves that the ledger of then is a part of this one; it may be another story")
  }
}
