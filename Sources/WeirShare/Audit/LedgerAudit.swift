import WeirCrypto

/// Checks a whole ledger with public material only.
public enum LedgerAudit {
  /// Follows every line; with a checkpoint also that it is the head, and with an earlier one that it is a continuation.
  ///
  /// - Parameters:
  ///   - text: `ledger.jsonl`.
  ///   - key: the producer's key, when it is known by another way.
  ///   - checkpoint: the signed head.
  ///   - since: a checkpoint from before.
  public static func report(
    _ text: [UInt8], key: PublicKey?, checkpoint: [UInt8]?, since: [UInt8]?
  ) -> AuditReport {
    var report = AuditReport()
    var history = LedgerHistory()
    var tree = MerkleTree()
    var keys: [PublicKey] = []
    do throws(LedgerFault) {
      let lines = try Ledger.read(text)
      if lines.isEmpty { throw LedgerFault("the ledger is empty") }
      for line in lines {
        do throws(LedgerFault) { try history.take(line) } catch {
          throw LedgerFault("line \(line.number + 1): \(error.words)")
        }
        tree.append(line.leaf)
        if let key = history.key, keys.last != key { keys.append(key) }
      }
      report.note("ledger", nil)
    } catch {
      report.note("ledger", error.words)
      return report
    }
    if let key { report.note("key", keys.contains(key), else: "the ledger does not name this key") }
    for (name, text) in [("checkpoint", checkpoint), ("since", since)] {
      guard let text else { continue }
      report.note(name, fault(of: text, isHead: name == "checkpoint", keys, history, tree))
    }
    return report
  }

  private static func fault(
    of text: [UInt8], isHead: Bool, _ keys: [PublicKey], _ history: LedgerHistory,
    _ tree: MerkleTree
  ) -> String? {
    guard let head = keys.lazy.compactMap({ Checkpoint(text, key: $0) }).first else {
      return "no checkpoint that a key of the ledger signed"
    }
    if head.origin != history.origin { return "it is of another ledger" }
    if head.size > tree.count { return "the ledger is shorter than it was" }
    if isHead, head.size != tree.count { return "it is not the head of this ledger" }
    return tree.root(size: head.size) == head.root
      ? nil : "the ledger was another one: this is proof of two stories"
  }
}
