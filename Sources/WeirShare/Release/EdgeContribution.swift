import WeirCrypto

/// What one edge counted in one window: sums only, on their way to the collector of the same operator.
///
/// Not noised, so not for anybody else.
public struct EdgeContribution: Hashable, Sendable {
  /// The release.
  public let release: String
  /// The digest of the opening that it counted for.
  public let opening: String
  /// The edge, as the collector names it.
  public let edge: String
  /// How many blocks count in each cell that is not empty.
  public let counts: [Int: UInt32]

  private static let shape = Shape.object([
    "schema": .constant("weir.contribution/1"), "release_id": .release, "opening_sha256": .hash,
    "edge": .name,
    "counts": .list(
      .list(.integer(0...4_294_967_295), min: 2, max: 2, unique: false), min: 0, max: 10_000_000,
      unique: false),
  ])

  /// The file: a line of canonical JSON, and a line with its signature (as of a disclosure) by the edge's key.
  public static func file(
    _ opening: WindowOpening, edge: String, counts: [UInt32], key: borrowing SigningKey
  ) -> [UInt8] {
    let cells = counts.indices.filter { counts[$0] > 0 }
    let json: CanonicalJSON = [
      "schema": "weir.contribution/1", "release_id": .string(opening.release),
      "opening_sha256": .string(opening.digest), "edge": .string(edge),
      "counts": .array(
        cells.map { .array([.integer(Int64($0)), .integer(Int64(counts[$0]))]) }),
    ]
    let line = json.bytes + [UInt8(ascii: "\n")]
    return line + DetachedSignature.make(line, key: key)
  }

  /// Reads a file.
  ///
  /// - Parameter edges: the keys of all edges by their names.
  public init(file: [UInt8], edges: [String: PublicKey]) throws(ShareError) {
    guard let end = file.firstIndex(of: UInt8(ascii: "\n")),
      let json = try? CanonicalJSON(canonical: Array(file[..<end])),
      EdgeContribution.shape.fault(json) == nil, let release = json["release_id"]?.string,
      let opening = json["opening_sha256"]?.string, let edge = json["edge"]?.string
    else { throw .damaged("not the contribution of an edge") }
    guard let key = edges[edge] else { throw .refused("the edge \(edge) is not known") }
    guard
      DetachedSignature.verifies(
        Array(file[(end + 1)...]), payload: Array(file[...end]), key: key)
    else { throw .refused("not signed by the key of \(edge)") }
    var counts: [Int: UInt32] = [:]
    for pair in json["counts"]?.array ?? [] {
      guard let cell = pair.array?[0].integer, let count = pair.array?[1].integer,
        counts.updateValue(UInt32(count), forKey: Int(cell)) == nil
      else { throw .damaged("a cell comes twice") }
    }
    self.release = release
    self.opening = opening
    self.edge = edge
    self.counts = counts
  }
}

/// The sums of all edges of one window, before the one draw.
///
/// Exact integers, so neither the order of edges nor how they are grouped makes a difference.
public struct EdgeSums: Sendable {
  /// Blocks by cell.
  public private(set) var counts: [UInt32]
  /// Edges that are in it.
  public private(set) var edges: Set<String> = []
  private let release: String
  private let opening: String

  /// No edge yet.
  public init(_ opening: WindowOpening) {
    release = opening.release
    self.opening = opening.digest
    counts = Array(repeating: 0, count: opening.keys.count)
  }

  /// Adds what an edge counted; refused when it counted for another window or key set, or is in it already.
  public mutating func add(_ contribution: EdgeContribution) throws(ShareError) {
    guard contribution.release == release, contribution.opening == opening else {
      throw .refused("\(contribution.edge) counted for another window or key set")
    }
    guard !edges.contains(contribution.edge) else {
      throw .refused("\(contribution.edge) has contributed already")
    }
    guard contribution.counts.keys.allSatisfy(counts.indices.contains) else {
      throw .damaged("\(contribution.edge) counted in a cell that does not exist")
    }
    var next = counts
    for (cell, count) in contribution.counts {
      let (sum, overflow) = next[cell].addingReportingOverflow(count)
      guard !overflow else { throw .refused("\(contribution.edge) counted more than there can be") }
      next[cell] = sum
    }
    counts = next
    edges.insert(contribution.edge)
  }

  /// The text for a file on tmpfs.
  public var state: [UInt8] {
    let json: CanonicalJSON = [
      "release_id": .string(release), "opening_sha256": .string(opening),
      "edges": .array(edges.sorted().map { .string($0) }),
      "counts": .array(counts.map { .integer(Int64($0)) }),
    ]
    return json.bytes + [UInt8(ascii: "\n")]
  }

  /// Reads a state; nil when it is not one of that opening.
  public init?(state: [UInt8], _ opening: WindowOpening) {
    self.init(opening)
    guard let json = try? CanonicalJSON(canonical: Array(state.dropLast())),
      json["release_id"]?.string == release, json["opening_sha256"]?.string == self.opening,
      let edges = json["edges"]?.array, let values = json["counts"]?.array,
      values.count == counts.count
    else { return nil }
    self.edges = Set(edges.compactMap(\.string))
    counts = values.map { UInt32(clamping: $0.integer ?? 0) }
  }
}
