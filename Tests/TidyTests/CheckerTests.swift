import Testing

/// The checkers themselves: each must see what it is there to see.
struct CheckerTests {
  private let layers = LayerTable(
    manifest: """
      let package = Package(
        name: "weir",
        targets: [
          // 0: words.
          .target(name: "Low"),
          .systemLibrary(
            name: "CShim", providers: []),
          // 1: neighbors.
          .target(name: "Middle", dependencies: ["Low"]),
          .target(
            name: "Neighbor",
            dependencies: [.product(name: "Library", package: "library")]),
          // 4: control.
          .target(name: "High"),
          .testTarget(
            name: "LowTests", dependencies: ["Low"]),
        ])
      """)

  @Test func aManifestGivesItsLayers() {
    #expect(layers.layers == ["Low": 0, "CShim": 0, "Middle": 1, "Neighbor": 1, "High": 4])
  }

  @Test(arguments: [
    ("Low", "import Middle"), ("Middle", "import Neighbor"), ("Middle", "public import High"),
    ("Middle", "@testable import struct High.Thing"), ("Middle", "import Foundation"),
    ("Middle", "import FoundationEssentials"), ("High", "import Foundation"),
    ("Unknown", "import Low"),
  ])
  func wrongImportsAreSeen(target: String, source: String) {
    #expect(layers.faults(target: target, source: source).count == 1)
  }

  @Test(arguments: [
    ("Middle", "internal import Low\nimport CShim\nimport Glibc\nimport Synchronization"),
    ("High", "import FoundationEssentials\nimport Middle\nimport ArgumentParser"),
    ("Low", "// import Middle\nlet text = \"import Middle\""),
  ])
  func rightImportsAreNot(target: String, source: String) {
    #expect(layers.faults(target: target, source: source) == [])
  }

  @Test func unsafeIsSeenOutsideItsFolder() {
    let source = "let a = unsafe pointer.load()"
    #expect(TidyRules.unsafeOutside("Sources/A/B.swift", source) == ["Sources/A/B.swift:1: unsafe"])
    #expect(TidyRules.unsafeOutside("Sources/A/Unsafe.swift", source).count == 1)
    #expect(TidyRules.unsafeOutside("Sources/A/Unsafe/B.swift", source) == [])
    #expect(TidyRules.unsafeOutside("B.swift", "// unsafe\nlet unsafely = \"unsafe\"") == [])
  }

  @Test func concurrencyIsSeen() {
    #expect(TidyRules.concurrency("B.swift", "actor A {}\nfunc b() async { await c() }").count == 3)
    #expect(TidyRules.concurrency("B.swift", "let factor = 1  // async") == [])
  }

  @Test func longFilesAreSeen() {
    let line = "let a = 1\n"
    #expect(TidyRules.fileLength("B.swift", String(repeating: line, count: 500)) == [])
    #expect(TidyRules.fileLength("B.swift", String(repeating: line, count: 501)).count == 1)
  }

  @Test(arguments: [
    "func a() {", "init?(b: Int) throws {", "deinit {", "subscript(b: Int) -> Int {",
    "func a(\n  b: () -> Void = { }\n)\nthrows {", "func a<B>(_ b: B)\n  where B: C {",
  ])
  func longFunctionsAreSeen(head: String) {
    let headLines = head.split(separator: "\n").count
    func source(_ lines: Int) -> String {
      let body = String(repeating: "let text = \"}\\(b(\"}\"))\"\n", count: lines - headLines - 1)
      return "struct S {\n\(head)\n\(body)}\nlet other = A.init()\n}\n"
    }
    #expect(TidyRules.functionLength("B.swift", source(60)) == [])
    #expect(
      TidyRules.functionLength("B.swift", source(61)) == ["B.swift:2: a function of 61 lines"])
  }

  @Test func requirementsHaveNoLength() {
    let lines = String(repeating: "\n", count: 70)
    let source = "protocol P {\n  func a() throws\n  init(b: Int)\n}\nstruct S {\(lines)}\n"
    #expect(TidyRules.functionLength("B.swift", source) == [])
  }

  @Test func unfinishedWorkIsSeen() {
    for word in ["TO" + "DO", "FIX" + "ME", "Place" + "holder", "st" + "ub"] {
      #expect(TidyRules.unfinished("B.md", "a\n// \(word): later") == ["B.md:2: \(word)"])
    }
    #expect(TidyRules.unfinished("B.md", "stubborn, hacked, todo") == [])
  }

  @Test func pathsOfAMachineAreSeen() {
    let home = "/ho" + "me/"
    #expect(TidyRules.machinePaths("B.md", "see \(home)ada/weir").count == 1)
    #expect(TidyRules.machinePaths("B.md", "\(home)ada").count == 1)
    #expect(TidyRules.machinePaths("B.md", "https://example.org\(home)ada or /etc/weir") == [])
    #expect(TidyRules.machinePaths("B.md", "\(home)user/weir") == [])
    #expect(TidyRules.machinePaths("B.md", "\(home)user/weir \(home)ada/weir").count == 1)
  }

  @Test func fixturesWithoutAnOriginAreSeen() {
    let files = [
      "README.md", "a.pcap", "b.pcap", "frames/c.hex", "frames/d.bin", "in/e.txt", "in/T.tsv",
    ]
    let untold = TidyRules.untold(
      files, readme: "`a.pcap` and `frames/*.hex`", tables: ["in": ["e.txt\t1"]])
    #expect(untold == ["b.pcap", "frames/d.bin"])
  }

  @Test func commentsAndStringsAreBlanks() {
    let source = """
      let a = "x\\(b("y")) z" /* c /* d */ e */ + f // g
      let h = #"i\\"# + \"""
        j "k"
        \""" + l
      """
    let words = SwiftText(source).lines.flatMap { SwiftText.words($0) }
    #expect(words == ["let", "a", "b", "f", "let", "h", "l"])
  }
}
