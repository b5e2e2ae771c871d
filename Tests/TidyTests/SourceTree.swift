import FoundationEssentials

/// The working tree that the tests were built from.
struct SourceTree {
  /// The path of the repository, with a final slash.
  let root: String

  /// Finds the tree above this very file.
  static let current = SourceTree(
    root: #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
      .joined(separator: "/") + "/")

  /// The paths of the files below a folder, relative to the root, sorted; hidden ones and what was built left out.
  func files(under folder: String, ending suffix: String = "") -> [String] {
    let found = (try? FileManager.default.subpathsOfDirectory(atPath: root + folder)) ?? []
    return found.map { "\(folder)/\($0)" }
      .filter { path in
        path.hasSuffix(suffix) && !path.split(separator: "/").contains { $0.hasPrefix(".") }
          && !isFolder(path)
      }
      .sorted()
  }

  /// The names of the folders in a folder.
  func folders(in folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root + folder)) ?? []
    return names.filter { isFolder("\(folder)/\($0)") }.sorted()
  }

  /// The text of a file; bytes that are not UTF-8 are replaced, an absent file is empty.
  func text(_ path: String) -> String {
    String(decoding: FileManager.default.contents(atPath: root + path) ?? Data(), as: UTF8.self)
  }

  /// Every file that people wrote: sources, scripts and pages.
  var written: [String] {
    let pages = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    let top = pages.filter { $0.hasSuffix(".md") || $0 == "Makefile" || $0 == "Package.swift" }
    let endings = [".swift", ".c", ".h", ".sh", ".py", ".md", ".modulemap"]
    return top.sorted()
      + ["Sources", "Tests", "Benchmarks", "Fixtures", "scripts"].flatMap { files(under: $0) }
      .filter { path in endings.contains { path.hasSuffix($0) } }
  }

  private func isFolder(_ path: String) -> Bool {
    var isDirectory = false
    return FileManager.default.fileExists(atPath: root + path, isDirectory: &isDirectory)
      && isDirectory
  }
}
