import Foundation
import Testing

/// Programs that would let a customer out, or draw twice, and that the compiler refuses.
@Suite struct CompileFailureTests {
  private static let prelude = """
    import WeirCrypto
    import WeirModel
    @testable import WeirShare
    import WeirTally

    """

  /// Compiles a snippet against the modules of this build; the compiler's words.
  private func compile(_ snippet: String) throws -> (status: Int32, output: String)? {
    let products = URL(filePath: WeirProgram.path).deletingLastPathComponent()
    let modules = products.appending(path: "Modules").path
    guard FileManager.default.fileExists(atPath: modules + "/WeirTally.swiftmodule") else {
      print("skipped: the modules of this build are not beside \(WeirProgram.path)")
      return nil
    }
    let folder = try TemporaryFolder()
    let file = folder["snippet.swift"]
    try Data((Self.prelude + snippet).utf8).write(to: URL(filePath: file))
    let maps = ["CCrypto", "CWeirSIMD"].flatMap { name in
      let own = WeirProgram.root.appending(path: "Sources/\(name)").path
      return ["-Xcc", "-I\(own)", "-Xcc", "-I\(own)/include"]
    }
    return try Script.run(
      [
        "/usr/bin/env", "swiftc", "-emit-sil", "-swift-version", "6", "-I", modules, "-o",
        "/dev/null",
        file,
      ] + maps)
  }

  @Test(arguments: [
    ("struct Row: Encodable { let who: CustomerBlock }", "non-Copyable type"),
    (
      "func text(_ block: borrowing CustomerBlock) -> String { \"\\(block)\" }",
      "appendInterpolation"
    ),
    ("func hide(_ block: consuming CustomerBlock) -> Any { block }", "Copyable"),
    ("func keep(_ block: consuming CustomerBlock) -> [CustomerBlock] { [block] }", "Copyable"),
    ("func look(_ block: borrowing CustomerBlock) { _ = block.prefix }", "inaccessible"),
    ("func name(_ tag: UnitTag) -> UInt64 { tag.high }", "inaccessible"),
    (
      """
      func twice(_ right: consuming Reservation, _ counts: [UInt32]) throws {
        _ = try right.draw(counts)
        _ = try right.draw(counts)
      }
      """, "consumed more than once"
    ),
    ("func copy(_ key: borrowing SigningKey) -> SigningKey { key }", "cannot be consumed"),
  ])
  func theCompilerRefuses(snippet: String, words: String) throws {
    guard let outcome = try compile(snippet) else { return }
    #expect(outcome.status != 0, "it compiles: \(snippet)")
    #expect(outcome.output.contains(words), "\(outcome.output)")
  }

  @Test func theCompilerTakesWhatIsMeant() throws {
    let snippet = """
      func tag(_ block: borrowing CustomerBlock, _ key: borrowing MessageKey) -> UnitTag { block.tag(key) }
      func once(_ right: consuming Reservation, _ counts: [UInt32]) throws -> SealedTable {
        try right.draw(counts)
      }
      """
    guard let outcome = try compile(snippet) else { return }
    #expect(outcome.status == 0, "\(outcome.output)")
  }
}
