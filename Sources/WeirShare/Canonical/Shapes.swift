/// The shapes of the documents, as in `Documentation/disclosure.schema.json`.
enum Shapes {
  static let window = Shape.object(["start": .hour, "end": .hour])

  static let feeds = Shape.list(
    .object([
      "feed": .name, "version": .time, "entries": .count, "sha256": .hash, "tlp": .tlp,
    ]), min: 1, max: 256, unique: false)

  static let privacyAtOpen = Shape.object(privacyMembers)
  static let privacy = Shape.object(
    privacyMembers.merging(["coverage_minutes": .count]) { first, _ in first })

  private static let privacyMembers: [String: Shape] = [
    "unit": .constant("customer-block"), "unit_v4_bits": .integer(8...32),
    "unit_v6_bits": .integer(32...64), "neighbours": .constant("add-or-remove-one-unit"),
    "mechanism": .constant("discrete-laplace"), "epsilon": .rational, "delta": .integer(0...0),
    "contribution_cells": .integer(1...64), "contribution_per_cell": .integer(1...4096),
    "max_edges_per_unit": .integer(1...8), "scale": .rational, "threshold": .count,
    "k_min": .integer(10...CanonicalJSON.integerMax), "interval95": .count,
    "budget": .object([
      "cap": .rational, "period_days": .integer(30...30), "spent": .rational,
    ]),
  ]

  static let header = Shape.object([
    "schema": .constant("weir.release/1"), "release_id": .release, "stream": .stream,
    "window": window, "made": .hour, "cells_root": .hash,
    "producer": .object([
      "id": .uuid, "kid": .identifier,
      "software": .text("weir/MAJOR.MINOR.PATCH") { isSoftware($0) },
    ]),
    "domain": feeds, "privacy": privacy,
  ])

  private static func isSoftware(_ text: String) -> Bool {
    guard text.hasPrefix("weir/") else { return false }
    let numbers = text.dropFirst(5).split(separator: ".", omittingEmptySubsequences: false)
    return numbers.count == 3
      && numbers.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } }
  }

  static let policy = Shape.object([
    "schema": .constant("weir.policy/1"), "recipient": .name, "purpose": .freeText,
    "legal_basis": .legalText, "contact": .freeText, "tlp": .tlp,
    "redistribution": .word(["none", "as-tlp"]),
    "categories": .list(.category, min: 1, max: 11, unique: true),
    "regions": .list(.region, min: 1, max: 20, unique: true),
    "streams": .list(.stream, min: 1, max: 3, unique: true),
    "retention_days": .integer(1...1825), "expires": .time,
    "approvals": .list(.object(["by": .name, "at": .time]), min: 1, max: 64, unique: false),
  ])

  static let cell = Shape.object(
    [
      "category": .category, "direction": .word(["outbound", "inbound"]),
      "protocol": .word(["tcp", "udp", "icmp", "dns", "http", "tls", "other", "any"]),
      "region": .region, "feed": .name, "ref": .name, "victims": .integer(20...999_999_999),
      "events": .count,
      "indicator": .object([
        "type": .word(SharedIndicator.Form.allCases.map(\.rawValue)),
        "value": .text("indicator") { text in
          (1...253).contains(text.utf8.count)
            && text.utf8.allSatisfy {
              (97...122).contains($0) || (45...58).contains($0) || $0 == 95
            }
        },
      ]),
    ], optional: ["feed", "ref", "indicator", "events"])

  static let disclosure = Shape.object([
    "schema": .constant("weir.disclosure/1"), "header": header, "policy": policy,
    "cells_total": .count,
    "cells": .list(
      .object([
        "cell": cell, "index": .count, "salt": .salt,
        "path": .list(.hash, min: 0, max: 32, unique: false),
      ]), min: 0, max: 100_000, unique: false),
  ])

  static let proof = Shape.object(
    [
      "schema": .constant("weir.proof/1"), "size": .count,
      "entries": .list(
        .object([
          "seq": .count, "line": .text("line") { !$0.isEmpty },
          "path": .list(.hash, min: 0, max: 64, unique: false),
        ]), min: 1, max: 10_000, unique: false),
      "consistency": .object([
        "size": .count, "root": .hash, "path": .list(.hash, min: 0, max: 64, unique: false),
      ]),
    ], optional: ["consistency"])

  static func line(_ kind: LedgerKind) -> Shape {
    .object([
      "schema": .constant("weir.ledger/1"), "seq": .count, "prev": .hash,
      "kind": .constant(kind.rawValue),
      "body": .object(body(kind).merging(["at": .time]) { first, _ in first }),
    ])
  }

  /// The members of a line's body, besides its time.
  static func body(_ kind: LedgerKind) -> [String: Shape] {
    let key: [String: Shape] = ["kid": .identifier, "x": .text("key") { $0.utf8.count == 43 }]
    return
      switch kind
    {
    case .genesis:
      key.merging(["origin": .freeText, "producer": .uuid]) { first, _ in first }
    case .policy: ["policy_sha256": .hash, "recipient_commit": .hash]
    case .open:
      [
        "release_id": .release, "stream": .stream, "window": window, "privacy": privacyAtOpen,
        "domain": feeds, "cells": .count, "region": .region,
      ]
    case .draw: ["release_id": .release, "coverage_minutes": .count]
    case .seal: ["release_id": .release, "cells_root": .hash, "cells_total": .count]
    case .burn: ["release_id": .release, "reason": .name]
    case .disclose:
      [
        "release_id": .release, "disclosure_sha256": .hash, "policy_sha256": .hash,
        "recipient_commit": .hash,
      ]
    case .revoke: ["recipient_commit": .hash]
    case .rotate:
      key.merging(["signature": .text("signature") { $0.utf8.count == 86 }]) { first, _ in first }
    }
  }
}
