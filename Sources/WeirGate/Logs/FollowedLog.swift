/// A log that grows, and is renamed, replaced or emptied while it does.
///
/// The file that is open is read to its end before the next one is begun, and not left until nothing was written to it
/// for a while, because who writes it may notice the new name late. When the log was rotated more than once meanwhile, the files between
/// are read as well: those whose names add digits to the log's, and that were written to later than the last one.
final class FollowedLog {
  /// For how long nothing has to be written to a file that has been replaced, in nanoseconds.
  private static let quietNanoseconds = 250_000_000
  /// The most bytes that tell a file.
  static let fingerprintBytesMax = 64

  let path: String
  private(set) var report: InputReport
  /// Which file is read; nil when there is none.
  private(set) var identity: FileIdentity?
  /// Where in the file the buffer begins.
  private(set) var offset = 0
  private var descriptor: FileDescriptor?
  private var buffer = ByteBuffer(capacity: 1)
  /// When the file that was read last was written to last, in nanoseconds; nil before the first.
  private var finished: Int?

  init(path: String, resuming saved: SavedPosition?) {
    self.path = path
    report = InputReport(path: path)
    report.kind = "log"
    report.complete = true
    if let saved { resume(saved) }
  }

  /// Goes on in the file that was read before, whatever it is called now.
  private func resume(_ saved: SavedPosition) {
    for candidate in [path] + siblings {
      guard let status = try? FileStatus(of: candidate), status.identity == saved.identity,
        status.byteCount >= saved.offset,
        let opened = try? FileDescriptor(reading: candidate),
        opened.fingerprint(byteCount: saved.fingerprintBytes) == saved.fingerprint,
        opened.seek(to: saved.offset)
      else { continue }
      descriptor = consume opened
      (identity, offset) = (saved.identity, saved.offset)
      return
    }
  }

  /// Files beside the log whose names add digits to its name.
  private var siblings: [String] {
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let directory = slash.map { String(path[...$0]) } ?? "./"
    let name = slash.map { String(path[path.utf8.index(after: $0)...]) } ?? path
    guard let names = try? directoryListing(directory) else { return [] }
    return names.filter { sibling in
      sibling.utf8.count > name.utf8.count && sibling.utf8.starts(with: name.utf8)
        && sibling.utf8.dropFirst(name.utf8.count).allSatisfy { byte in
          byte &- UInt8(ascii: "0") < 10 || ".-_".utf8.contains(byte)
        }
    }.map { directory + $0 }
  }

  /// Reads what is new, and lends the whole lines that there are.
  ///
  /// - Returns: false when there was no whole line.
  func turn(_ batch: inout LogBatch, _ body: (Span<UInt8>, LogBatch) -> Int) -> Bool {
    if identity == nil { open() }
    guard identity != nil else { return false }
    let count = read()
    var isEnd = false
    if count == 0 {
      restartIfEmptied()
      isEnd = isReplaced && isQuiet
    }
    let segment = buffer.withBytes { LineCutter.segment($0, from: 0, isEnd: isEnd) }
    defer { if isEnd, segment == nil { close() } }
    guard let segment else { return false }
    batch.segments = [segment.range]
    let feeds = buffer.withBytes { body($0, batch) }
    let endsLine = buffer.withBytes { $0[segment.range.upperBound - 1] == UInt8(ascii: "\n") }
    report.lines += feeds + (isEnd && !endsLine ? 1 : 0)
    report.cutLines += segment.isCut ? 1 : 0
    report.bytes += segment.range.count
    buffer.removeFirst(segment.range.count)
    offset += segment.range.count
    return true
  }

  private func open() {
    guard let opened = try? FileDescriptor(reading: nextPath), let status = try? opened.status()
    else { return }
    identity = status.identity
    descriptor = consume opened
    offset = 0
  }

  /// The file that follows the one that was read last: the oldest one written to later.
  private var nextPath: String {
    guard let finished else { return path }
    var next: (path: String, modified: Int)?
    for sibling in siblings {
      guard let status = try? FileStatus(of: sibling), status.kind == .regular,
        status.modifiedNanoseconds > finished,
        status.modifiedNanoseconds < next?.modified ?? .max
      else { continue }
      next = (sibling, status.modifiedNanoseconds)
    }
    return next?.path ?? path
  }

  private func close() {
    finished = status?.modifiedNanoseconds ?? finished
    descriptor = nil
    identity = nil
    buffer.removeAll()
  }

  private func read() -> Int {
    let room = LineCutter.segmentBytesMax - buffer.count
    guard room > 0 else { return buffer.count }
    switch descriptor {
    case .some(let descriptor):
      return (try? descriptor.read(onto: &buffer, byteCount: room)) ?? 0
    case .none: return 0
    }
  }

  /// A file that is shorter than what was read of it was emptied and begun again.
  private func restartIfEmptied() {
    switch descriptor {
    case .some(let descriptor):
      guard let status = try? descriptor.status(), status.byteCount < offset + buffer.count else {
        return
      }
      _ = descriptor.seek(to: 0)
      buffer.removeAll()
      offset = 0
    case .none: break
    }
  }

  private var status: FileStatus? {
    switch descriptor {
    case .some(let descriptor): try? descriptor.status()
    case .none: nil
    }
  }

  /// Whether nothing was written to the file for a while.
  private var isQuiet: Bool {
    guard let status else { return true }
    let age = WallClock.nanoseconds - status.modifiedNanoseconds
    // What was written in the future tells nothing.
    return !(0..<FollowedLog.quietNanoseconds).contains(age)
  }

  /// Whether the name leads to another file.
  private var isReplaced: Bool {
    guard let status = try? FileStatus(of: path) else { return false }
    return status.identity != identity
  }

  /// Where to go on after a restart; nil when no file is open.
  var position: SavedPosition? {
    guard let identity else { return nil }
    let count = min(offset, FollowedLog.fingerprintBytesMax)
    switch descriptor {
    case .some(let descriptor):
      guard let fingerprint = descriptor.fingerprint(byteCount: count) else { return nil }
      return SavedPosition(
        identity: identity, offset: offset, fingerprint: fingerprint, fingerprintBytes: count)
    case .none: return nil
    }
  }
}
