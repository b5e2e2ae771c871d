import Testing
import WeirConfig

@Suite struct ConfigTests {
  private func read(_ text: String) throws -> ConfigSection {
    try ConfigSection(YAMLReader.read(Array(text.utf8), path: "weir.yaml"), path: "weir.yaml")
  }

  private func message(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test func sectionsListsAndTextsAreRead() throws {
    var top = try read(
      "a: 1\nlist: [x, 'y']\none: z\nsub:\n  - {p: q}\n  - p: \"r\"\nempty:\non: yes\n")
    #expect(try top.integer("a", in: 0...9) == 1)
    #expect(try top.texts("list") == ["x", "y"])
    #expect(try top.texts("one") == ["z"])
    var parts = try top.sections("sub")
    #expect(try parts[0].text("p") == "q")
    #expect(try parts[1].text("p") == "r")
    #expect(try top.section("empty")?.keys == [])
    #expect(try top.flag("on") == true)
    #expect(try top.text("none") == nil)
    try top.end()
  }

  @Test func mistakesNameTheirLineAndWhatMayBeMeant() {
    #expect(
      message {
        var top = try read("a: 1\ncustmer_networks: []\n")
        _ = top.node("customer_networks")
        _ = top.node("a")
        try top.end()
      }
        == "weir.yaml:2: \"custmer_networks\" is not known here; did you mean \"customer_networks\"?"
    )
    #expect(message { _ = try read("a: 1\na: 2\n") } == "weir.yaml:2: \"a\" is given twice")
    #expect(
      message {
        var top = try read("\n\na: 12\n")
        _ = try top.integer("a", in: 0...9)
      } == "weir.yaml:3: \"a\" takes a number from 0 to 9")
    #expect(message { _ = try read("a: &x [1]\nb: *x\n") } == "weir.yaml:1: aliases are not taken")
    #expect(message { _ = try read("- 1\n") } == "weir.yaml:1: a section is expected here")
    #expect(
      message { _ = try read("a: 1\n---\nb: 2\n") } == "weir.yaml: it holds more than one document")
    #expect(message { _ = try read("a: [1\n") } != nil)
    #expect(message { _ = try read("a: \u{1}\n") } != nil)
    #expect(message { _ = try read("? {a: b}\n: c\n") } == "weir.yaml:1: a name is expected here")
  }

  @Test func hostileTextIsReadOrRefusedAndNeverTraps() {
    let text = Array("a: {b: [c, \"d\\n\", 'e', &x f], ? g : h}\ni: |\n  j\nk: !!str l\n".utf8)
    for count in 0...text.count { _ = try? YAMLReader.read(Array(text.prefix(count)), path: "x") }
    for index in text.indices {
      for bit in 0..<8 {
        var mutant = text
        mutant[index] ^= 1 << bit
        _ = try? YAMLReader.read(mutant, path: "x")
      }
    }
    let deep = Array(String(repeating: "[", count: 100_000).utf8)
    #expect(throws: ConfigError.self) { try YAMLReader.read(deep, path: "x") }
    let nested = Array((String(repeating: "[", count: 50) + String(repeating: "]", count: 50)).utf8)
    #expect(throws: ConfigError.self) { try YAMLReader.read(nested, path: "x") }
  }
}
