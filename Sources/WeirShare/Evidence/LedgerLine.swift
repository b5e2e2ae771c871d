import WeirCrypto

/// What a line of the ledger tells.
public enum LedgerKind: String, CaseIterable, Sendable {
  case genesis, policy, open, draw, seal, burn, disclose, revoke, rotate
}

/// One line of the ledger.
public struct LedgerLine: Hashable, Sendable {
  /// Its number, counted from 0.
  public let number: Int
  /// What it tells.
  public let kind: LedgerKind
  /// When.
  public let at: UTCTime
  /// The members of its body, `at` included.
  public let body: CanonicalJSON
  /// The SHA-256 of the line before, in hexadecimal.
  public let previous: String
  /// The text without a line feed.
  public let text: [UInt8]

  /// The hash of its leaf in the ledger's tree.
  var leaf: Hash { MerkleTree.leaf(text) }

  /// A new line behind another.
  init(_ kind: LedgerKind, body: CanonicalJSON, at: UTCTime, behind last: LedgerLine?) {
    number = last.map { $0.number + 1 } ?? 0
    self.kind = kind
    self.at = at
    var whole = body
    whole["at"] = .string(at.description)
    self.body = whole
    previous =
      last.map { Hexadecimal.encode(SHA256.digest($0.text)) }
      ?? String(repeating: "0", count: 64)
    let json: CanonicalJSON = [
      "schema": "weir.ledger/1", "seq": .integer(Int64(number)), "prev": .string(previous),
      "kind": .string(kind.rawValue), "body": whole,
    ]
    text = json.bytes
  }

  /// Reads a line.
  public init(_ text: [UInt8]) throws(LedgerFault) {
    let json: CanonicalJSON
    do throws(CanonicalFault) {
      json = try CanonicalJSON(canonical: text)
    } catch {
      throw LedgerFault("not canonical JSON: \(error.description) at byte \(error.offset)")
    }
    guard let kind = json["kind"]?.string.flatMap(LedgerKind.init(rawValue:)) else {
      throw LedgerFault("a line of a kind that the format does not have")
    }
    if let fault = Shapes.line(kind).fault(json) { throw LedgerFault(fault) }
    guard let number = json["seq"]?.integer, let previous = json["prev"]?.string,
      let body = json["body"], let at = body["at"]?.string.flatMap(UTCTime.init)
    else { throw LedgerFault("a line without its members") }
    self.number = Int(number)
    self.kind = kind
    self.at = at
    self.body = body
    self.previous = previous
    self.text = text
  }

  /// The release that it is about.
  public var release: String? { body["release_id"]?.string }
}

/// What is wrong with a ledger.
public struct LedgerFault: Error, Equatable, Sendable {
  /// In words; the line is named by who knows it.
  public let words: String

  init(_ words: String) { self.words = words }
}
