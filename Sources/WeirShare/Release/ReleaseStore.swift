import WeirCrypto
import WeirModel

/// Everything of the sharing side that lasts: key, ledger, sealed tables.
///
/// One process at a time. A window goes open → draw → seal, each step on the disk before the next begins; what was interrupted
/// behind the draw is burned, never drawn again.
public struct ReleaseStore: ~Copyable {
  /// The ledger.
  public private(set) var ledger: Ledger
  private var key: SigningKey
  private let recipients: RecipientSeed
  private let folder: String
  private let software: String
  private let lock: FileLock

  /// Opens a store and finishes what a crash left unfinished; makes one, with a new key, where there is none.
  ///
  /// - Parameters:
  ///   - folder: ledger, key and tables.
  ///   - witness: another folder, for the mark that shows a ledger that is older than it was.
  ///   - now: the time; nothing goes on when it lies before the ledger's last line.
  public static func open(
    folder: String, witness: String, version: String, now: UTCTime
  ) throws(ShareError) -> ReleaseStore {
    try DurableFile.makeFolder(folder + "/sealed")
    try DurableFile.makeFolder(folder + "/domains")
    try DurableFile.makeFolder(witness)
    guard let lock = try DurableFile.lock(folder + "/lock") else {
      throw .tooEarly("\(folder): another process is at work there")
    }
    var ledger = try Ledger(folder: folder, witness: witness)
    if !ledger.lines.isEmpty, !DurableFile.exists(folder + "/key.pem") {
      throw .damaged("\(folder)/key.pem: missing")
    }
    try ReleaseStore.finishRotation(folder, to: ledger.history.key)
    let key = try SigningKey.readOrMake(folder + "/key.pem")
    if !ledger.lines.isEmpty, !DurableFile.exists(folder + "/recipients.key") {
      throw .damaged("\(folder)/recipients.key: missing: who was revoked cannot be known")
    }
    let recipients = try RecipientSeed(folder + "/recipients.key")
    if ledger.lines.isEmpty {
      let producer = key.publicKey.producer
      try ledger.append(
        .genesis,
        [
          "kid": .string(key.publicKey.identifier), "x": .string(key.publicKey.x),
          "origin": .string(Namespace.origin(producer: producer)), "producer": .string(producer),
        ], at: UTCTime(seconds: 946_684_800) ?? now)
    }
    guard ledger.history.key == key.publicKey else {
      throw .damaged("\(folder)/key.pem: it is not the key that the ledger names")
    }
    if let last = ledger.lines.last, now < last.at {
      throw .refused("the clock shows \(now), before the ledger's last line of \(last.at)")
    }
    var store = ReleaseStore(
      lock: lock, ledger: ledger, key: key, recipients: recipients, folder: folder,
      software: "weir/\(version)")
    try store.recover()
    return store
  }

  private init(
    lock: consuming FileLock, ledger: consuming Ledger, key: consuming SigningKey,
    recipients: consuming RecipientSeed, folder: String, software: String
  ) {
    self.lock = lock
    self.ledger = ledger
    self.key = key
    self.recipients = recipients
    self.folder = folder
    self.software = software
  }

  /// A release whose noise may have been drawn is complete when its table is there, and else burned.
  private mutating func recover() throws(ShareError) {
    for (id, release) in ledger.history.releases where release.state == .drawn {
      if let table = try readTable(id) {
        try appendSeal(id, table, release)
      } else {
        try ledger.append(
          .burn, ["release_id": .string(id), "reason": "interrupted"], at: release.window.made)
      }
    }
  }

  /// The public key.
  public var publicKey: PublicKey { key.publicKey }

  /// The signed head of the ledger.
  public func checkpoint() -> [UInt8] { ledger.checkpoint(key: key) }

  // MARK: The key

