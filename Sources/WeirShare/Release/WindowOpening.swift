import WeirCrypto

/// What was fixed when a window was opened: read from the ledger by who opened it, and by its edges from the files that it gave them.
public struct WindowOpening: Sendable {
  /// The release.
  public let release: String
  /// The time that it counts.
  public let window: ReleaseWindow
  /// In how many cells a block counts at most.
  public let cellsPerUnit: Int
  /// The keys; a cell's number is the place of its key.
  public let keys: [CellKey]
  /// The SHA-256 of all this, in hexadecimal: edges and collector must agree on it.
  public let digest: String

  /// The name of the file that holds the body of the `open` line.
  public static let fileName = "opening.json"

  /// The name of the file that holds the keys of a feed.
  public static func listName(feed: String) -> String { "\(feed).jsonl" }

  /// Takes the body of an `open` line and the key sets that it commits to.
  ///
  /// - Parameter list: the key set of a feed; nil when there is none.
  init(
    _ body: CanonicalJSON, list: (_ feed: String) throws(ShareError) -> [UInt8]?
  ) throws(ShareError) {
    guard let release = body["release_id"]?.string,
      let stream = body["stream"]?.string.flatMap(ReleaseStream.init(rawValue:)),
      let window = ReleaseWindow(stream, json: body["window"]),
      let cells = body["privacy"]?["contribution_cells"]?.integer
    else { throw .damaged("the opening of a window is not understood") }
    var keys: [(key: CellKey, text: [UInt8])] = []
    for feed in body["domain"]?.array ?? [] {
      let name = feed["feed"]?.string ?? ""
      guard let list = try list(name),
        Hexadecimal.encode(SHA256.digest(list)) == feed["sha256"]?.string
      else { throw .damaged("the keys of \(name) are missing, or not those of the opening") }
      for line in list.split(separator: UInt8(ascii: "\n")) {
        guard let json = try? CanonicalJSON(canonical: Array(line)), let key = CellKey(json: json)
        else { throw .damaged("the keys of \(name) hold a line that is none") }
        keys.append((key, Array(line)))
      }
    }
    self.release = release
    self.window = window
    cellsPerUnit = Int(cells)
    self.keys = keys.sorted { $0.text.lexicographicallyPrecedes($1.text) }.map(\.key)
    digest = Hexadecimal.encode(SHA256.digest(body.bytes))
  }

  /// Reads the files that a collector gave.
  public init(folder: String) throws(ShareError) {
    let path = "\(folder)/\(WindowOpening.fileName)"
    guard let text = try DurableFile.read(path) else {
      throw .configuration("\(path): no such file")
    }
    guard text.last == UInt8(ascii: "\n"),
      let body = try? CanonicalJSON(canonical: Array(text.dropLast())),
      Shape.object(Shapes.body(.open)).fault(body) == nil
    else { throw .damaged("\(path): not the opening of a window") }
    try self.init(body) { feed throws(ShareError) in
      try DurableFile.read("\(folder)/\(WindowOpening.listName(feed: feed))")
    }
  }
}
