/// Where columns are kept while something is compiled: in memory, or in files without names.
public struct Scratch: Hashable, Sendable {
  /// The folder of the files; nil keeps all in memory.
  let folder: String?

  /// Everything stays in memory.
  public static let memory = Scratch(folder: nil)

  /// What is larger than a block goes to files on the file system of a folder.
  public init(folder: String) { self.init(folder: .some(folder)) }

  private init(folder: String?) { self.folder = folder }

  /// How much of a column is written at once.
  static let blockByteCount = 1 << 17
}
