/// Which layer of the house each target is on, read from the comments of the package manifest.
struct LayerTable {
  /// Layers by target.
  private(set) var layers: [String: Int] = [:]

  /// From here up, FoundationEssentials and packages are allowed.
  static let controlPlane = 4

  /// Below the control plane, all that may be imported besides the house's own targets.
  private static let systemModules: Set<String> = ["Glibc", "Synchronization"]
  private static let controlModules: Set<String> = ["FoundationEssentials", "ArgumentParser"]

  /// Reads the manifest: a comment `// 3: …` begins a layer, and the targets below it are on it.
  init(manifest: String) {
    var layer: Int?
    for line in manifest.split(separator: "\n") {
      let text = line.drop { $0 == " " }
      if text.hasPrefix("// "), let number = Int(text.dropFirst(3).prefix { $0 != ":" }) {
        layer = number
      }
      if text.contains(".testTarget(") { layer = nil }
      if let layer, let name = LayerTable.targetName(text) { layers[name] = layer }
    }
  }

  /// The name in `name: "WeirModel"`.
  ///
  /// Products name their package, which targets do not.
  private static func targetName(_ line: Substring) -> String? {
    guard !line.contains(".product("),
      let label = line.split(separator: "name: \"").dropFirst().first
    else { return line.hasPrefix("name: \"") ? quoted(line.dropFirst(7)) : nil }
    return quoted(label)
  }

  private static func quoted(_ text: Substring) -> String { String(text.prefix { $0 != "\"" }) }

  /// What is wrong with the imports of a file of a target.
  func faults(target: String, source: String) -> [String] {
    guard let own = layers[target] else { return ["\(target) is on no layer"] }
    return LayerTable.imports(source).compactMap { module in
      if let other = layers[module] {
        return other < own ? nil : "\(target) on \(own) imports \(module) on \(other)"
      }
      if LayerTable.systemModules.contains(module) { return nil }
      if own >= LayerTable.controlPlane, LayerTable.controlModules.contains(module) { return nil }
      return "\(target) on \(own) imports \(module)"
    }
  }

  /// The modules that a file imports, whatever attributes, access and kind stand around the word.
  static func imports(_ source: String) -> [String] {
    let kinds: Set<Substring> = ["class", "enum", "func", "let", "protocol", "struct", "var"]
    return SwiftText(source).lines.compactMap { line in
      let words = SwiftText.words(line)
      guard let at = words.firstIndex(of: "import"), !line.contains("`import`") else { return nil }
      return words[(at + 1)...].first { !kinds.contains($0) }.map(String.init)
    }
  }
}
