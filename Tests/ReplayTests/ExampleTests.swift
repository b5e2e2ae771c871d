import Foundation
import Testing

/// The example in the documentation of `WeirMatch`, run as a reader runs it.
@Test func theExampleOfTheLibraryFindsWhatItSays() throws {
  let beside = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    .appending(path: "match-example").path
  let path =
    FileManager.default.isExecutableFile(atPath: beside)
    ? beside : WeirProgram.root.appending(path: ".build/debug/match-example").path
  let process = Process()
  let output = Pipe()
  process.executableURL = URL(filePath: path)
  process.standardOutput = output
  try process.run()
  // It writes less than a pipe holds, so it ends without anybody reading.
  process.waitUntilExit()
  #expect(process.terminationStatus == 0)
  let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
  let lines = text.split(separator: "\n").map(String.init)
  #expect(lines.contains("192.0.2.7: 192.0.2.7-192.0.2.7, 192.0.2.0-192.0.2.255"))
  #expect(lines.contains("www.evil.example: evil.example above it"))
  #expect(lines.contains("notevil.example: clean"))
  #expect(lines.contains("cmd.exe ends at byte 12 of the stream"))
}
