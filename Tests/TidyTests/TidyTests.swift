import Testing

/// The house rules, held against the tree as it is.
struct TidyTests {
  private let tree = SourceTree.current
  private let sources = SourceTree.current.files(under: "Sources", ending: ".swift")
  private let layers = LayerTable(manifest: SourceTree.current.text("Package.swift"))

  private func target(_ path: String) -> String { String(path.split(separator: "/")[1]) }

  private func faults(
    in paths: [String], _ rule: (_ path: String, _ text: String) -> [String]
  ) -> [String] {
    paths.flatMap { rule($0, tree.text($0)) }
  }

  @Test func theTreeIsFound() {
    #expect(sources.count > 50)
    #expect(sources.contains("Sources/weir/Weir.swift"))
    #expect(tree.written.contains("README.md"))
    #expect(tree.files(under: "Fixtures").count > 100)
  }

  @Test func everyTargetIsOnALayer() {
    #expect(layers.layers["WeirModel"] == 0)
    #expect(layers.layers["WeirEngine"] == 3)
    #expect(layers.layers["weir"] == 6)
    #expect(layers.layers.keys.sorted() == tree.folders(in: "Sources"))
  }

  @Test func importsGoDown() {
    let found = sources.flatMap { layers.faults(target: target($0), source: tree.text($0)) }
    #expect(found == [])
  }

  /// What leaves is made where nothing is known of packets, logs or customers.
  @Test func sharingSeesNoTraffic() {
    let own = sources.filter { target($0) == "WeirShare" }
    #expect(own.count > 20)
    let imports = Set(own.flatMap { LayerTable.imports(tree.text($0)) })
    #expect(imports == ["Glibc", "WeirCrypto", "WeirModel"])
    let manifest = tree.text("Package.swift")
    #expect(manifest.contains(#"name: "WeirShare", dependencies: ["WeirModel", "WeirCrypto"],"#))
  }

  /// A number that was rounded would tell of what it was rounded from.
  @Test func sharingKnowsNoFractionsButExactOnes() {
    let own = sources.filter { target($0) == "WeirShare" }
    for word in ["Double", "Float", "Float80", "log", "exp", "pow"] {
      let found = own.flatMap { SwiftText(tree.text($0)).linesHolding(word: word) }
      #expect(found == [], "\(word)")
    }
  }

  @Test func unsafeStaysInItsFolders() {
    #expect(faults(in: sources, TidyRules.unsafeOutside) == [])
  }

  @Test func theDataPlaneAwaitsNothing() {
    let dataPlane = sources.filter {
      layers.layers[target($0), default: 0] < LayerTable.controlPlane
    }
    #expect(dataPlane.count > 30)
    #expect(faults(in: dataPlane, TidyRules.concurrency) == [])
  }

  @Test func filesAndFunctionsAreShort() {
    #expect(faults(in: sources, TidyRules.fileLength) == [])
    #expect(faults(in: sources, TidyRules.functionLength) == [])
  }

  @Test func nothingIsLeftForLater() {
    #expect(faults(in: tree.written, TidyRules.unfinished) == [])
  }

  @Test func noPathLeadsToOneMachine() {
    #expect(faults(in: tree.written, TidyRules.machinePaths) == [])
  }

  @Test func everyFixtureTellsWhereItComesFrom() {
    let files = tree.files(under: "Fixtures").map { String($0.dropFirst("Fixtures/".count)) }
    var tables: [String: [String]] = [:]
    for file in files where file.hasSuffix(".tsv") {
      let folder = file.split(separator: "/").dropLast().joined(separator: "/")
      tables[folder, default: []].append(tree.text("Fixtures/\(file)"))
    }
    // What makes fixtures is told by the scripts themselves.
    let data = files.filter { !$0.hasPrefix("make/") }
    let untold = TidyRules.untold(data, readme: tree.text("Fixtures/README.md"), tables: tables)
    #expect(untold == [])
  }

  @Test func theFirstPageNamesTheDoor() {
    let readme = tree.text("README.md")
    #expect(readme.contains("make demo"))
    #expect(readme.contains("make test"))
  }
}
