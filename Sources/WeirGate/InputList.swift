/// The inputs in the order in which they are read, with directories opened up.
struct InputList {
  enum Entry: Equatable {
    /// A path that the user named, or standard input.
    case named(String)
    /// A regular file below a directory, which need not be a capture.
    case found(String)
    /// The end of a directory: were there captures in it?
    case directoryEnd(String)
    /// What cannot be read.
    case failed(String, CaptureFault)
  }

  /// How deep directories are followed; deeper ones are reported.
  static let depthMax = 64

  private(set) var entries: [Entry] = []
  /// The bytes of all files together; nil when some input has no known length.
  private(set) var byteCount: Int? = 0

  init(_ paths: [String]) {
    for path in paths {
      guard path != "-", let status = try? FileStatus(of: path) else {
        if path == "-" { byteCount = nil }
        entries.append(.named(path))
        continue
      }
      switch status.kind {
      case .directory:
        openUp(path, depth: 1)
        entries.append(.directoryEnd(path))
      case .regular: add(.named(path), byteCount: status.byteCount)
      case .other:
        byteCount = nil
        entries.append(.named(path))
      }
    }
  }

  private mutating func add(_ entry: Entry, byteCount count: Int) {
    entries.append(entry)
    byteCount = byteCount.map { $0 + count }
  }

  /// Adds the regular files below `directory`.
  ///
  /// Links to files are followed, links to directories are not, so that there is no circle.
  private mutating func openUp(_ directory: String, depth: Int) {
    guard depth <= Self.depthMax else {
      let reason = "more than \(Self.depthMax) directories deep"
      entries.append(
        .failed(directory, CaptureFault(kind: .unreadable, offset: 0, reason: reason)))
      return
    }
    let names: [String]
    do throws(GateError) {
      names = try directoryListing(directory)
    } catch {
      entries.append(.failed(directory, CaptureFault(error)))
      return
    }
    let prefix = directory.utf8.last == UInt8(ascii: "/") ? directory : directory + "/"
    for name in names {
      let path = prefix + name
      do throws(GateError) {
        let status = try FileStatus(of: path)
        switch status.kind {
        case .regular: add(.found(path), byteCount: status.byteCount)
        case .directory where !isSymbolicLink(path): openUp(path, depth: depth + 1)
        default: break
        }
      } catch {
        entries.append(.failed(path, CaptureFault(error)))
      }
    }
  }
}
