import WeirCrypto
import WeirMatch

/// The file form of a rule set, `*.weir`.
public enum Database {
  /// Opens a database: maps it, and reads its head, its paths and its list of feeds.
  ///
  /// - Parameter verifying: whether to read all of it and compare its content with its hash.
  /// - Throws: `DatabaseError` when the file cannot be used.
  /// - Complexity: O(feeds and feed sets), whatever the number of indicators; O(bytes) when verifying.
  public static func open(
    _ path: String, verifying: Bool = false
  ) throws(DatabaseError) -> RuleSet {
    let file = try DatabaseFile(reading: path)
    let byteCount = try file.byteCount()
    let head = try file.bytes(at: 0, count: min(byteCount, DatabaseHeader.byteCount))
    let header = try DatabaseHeader(head, fileByteCount: byteCount)
    let paths = try file.bytes(
      at: byteCount - header.pathsByteCount, count: header.pathsByteCount)
    let checked = Array(head[..<DatabaseHeader.checkedByteCount])
    guard DatabaseHeader.check(checked, paths) == Array(head[checked.count...]) else {
      throw .damaged("its head does not fit its check")
    }
    let image = try file.image(at: DatabaseHeader.byteCount, byteCount: header.imageByteCount)
    if verifying {
      var hash = SHA256()
      image.withBytes { hash.update($0) }
      guard hash.finish() == header.imageDigest else {
        throw .damaged("its content does not fit its hash")
      }
    }
    var fields = FieldReader(paths)
    var texts: [String] = []
    while !fields.isAtEnd, let text = fields.text() { texts.append(text) }
    do throws(ImageError) {
      return try RuleSet(
        image: image, generation: Generation.text(header.imageDigest), paths: texts)
    } catch {
      throw DatabaseError(error)
    }
  }
}

extension CompiledRules {
  /// Writes the database.
  ///
  /// A new file beside the old one takes its place when it is complete and on disk. Whenever this is interrupted, the old one stays.
  ///
  /// The same feeds under the same paths give the same bytes.
  ///
  /// - Parameter progress: told the bytes written and the bytes in all.
  /// - Returns: the generation.
  /// - Throws: `DatabaseError.system` when the file cannot be written.
  public consuming func write(
    to path: String, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(DatabaseError) -> String {
    var fields = FieldWriter()
    for record in records { fields.append(record.path) }
    let paths = fields.bytes
    let file = try DatabaseFile(replacing: path)
    // The head comes last, when the digest is known.
    try file.write([UInt8](repeating: 0, count: DatabaseHeader.byteCount).span)
    var hash = SHA256()
    var done = 0
    let total = image.byteCount
    for part in try parts() {
      var reader = ColumnReader(part, bufferByteCount: 1 << 18)
      while try reader.fillAny() {
        let count = reader.range.count
        hash.update(reader.buffer.span.extracting(reader.range))
        try file.write(reader.buffer.span.extracting(reader.range))
        done += count
        reader.skip(count)
        progress(done, total)
      }
    }
    try file.write(paths.span)
    let digest = hash.finish()
    let header = DatabaseHeader(
      imageByteCount: done, imageDigest: digest, pathsByteCount: paths.count)
    try file.write(header.bytes(paths: paths).span, at: 0)
    try file.commit()
    return Generation.text(digest)
  }
}

extension CompiledRules {
  private func parts() throws(DatabaseError) -> [Column] {
    do throws(ScratchError) {
      return try image.parts()
    } catch {
      throw DatabaseError(error)
    }
  }
}

extension ColumnReader {
  /// Reads on when the buffer is empty; false at the end.
  fileprivate mutating func fillAny() throws(DatabaseError) -> Bool {
    do throws(ScratchError) {
      return try fill(1)
    } catch {
      throw DatabaseError(error)
    }
  }
}
