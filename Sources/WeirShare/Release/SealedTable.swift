import WeirCrypto

/// The one draw of a window: every cell that is published, and the root that binds them.
public struct SealedTable: Hashable, Sendable {
  /// A cell with the salt that keeps others from guessing it.
  public struct Entry: Hashable, Sendable {
    /// The cell as it is published.
    public let cell: CanonicalJSON
    /// 16 random bytes.
    public let salt: [UInt8]

    var leaf: Hash { MerkleTree.leaf(salt + cell.bytes) }
  }

  /// The release.
  public let release: String
  /// The cells, in the order of their canonical texts.
  public let entries: [Entry]

  /// The root of the tree of cells.
  public var root: Hash { tree.root() }

  var tree: MerkleTree { MerkleTree(leaves: entries.map(\.leaf)) }

  /// The largest number that is published.
  static let victimsMax: Int64 = 999_999_999

  /// Adds noise to the counts and keeps what reaches the threshold.
  ///
  /// All noise is drawn before the first count is looked at, so that the time it takes tells nothing about them.
  ///
  /// - Parameters:
  ///   - counts: as many as the domain has keys.
  static func draw(
    release: String, keys: [CellKey], counts: consuming [UInt32], noise: DiscreteLaplace,
    threshold: Int64, _ source: inout some EntropySource & ~Copyable
  ) throws(EntropyError) -> SealedTable {
    precondition(keys.count == counts.count)
    var table: [Int64] = []
    table.reserveCapacity(keys.count)
    for _ in keys { table.append(try noise.sample(&source)) }
    for index in keys.indices { table[index] += Int64(counts[index]) }
    var entries: [Entry] = []
    for index in keys.indices where table[index] >= threshold {
      let low = try source.next()
      let high = try source.next()
      let salt = (0..<16).map { byte in
        UInt8(truncatingIfNeeded: (byte < 8 ? low : high) >> UInt64(byte % 8 * 8))
      }
      let victims = min(table[index], victimsMax)
      entries.append(Entry(cell: keys[index].json(victims: victims), salt: salt))
    }
    return SealedTable(release: release, entries: entries)
  }

  private init(release: String, entries: [Entry]) {
    self.release = release
    self.entries = entries.sorted { $0.cell.bytes.lexicographicallyPrecedes($1.cell.bytes) }
  }

  /// The file's text.
  var file: [UInt8] {
    let json: CanonicalJSON = [
      "schema": "weir.sealed/1", "release_id": .string(release),
      "root": .string(Hexadecimal.encode(root)),
      "cells": .array(
        entries.map { ["cell": $0.cell, "salt": .string(Hexadecimal.encode($0.salt))] }),
    ]
    return json.bytes + [UInt8(ascii: "\n")]
  }

  /// Reads a file; nil unless it is the very text of a table of that release.
  init?(file: [UInt8], release: String) {
    guard let json = try? CanonicalJSON(canonical: Array(file.dropLast())),
      let cells = json["cells"]?.array
    else { return nil }
    var entries: [Entry] = []
    for cell in cells {
      guard let value = cell["cell"], let salt = cell["salt"]?.string.flatMap(Hexadecimal.decode),
        salt.count == 16
      else { return nil }
      entries.append(Entry(cell: value, salt: salt))
    }
    self.init(release: release, entries: entries)
    guard self.file == file else { return nil }
  }
}
