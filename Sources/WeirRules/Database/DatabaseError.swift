import WeirMatch

/// Why a file cannot be used as a database.
public enum DatabaseError: Error, Equatable, Sendable {
  /// A call of the system failed; the reason is the system's.
  case system(call: String, reason: String)
  /// It does not begin as a database does.
  case foreign
  /// A later Weir wrote it.
  case newer(version: UInt32)
  /// An earlier Weir wrote it, in a form that is not read any more.
  case older(version: UInt32)
  /// It ends too early; the expected length when the head tells it.
  case truncated(expected: Int?, found: Int)
  /// Its content contradicts itself.
  case damaged(String)
}

extension DatabaseError: CustomStringConvertible {
  /// The reason in one line.
  public var description: String {
    switch self {
    case .system(let call, let reason): "\(call): \(reason)"
    case .foreign: "is no Weir database"
    case .newer(let version):
      "has format \(version); this Weir reads format \(DatabaseHeader.version)"
    case .older(let version):
      "has format \(version); this Weir reads format \(DatabaseHeader.version): compile it again"
    case .truncated(.some(let expected), let found):
      "is cut short: \(found) of \(expected) bytes"
    case .truncated(.none, let found): "is cut short after \(found) bytes"
    case .damaged(let what): "is damaged: \(what)"
    }
  }

  /// What is wrong with a temporary file.
  init(_ error: ScratchError) { self = .system(call: error.call, reason: error.description) }

  /// What is wrong with the image of a database.
  init(_ error: ImageError) {
    func name(_ tag: SectionTag) -> String { "section 0x\(String(tag.rawValue, radix: 16))" }
    switch error {
    case .truncated: self = .damaged("its image is shorter than its directory")
    case .foreign: self = .damaged("its image has no directory")
    case .misplaced(let tag): self = .damaged("\(name(tag)) lies outside")
    case .misfit(let tag): self = .damaged("\(name(tag)) has an odd length")
    case .inconsistent(let tag): self = .damaged("\(name(tag)) contradicts others")
    }
  }
}
