import WeirCrypto

/// The lines of the ledger that a bundle rests on.
struct LinesOfRelease {
  private let genesis: LedgerLine
  private let rotations: [LedgerLine]
  private let opening: LedgerLine
  private let draw: LedgerLine
  private let seal: LedgerLine
  private let disclosing: LedgerLine

  /// Sorts lines by what they tell; nil unless they are one of each, and rotations.
  init?(_ lines: [LedgerLine]) {
    let rotations = lines.filter { $0.kind == .rotate }
    let others = lines.filter { $0.kind != .rotate }
    guard others.map(\.kind) == [.genesis, .open, .draw, .seal, .disclose] else { return nil }
    self.rotations = rotations
    genesis = others[0]
    opening = others[1]
    draw = others[2]
    seal = others[3]
    disclosing = others[4]
  }

  /// What they say otherwise than the document; nil when nothing.
  func fault(
    _ document: CanonicalJSON, _ head: Checkpoint, _ key: PublicKey, _ bytes: [UInt8]
  ) -> String? {
    guard let header = document["header"], let policy = document["policy"] else {
      return "no header"
    }
    return keyFault(header, head, key) ?? openingFault(header) ?? sealFault(document, header)
      ?? disclosingFault(policy, header, bytes)
  }

  private func keyFault(_ header: CanonicalJSON, _ head: Checkpoint, _ key: PublicKey) -> String? {
    guard var current = try? LedgerHistory.key(genesis), current.producer == producer(header),
      genesis.body["producer"]?.string == producer(header)
    else { return "the ledger is of another producer" }
    guard genesis.number == 0, genesis.body["origin"]?.string == head.origin else {
      return "the checkpoint is of another ledger"
    }
    for rotation in rotations {
      guard let next = try? LedgerHistory.key(rotation),
        let signature = rotation.body["signature"]?.string.flatMap({ Base64.decode($0, .url) }),
        Ed25519.verifies(
          signature, of: LedgerHistory.handover(to: next), publicKey: current.bytes)
      else { return "a key that the one before did not sign" }
      current = next
    }
    return current == key ? nil : "the key of the bundle is not the one in force"
  }

  private func producer(_ header: CanonicalJSON) -> String? { header["producer"]?["id"]?.string }

  /// The parameters are those of the opening, and agree with each other, whatever was counted later.
  private func openingFault(_ header: CanonicalJSON) -> String? {
    let body = opening.body
    var privacy = body["privacy"]
    privacy?["coverage_minutes"] = draw.body["coverage_minutes"]
    guard body["release_id"] == header["release_id"], body["stream"] == header["stream"],
      body["window"] == header["window"], body["domain"] == header["domain"],
      privacy == header["privacy"]
    else { return "the header is not what the window was opened with" }
    guard let stream = body["stream"]?.string.flatMap(ReleaseStream.init(rawValue:)),
      let window = ReleaseWindow(stream, json: body["window"])
    else { return "the stream has no such window" }
    do throws(LedgerFault) {
      try LedgerHistory.checkParameters(window, body["privacy"])
    } catch { return error.words }
    return nil
  }

  private func sealFault(_ document: CanonicalJSON, _ header: CanonicalJSON) -> String? {
    guard draw.release == opening.release, seal.release == opening.release,
      seal.body["cells_root"] == header["cells_root"],
      seal.body["cells_total"] == document["cells_total"]
    else { return "the table is not the one that was sealed" }
    return nil
  }

  private func disclosingFault(
    _ policy: CanonicalJSON, _ header: CanonicalJSON, _ bytes: [UInt8]
  ) -> String? {
    guard disclosing.release == opening.release,
      disclosing.body["disclosure_sha256"]?.string == Hexadecimal.encode(SHA256.digest(bytes)),
      disclosing.body["policy_sha256"]?.string
        == Hexadecimal.encode(SHA256.digest(policy.bytes))
    else { return "the ledger tells of another disclosure" }
    return nil
  }
}
