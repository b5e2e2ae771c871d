import WeirCrypto

/// What a recipient gets: five files of evidence, and the views of the document in other formats.
public struct DisclosureBundle: Hashable, Sendable {
  /// Bytes by file name.
  public let files: [String: [UInt8]]

  /// The names of the evidence, in the order in which it is read.
  public static let names = [
    "disclosure.json", "disclosure.jws", "proof.json", "checkpoint", "key.jwk",
  ]
}

/// Makes the document for a recipient: a part of the sealed table, never another table.
enum Disclosure {
  /// `header` of a release that was sealed.
  static func header(
    _ id: String, _ release: LedgerHistory.Release, producer: String, kid: String, software: String
  ) -> CanonicalJSON? {
    guard let coverage = release.coverageMinutes, let root = release.root,
      var privacy = release.opening["privacy"], let domain = release.opening["domain"]
    else { return nil }
    privacy["coverage_minutes"] = .integer(coverage)
    return [
      "schema": "weir.release/1", "release_id": .string(id),
      "stream": .string(release.stream.rawValue), "window": release.window.json,
      "made": .string(release.window.made.description),
      "producer": [
        "id": .string(producer), "kid": .string(kid), "software": .string(software),
      ],
      "domain": domain, "privacy": privacy, "cells_root": .string(root),
    ]
  }

  /// The bytes of `disclosure.json`.
  static func document(
    header: CanonicalJSON, table: SealedTable, policy: RecipientPolicy
  ) -> [UInt8] {
    let tree = table.tree
    var cells: [CanonicalJSON] = []
    for (index, entry) in table.entries.enumerated() where policy.takes(entry.cell) {
      cells.append([
        "index": .integer(Int64(index)), "salt": .string(Hexadecimal.encode(entry.salt)),
        "path": .array(tree.inclusionPath(of: index).map { .string(Hexadecimal.encode($0)) }),
        "cell": entry.cell,
      ])
    }
    let json: CanonicalJSON = [
      "schema": "weir.disclosure/1", "header": header, "policy": policy.json,
      "cells": .array(cells), "cells_total": .integer(Int64(table.entries.count)),
    ]
    return json.bytes + [UInt8(ascii: "\n")]
  }

  /// The bytes of `proof.json`.
  static func proof(
    _ lines: [LedgerLine], in tree: MerkleTree, since: Checkpoint?
  ) -> [UInt8] {
    var json: CanonicalJSON = [
      "schema": "weir.proof/1", "size": .integer(Int64(tree.count)),
      "entries": .array(
        lines.map { line in
          [
            "seq": .integer(Int64(line.number)),
            "line": .string(String(decoding: line.text, as: UTF8.self)),
            "path": .array(
              tree.inclusionPath(of: line.number).map { .string(Hexadecimal.encode($0)) }),
          ]
        }),
    ]
    if let since, since.size > 0, since.size <= tree.count {
      json["consistency"] = [
        "size": .integer(Int64(since.size)), "root": .string(Hexadecimal.encode(since.root)),
        "path": .array(
          tree.consistencyPath(from: since.size).map { .string(Hexadecimal.encode($0)) }),
      ]
    }
    return json.bytes + [UInt8(ascii: "\n")]
  }
}
