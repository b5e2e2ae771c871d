import WeirCrypto

/// The append-only record of everything that was ever opened, drawn, sealed and given away.
///
/// `ledger.jsonl` in one folder, and a mark of how far it was in another: a ledger that came back from a backup is shorter
/// than its mark, and nothing more is released.
public struct Ledger: ~Copyable {
  /// What it tells.
  public private(set) var history = LedgerHistory()
  /// Its lines.
  public private(set) var lines: [LedgerLine] = []
  /// Their tree.
  public private(set) var tree = MerkleTree()
  private let path: String
  private let mark: String

  /// Opens a ledger.
  ///
  /// - Parameters:
  ///   - folder: holds `ledger.jsonl`; there may be none yet.
  ///   - witness: holds the mark; better on another disk.
  public init(folder: String, witness: String) throws(ShareError) {
    path = folder + "/ledger.jsonl"
    mark = witness + "/high-water"
    let bytes = try DurableFile.read(path) ?? []
    let end = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    do throws(LedgerFault) {
      for line in try Ledger.read(Array(bytes[..<end])) { try accept(line) }
    } catch {
      throw .damaged("\(path): line \(lines.count + 1): \(error.words)")
    }
    try checkMark(isCut: end < bytes.count)
    // A line that was cut off by a crash was never acted upon.
    if end < bytes.count { try DurableFile.truncate(path, to: end) }
  }

  /// The lines of a ledger's text, which is empty or ends with a line feed.
  static func read(_ text: [UInt8]) throws(LedgerFault) -> [LedgerLine] {
    guard let last = text.last else { return [] }
    guard last == UInt8(ascii: "\n") else { throw LedgerFault("the last line has no end") }
    var lines: [LedgerLine] = []
    for line in text.dropLast().split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    {
      lines.append(try LedgerLine(Array(line)))
    }
    return lines
  }

  private mutating func accept(_ line: LedgerLine) throws(LedgerFault) {
    try history.take(line)
    lines.append(line)
    tree.append(line.leaf)
  }

  private func checkMark(isCut: Bool) throws(ShareError) {
    guard let text = try DurableFile.read(mark) else {
      // The very first line may be there before its mark is.
      guard lines.count <= 1 else {
        throw .damaged("\(mark): missing: whether the ledger is the latest cannot be known")
      }
      return
    }
    let parts = String(decoding: text, as: UTF8.self).split(separator: " ")
    guard parts.count == 2, let size = Int(parts[0]),
      let root = Hexadecimal.decode("\(parts[1])".filter { $0 != "\n" })
    else { throw .damaged("\(mark): not understood") }
    guard size <= lines.count, tree.root(size: size) == root else {
      throw .damaged(
        "\(path): it is older than it was, or another: \(lines.count) lines, where there were \(size)"
      )
    }
  }

  /// Appends a line; when this returns it is on the disk, and the mark behind it.
  @discardableResult
  public mutating func append(
    _ kind: LedgerKind, _ body: CanonicalJSON, at nominal: UTCTime
  ) throws(ShareError) -> LedgerLine {
    let at = max(nominal, lines.last?.at ?? nominal)
    let line = LedgerLine(kind, body: body, at: at, behind: lines.last)
    var next = history
    do throws(LedgerFault) { try next.take(line) } catch { throw .refused(error.words) }
    try DurableFile.append(line.text + [UInt8(ascii: "\n")], to: path)
    history = next
    lines.append(line)
    tree.append(line.leaf)
    try DurableFile.replace(
      mark, with: Array("\(lines.count) \(Hexadecimal.encode(tree.root()))\n".utf8))
    return line
  }

  /// The signed head.
  public func checkpoint(key: borrowing SigningKey) -> [UInt8] {
    Checkpoint(origin: history.origin, size: lines.count, root: tree.root()).signed(by: key)
  }
}