  /// Hands over to a new key, which the old one signs for in the ledger.
  public mutating func rotate() throws(ShareError) {
    let next = try SigningKey.make()
    guard let last = ledger.lines.last else { throw .damaged("the ledger is empty") }
    // The new key is on the disk before the ledger names it, and takes its place after: whenever this is cut off, one of
    // the two files is the key that the ledger names.
    try DurableFile.replace(folder + "/key.pem.next", with: next.pem())
    let signature = key.sign(LedgerHistory.handover(to: next.publicKey))
    try ledger.append(
      .rotate,
      [
        "kid": .string(next.publicKey.identifier), "x": .string(next.publicKey.x),
        "signature": .string(Base64.encode(signature, .url)),
      ], at: last.at)
    try ReleaseStore.finishRotation(folder, to: next.publicKey)
    key = next
  }

  private static func finishRotation(_ folder: String, to key: PublicKey?) throws(ShareError) {
    guard let pem = try DurableFile.read(folder + "/key.pem.next"),
      SigningKey(pem: pem)?.publicKey == key
    else { return }
    try DurableFile.replace(folder + "/key.pem", with: pem)
    try DurableFile.remove(folder + "/key.pem.next")
  }

  // MARK: A window

  /// Opens a window: charges its epsilon and commits to its key set.
  ///
  /// - Returns: the release id.
  public mutating func open(
    _ stream: ReleaseStream, _ window: ReleaseWindow, _ parameters: ReleaseParameters,
    domain: ShareDomain, region: String
  ) throws(ShareError) -> String {
    let id = window.releaseID(stream, producer: ledger.history.producer)
    guard !domain.keys.isEmpty else {
      throw .refused("no indicator may be shared: every one was screened out")
    }
    let charge = Budget.Charge(window, epsilon: parameters.epsilon, cap: parameters.cap)
    guard let spent = try? ledger.history.budget.spent(with: charge),
      let privacy = try? parameters.privacy(cells: domain.keys.count, spent: spent.sum)
    else { throw .configuration("the fractions of the budget are too large") }
    guard spent.isAllowed else {
      throw .refused(
        "the budget does not allow it: \(spent.sum) over 30 days, and the cap is \(parameters.cap)")
    }
    for (feed, list) in domain.lists {
      try DurableFile.replace("\(folder)/domains/\(id)-\(feed).jsonl", with: list)
    }
    try ledger.append(
      .open,
      [
        "release_id": .string(id), "stream": .string(stream.rawValue), "window": window.json,
        "privacy": privacy, "domain": domain.feeds, "cells": .integer(Int64(domain.keys.count)),
        "region": .string(region),
      ], at: window.start)
    return id
  }

  /// A window that was opened, its keys read back and checked against what the ledger committed to.
  public func opening(of id: String) throws(ShareError) -> WindowOpening {
    guard let release = ledger.history.releases[id] else {
      throw .refused("\(id): no such window was opened")
    }
    let folder = folder
    var body = release.opening
    // The time of the line says nothing that the window does not.
    body["at"] = nil
    return try WindowOpening(body) { feed throws(ShareError) in
      try DurableFile.read("\(folder)/domains/\(id)-\(feed).jsonl")
    }
  }

  /// What an edge needs to count for a window, by file name.
  public func openingFiles(of id: String) throws(ShareError) -> [String: [UInt8]] {
    guard var body = ledger.history.releases[id]?.opening else {
      throw .refused("\(id): no such window was opened")
    }
    body["at"] = nil
    var files = [WindowOpening.fileName: body.bytes + [UInt8(ascii: "\n")]]
    for feed in body["domain"]?.array ?? [] {
      let name = feed["feed"]?.string ?? ""
      let path = "\(folder)/domains/\(id)-\(name).jsonl"
      guard let list = try DurableFile.read(path) else { throw .damaged("\(path): missing") }
      files[WindowOpening.listName(feed: name)] = list
    }
    return files
  }

