/// The rules for single files.
///
/// Each returns what is wrong in words, nothing when all is well.
enum TidyRules {
  static let fileLinesMax = 500
  static let functionLinesMax = 60

  /// `unsafe` may stand only in files inside a folder of that name.
  static func unsafeOutside(_ path: String, _ source: String) -> [String] {
    if path.split(separator: "/").dropLast().contains("Unsafe") { return [] }
    return SwiftText(source).linesHolding(word: "unsafe").map { "\(path):\($0): unsafe" }
  }

  /// Threads of the data plane wait for nobody.
  static func concurrency(_ path: String, _ source: String) -> [String] {
    let text = SwiftText(source)
    return ["async", "await", "actor"].flatMap { word in
      text.linesHolding(word: word).map { "\(path):\($0): \(word)" }
    }
  }

  static func fileLength(_ path: String, _ source: String) -> [String] {
    let count = source.split(separator: "\n", omittingEmptySubsequences: false).count - 1
    return count <= fileLinesMax ? [] : ["\(path): \(count) lines"]
  }

  static func functionLength(_ path: String, _ source: String) -> [String] {
    FunctionFinder.functions(in: SwiftText(source)).filter { $0.count > functionLinesMax }
      .map { "\(path):\($0.lowerBound): a function of \($0.count) lines" }
  }

  /// Words that say that work was left undone, in code and comments alike.
  static func unfinished(_ path: String, _ text: String) -> [String] {
    // Put together here, so that this file does not hold them.
    let shouted: Set<Substring> = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]
    let spoken: Set<String> = ["place" + "holder", "st" + "ub", "unimple" + "mented"]
    return numbered(text).compactMap { number, line in
      let words = SwiftText.words(line)
      let word = words.first { shouted.contains($0) || spoken.contains($0.lowercased()) }
      return word.map { "\(path):\(number): \($0)" }
    }
  }

  /// Paths that only exist where the file was written.
  ///
  /// The home of somebody called `user` is an example and exists nowhere.
  static func machinePaths(_ path: String, _ text: String) -> [String] {
    let roots = ["work", "home", "root", "Users"].map { "/\($0)/" }
    return numbered(text).compactMap { number, written in
      let line = written.split(separator: "/home/user/").joined(separator: " ")
      let found = roots.first { root in
        // Behind a letter or digit it is part of another path, or of an address of the web.
        line.split(separator: root, omittingEmptySubsequences: false).dropLast().contains {
          !($0.last.map { $0.isLetter || $0.isNumber || ".}*".contains($0) } ?? false)
        }
      }
      return found.map { "\(path):\(number): \($0)" }
    }
  }

  /// Fixtures whose origin nobody tells.
  ///
  /// - Parameters:
  ///   - files: paths below the fixtures' folder.
  ///   - readme: the page that tells; it may name a file, or all of a folder as `frames/*.hex`.
  ///   - tables: the texts of the tables of a folder, by the folder's path.
  static func untold(_ files: [String], readme: String, tables: [String: [String]]) -> [String] {
    files.filter { file in
      let parts = file.split(separator: "/").map(String.init)
      guard let name = parts.last, !name.hasSuffix(".tsv"), file != "README.md" else {
        return false
      }
      let folder = parts.dropLast().joined(separator: "/")
      let above = (0..<parts.count).map { parts[..<$0].joined(separator: "/") }
      if above.contains(where: { tables[$0, default: []].contains { $0.contains(name) } }) {
        return false
      }
      let ending = name.split(separator: ".").last.map(String.init) ?? ""
      return !readme.contains(name) && !readme.contains("`\(folder)/*.\(ending)`")
    }
  }

  private static func numbered(_ text: String) -> [(number: Int, line: Substring)] {
    text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
      .map { (number: $0.offset + 1, line: $0.element) }
  }
}
