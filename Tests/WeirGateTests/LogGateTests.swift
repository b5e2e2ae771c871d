import Foundation
import Testing
import WeirGate
import WeirModel

/// Everything that a gate of lines lends, as one text.
private func lines<Gate: LineGate & ~Copyable>(_ gate: inout Gate, turns: Int = .max) -> [UInt8] {
  var text: [UInt8] = []
  var turn = 0
  while turn < turns {
    let goesOn = gate.turn { arena, batch in
      var feeds = 0
      for segment in batch.segments {
        for index in segment {
          text.append(arena[index])
          feeds += arena[index] == UInt8(ascii: "\n") ? 1 : 0
        }
      }
      return feeds
    }
    guard goesOn else { break }
    turn += 1
  }
  return text
}

@Suite struct LogGateTests {
  private let scratch: ScratchDirectory
  private let text = Array((0..<200_000).map { "line \($0)\n" }.joined().utf8) + Array("end".utf8)

  init() throws { scratch = try ScratchDirectory() }

  @Test(arguments: [1, 2, 7]) func everyByteIsLentOnce(segments: Int) throws {
    let plain = try scratch.write("a/plain.log", text)
    _ = try scratch.write("a/empty.log", [])
    var gate = LogGate(inputs: [plain, scratch.path + "/a"], segments: segments)
    #expect(lines(&gate) == text + text)
    let reports = gate.reports
    #expect(reports.map(\.lines) == [200_001, 0, 200_001])
    #expect(reports.map(\.complete) == [true, true, true])
    #expect(reports.map(\.bytes) == [text.count, 0, text.count])
  }

  @Test func packedLogsAreUnpacked() throws {
    let path = try scratch.write("packed.log", text)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gzip", path]
    try process.run()
    process.waitUntilExit()
    var gate = LogGate(inputs: [path + ".gz"], segments: 3)
    #expect(lines(&gate) == text)
    #expect(gate.reports.map(\.kind) == ["log.gz"])
    #expect(gate.reports.map(\.lines) == [200_001])
    let packed = Array(try Data(contentsOf: URL(fileURLWithPath: path + ".gz")))
    let cut = try scratch.write("cut.log.gz", Array(packed[..<(packed.count / 2)]))
    var damaged = LogGate(inputs: [cut, path])
    let part = lines(&damaged)
    #expect(!part.isEmpty && text.starts(with: part))
    #expect(damaged.reports.map { $0.error?.kind } == [.damaged, .missing])
  }

  @Test func aLineThatIsTooLongIsCutBetweenWords() throws {
    let words = Array(String(repeating: "word ", count: 500_000).utf8)
    let path = try scratch.write("long.log", words + [10] + Array("next\n".utf8))
    var gate = LogGate(inputs: [path])
    var ends: [UInt8] = []
    while gate.turn({ arena, batch in
      for segment in batch.segments { ends.append(arena[segment.upperBound - 1]) }
      return 0
    }) {}
    #expect(ends == [32, 32, 10])
    #expect(gate.reports.map(\.cutLines) == [2])
  }
}

@Suite struct FollowGateTests {
  private let scratch: ScratchDirectory

  init() throws { scratch = try ScratchDirectory() }

  private func append(_ text: String, to path: String) throws {
    if !FileManager.default.fileExists(atPath: path) {
      try Data().write(to: URL(fileURLWithPath: path))
    }
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try file.seekToEnd()
    try file.write(contentsOf: Data(text.utf8))
    try file.close()
  }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  @Test func whatIsWrittenLaterIsLentOnce() throws {
    let path = scratch.path + "/a.log"
    var gate = FollowGate(paths: [path])
    #expect(lines(&gate, turns: 2).isEmpty)
    try append("one\ntw", to: path)
    #expect(text(lines(&gate, turns: 3)) == "one\n")
    try append("o\n", to: path)
    #expect(text(lines(&gate, turns: 3)) == "two\n")
    #expect(gate.reports.map(\.lines) == [2])
  }

  @Test func rotationLosesAndRepeatsNothing() throws {
    let path = scratch.path + "/a.log"
    var gate = FollowGate(paths: [path])
    var (written, read) = ("", "")
    for number in 0..<20 {
      try append("first \(number)\n", to: path)
      written += "first \(number)\n"
      if number % 2 == 0 { read += text(lines(&gate, turns: 2)) }
      try FileManager.default.moveItem(atPath: path, toPath: "\(path).\(number)")
      // Whoever writes notices the new name late.
      try append("late \(number)\n", to: "\(path).\(number)")
      try append("new \(number)\n", to: path)
      written += "late \(number)\nnew \(number)\n"
      read += text(lines(&gate, turns: 9))
    }
    #expect(read == written)
  }

  @Test func anEmptiedLogIsBegunAgain() throws {
    let path = try scratch.write("a.log", Array("one\ntwo\n".utf8))
    var gate = FollowGate(paths: [path])
    #expect(text(lines(&gate, turns: 2)) == "one\ntwo\n")
    try Data("new\n".utf8).write(to: URL(fileURLWithPath: path), options: [])
    #expect(text(lines(&gate, turns: 4)) == "new\n")
  }

  @Test func aRestartGoesOnWhereItWas() throws {
    let path = try scratch.write("a.log", Array("one\ntwo\nthr".utf8))
    var first = FollowGate(paths: [path])
    #expect(text(lines(&first, turns: 2)) == "one\ntwo\n")
    let saved = first.state.text
    try append("ee\n", to: path)
    try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
    try append("four\n", to: path)
    var second = FollowGate(paths: [path], state: FollowState(saved))
    #expect(text(lines(&second, turns: 12)) == "three\nfour\n")
    var third = FollowGate(paths: [path], state: FollowState(second.state.text))
    #expect(lines(&third, turns: 3).isEmpty)
    #expect(FollowState(second.state.text).text == second.state.text)
  }

  @Test func anotherFileInItsPlaceIsReadFromTheBeginning() throws {
    let path = try scratch.write("a.log", Array("one\ntwo\n".utf8))
    var first = FollowGate(paths: [path])
    _ = lines(&first, turns: 2)
    let saved = first.state.text
    // The same file, but with other first bytes.
    try Data("other and longer\n".utf8).write(to: URL(fileURLWithPath: path), options: [])
    var second = FollowGate(paths: [path], state: FollowState(saved))
    #expect(text(lines(&second, turns: 2)) == "other and longer\n")
    #expect(FollowState(Array("1 2 x 4 5 a\n9 9 9\n\n".utf8)).text.isEmpty)
  }
}