  /// Draws the noise, once, and seals the table.
  ///
  /// - Parameters:
  ///   - counts: how many customer blocks count in each cell.
  ///   - now: not before the window's fixed time of publication.
  public mutating func seal(
    _ id: String, counts: consuming [UInt32], coverageMinutes: Int64, now: UTCTime
  ) throws(ShareError) -> SealedTable {
    guard let release = ledger.history.releases[id] else {
      throw .refused("\(id): no such window was opened")
    }
    guard now >= release.window.made else {
      throw .tooEarly("\(id) is made at \(release.window.made), whatever was counted")
    }
    guard release.state == .opened else {
      throw .refused("\(id) is \(release.state.rawValue) already")
    }
    let keys = try opening(of: id).keys
    let privacy = release.opening["privacy"]
    guard let scale = Rational(json: privacy?["scale"]), let noise = DiscreteLaplace(scale: scale),
      let threshold = privacy?["threshold"]?.integer, keys.count == counts.count
    else { throw .damaged("\(id): the counts do not belong to this window") }
    try ledger.append(
      .draw, ["release_id": .string(id), "coverage_minutes": .integer(coverageMinutes)],
      at: release.window.made)
    let reservation = Reservation(
      release: id, keys: keys, noise: noise, threshold: threshold)
    let table: SealedTable
    do throws(EntropyError) { table = try reservation.draw(counts) } catch { throw .entropy }
    try DurableFile.replace("\(folder)/sealed/\(id).json", with: table.file)
    try appendSeal(id, table, release)
    return table
  }

  private mutating func appendSeal(
    _ id: String, _ table: SealedTable, _ release: LedgerHistory.Release
  ) throws(ShareError) {
    try ledger.append(
      .seal,
      [
        "release_id": .string(id), "cells_root": .string(Hexadecimal.encode(table.root)),
        "cells_total": .integer(Int64(table.entries.count)),
      ], at: release.window.made)
  }

  /// Gives a window up; its epsilon stays spent.
  public mutating func burn(_ id: String, reason: String) throws(ShareError) {
    guard let release = ledger.history.releases[id] else {
      throw .refused("\(id): no such window was opened")
    }
    try ledger.append(
      .burn, ["release_id": .string(id), "reason": .string(reason)], at: release.window.made)
  }

  private func readTable(_ id: String) throws(ShareError) -> SealedTable? {
    let path = "\(folder)/sealed/\(id).json"
    return try DurableFile.read(path).flatMap { SealedTable(file: $0, release: id) }
  }

  // MARK: Recipients

  /// The very bytes that a recipient would get of a release, or why it gets none.
  public func preview(
    _ id: String, _ policy: RecipientPolicy, approvalsMin: Int = RecipientPolicy.approvalsMin
  ) throws(ShareError) -> [UInt8] {
    guard let release = ledger.history.releases[id], release.state == .sealed else {
      throw .refused("\(id) is not sealed")
    }
    let feeds = release.opening["domain"]?.array ?? []
    let markings = feeds.map { feed in
      TLPMarking.allCases.first { $0.name == feed["tlp"]?.string } ?? .red
    }
    if let refusal = policy.refusal(
      stream: release.stream, made: release.window.made, feedMarkings: markings,
      approvalsMin: approvalsMin)
    {
      throw .refused(refusal)
    }
    // The dictionary holds an optional: a policy that was revoked is there without a value.
    if let state = ledger.history.policies[recipients.commitment(to: policy.recipient)],
      state == nil,
      isRevoked(policy)
    {
      throw .refused("the policy for \(policy.recipient) was revoked; a new one is needed")
    }
    guard let table = try readTable(id), Hexadecimal.encode(table.root) == release.root,
      let header = Disclosure.header(
        id, release, producer: ledger.history.producer, kid: key.publicKey.identifier,
        software: software)
    else { throw .damaged("\(folder)/sealed/\(id).json: missing, or not what was sealed") }
    return Disclosure.document(header: header, table: table, policy: policy)
  }

  /// Whether this very policy was in force for its recipient before it was revoked.
  private func isRevoked(_ policy: RecipientPolicy) -> Bool {
    let commitment = recipients.commitment(to: policy.recipient)
    return ledger.lines.contains {
      $0.kind == .policy && $0.body["recipient_commit"]?.string == commitment
        && $0.body["policy_sha256"]?.string == policy.digest
    }
  }

  /// Writes down that a recipient gets a release, and makes the bundle.
  ///
  /// Doing it again gives the same document.
  public mutating func disclose(
    _ id: String, _ policy: RecipientPolicy, since: Checkpoint? = nil,
    approvalsMin: Int = RecipientPolicy.approvalsMin
  ) throws(ShareError) -> DisclosureBundle {
    let document = try preview(id, policy, approvalsMin: approvalsMin)
    guard let made = ledger.history.releases[id]?.window.made else {
      throw .refused("\(id): no such window was opened")
    }
    let commitment = CanonicalJSON.string(recipients.commitment(to: policy.recipient))
    if (ledger.history.policies[recipients.commitment(to: policy.recipient)] ?? nil)
      != policy.digest
    {
      try ledger.append(
        .policy, ["policy_sha256": .string(policy.digest), "recipient_commit": commitment], at: made
      )
    }
    let body: CanonicalJSON = [
      "release_id": .string(id), "policy_sha256": .string(policy.digest),
      "recipient_commit": commitment,
      "disclosure_sha256": .string(Hexadecimal.encode(SHA256.digest(document))),
    ]
    let earlier = ledger.lines.first { line in
      var known = line.body
      known["at"] = nil
      return line.kind == .disclose && known == body
    }
    let line = if let earlier { earlier } else { try ledger.append(.disclose, body, at: made) }
    let lines = ledger.lines.filter { other in
      switch other.kind {
      case .genesis, .rotate: true
      case .open, .draw, .seal: other.release == id
      case .disclose: other.number == line.number
      case .policy, .burn, .revoke: false
      }
    }
    var files = DisclosureViews.make(document) ?? [:]
    files.merge([
      "disclosure.json": document,
      "disclosure.jws": DetachedSignature.make(document, key: key),
      "proof.json": Disclosure.proof(lines, in: ledger.tree, since: since),
      "checkpoint": ledger.checkpoint(key: key), "key.jwk": key.publicKey.jwk,
    ]) { _, evidence in evidence }
    return DisclosureBundle(files: files)
  }

  /// Ends what a recipient gets; what it has cannot be called back.
  public mutating func revoke(_ recipient: String, now: UTCTime) throws(ShareError) {
    try ledger.append(
      .revoke, ["recipient_commit": .string(recipients.commitment(to: recipient))],
      at: UTCTime(seconds: now.day * 86_400) ?? now)
  }
}

/// The right to draw the noise of one window: it is used up by drawing, so that nobody can write a second draw.
struct Reservation: ~Copyable {
  let release: String
  let keys: [CellKey]
  let noise: DiscreteLaplace
  let threshold: Int64

  /// Draws with the kernel's random numbers.
  consuming func draw(_ counts: consuming [UInt32]) throws(EntropyError) -> SealedTable {
    var source = KernelEntropy()
    return try SealedTable.draw(
      release: release, keys: keys, counts: counts, noise: noise, threshold: threshold, &source)
  }
}

extension CellKey {
  /// Reads the JSON of a key; nil when it is none.
  init?(json: CanonicalJSON) {
    guard let category = json["category"]?.string.flatMap(ShareCategory.init(rawValue:)),
      let region = json["region"]?.string, let feed = json["feed"]?.string,
      let type = json["indicator"]?["type"]?.string.flatMap(SharedIndicator.Form.init(rawValue:)),
      let value = json["indicator"]?["value"]?.string
    else { return nil }
    self.init(
      category: category, region: region, feed: feed, indicator: SharedIndicator(type, value))
    guard self.json() == json else { return nil }
  }
}
