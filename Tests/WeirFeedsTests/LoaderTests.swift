import Foundation
import Testing
import WeirModel

@testable import WeirFeeds

private func load(
  _ options: [FeedOption], allow: [String] = [], now: Int64 = 0, unpackedBytesMax: Int = 1 << 24
) -> (FeedLoad, [Int: [FeedEntry]]) {
  var entries: [Int: [FeedEntry]] = [:]
  let loader = FeedLoader(
    now: Timestamp(seconds: now, nanoseconds: 0), unpackedBytesMax: unpackedBytesMax)
  let result = loader.load(options: options, allow: allow) { entries[$0, default: []].append($1) }
  return (result, entries)
}

@Test func feedsAndAllowListsAreRead() throws {
  let scratch = try ScratchDirectory()
  let drop = try scratch.write("drop.txt", "192.0.2.0/24\n# x\nbad\n")
  let good = try scratch.write("good.hosts", "0.0.0.0 good.example\n")
  var option = FeedOption(path: drop)
  option.settings.category = "hijacked"
  let (result, entries) = load([option], allow: [good])
  #expect(result.feeds.map(\.settings.name) == ["drop", "good"])
  #expect(result.feeds.map(\.format) == [.ip, .hosts])
  #expect(result.feeds.map(\.formatIsDetected) == [true, true])
  #expect(result.feeds.map(\.verdict) == [.partial, .accept])
  #expect(result.feeds[0].why == "1 rejected: invalid-address 1")
  #expect(result.feeds[0].counts.lines == 3)
  #expect(result.feeds[0].counts.samples.map(\.description) == ["\(drop):3: invalid-address: bad"])
  #expect(result.feeds[0].settings.category == "hijacked")
  #expect(result.rejectedTotal == 1)
  #expect(!result.hasRefused)
  #expect(entries[0]?.map(\.action) == [.block])
  #expect(entries[1]?.map(\.action) == [.allow])
}

@Test func aFeedWithoutUseIsRefusedWithTheReasonAndHandsOnNothing() throws {
  let scratch = try ScratchDirectory()
  let cases: [(String, String, FeedFormat?)] = [
    ("", "empty", nil),
    ("# x\n", "no entry: only comments and blank lines", nil),
    ("# x\n", "no entry", .ip),
    ("<html>", "an HTML or XML page, not a feed", nil),
    ("<html>", "an HTML or XML page, not a feed", .domains),
    ("x y z\n", "unknown format", nil),
    ("x\ny\n1.1.1.1/99\n", "no valid entry: invalid-address 2, prefix-length 1", .ip),
  ]
  for (text, why, format) in cases {
    let path = try scratch.write("feed.txt", text)
    let (result, entries) = load([FeedOption(path: path, format: format)])
    #expect(result.feeds.map(\.verdict) == [.refuse], "\(text)")
    #expect(result.feeds[0].why == why)
    #expect(entries.isEmpty)
    #expect(result.hasRefused)
  }
  let (missing, _) = load([FeedOption(path: scratch.path + "/none")])
  #expect(missing.feeds[0].why == "open: No such file or directory")
}

@Test func aDirectoryGivesItsFeedFilesInOrder() throws {
  let scratch = try ScratchDirectory()
  _ = try scratch.write("b.txt", "192.0.2.2\n")
  _ = try scratch.write("a.netset", "192.0.2.1\n")
  _ = try scratch.write("a.txt", "192.0.2.3\n")
  _ = try scratch.write("README", "x")
  _ = try scratch.write("notes.md", "x")
  _ = try scratch.write(".hidden", "x")
  try FileManager.default.createDirectory(
    atPath: scratch.path + "/sub", withIntermediateDirectories: false)
  let (result, entries) = load([FeedOption(path: scratch.path)])
  #expect(result.feeds.map(\.settings.name) == ["a", "a-2", "b"])
  #expect(entries.count == 3)
  #expect(
    result.skipped.map { "\($0.path.dropFirst(scratch.path.count)) \($0.why)" } == [
      "/.hidden hidden", "/README documentation", "/notes.md documentation", "/sub a directory",
    ])
  let (named, _) = load([FeedOption(path: scratch.path + "/", name: "own")])
  #expect(named.feeds.map(\.settings.name) == ["own/a", "own/a-2", "own/b"])
  let (empty, _) = load([FeedOption(path: scratch.path + "/sub")])
  #expect(empty.feeds.map(\.why) == ["a directory without a feed file"])
}

@Test(arguments: [
  ("/x/drop.txt", "drop"), ("drop", "drop"), ("drop.netset.gz", "drop"),
  ("blp.hosts.txt.zst", "blp.hosts"), (".hidden", ".hidden"), ("a/.gz", ".gz"), ("x.lz4", "x"),
])
func aFeedIsNamedAfterItsFile(path: String, name: String) {
  #expect(FeedLoader.name(ofFile: path) == name)
}

@Test func aFeedOlderThanItsTimeToLiveIsExpired() throws {
  let scratch = try ScratchDirectory()
  let path = try scratch.write("drop.txt", "192.0.2.1\n192.0.2.2\nx\n")
  let written = Date(timeIntervalSince1970: 1_000_000)
  try FileManager.default.setAttributes([.modificationDate: written], ofItemAtPath: path)
  var option = FeedOption(path: path)
  option.settings.ttlSeconds = 3600
  let (fresh, freshEntries) = load([option], now: 1_003_600)
  #expect(fresh.feeds[0].verdict == .partial)
  #expect(freshEntries[0]?.count == 2)
  let (old, oldEntries) = load([option], now: 1_003_601)
  #expect(old.feeds[0].verdict == .refuse)
  #expect(
    old.feeds[0].why == "expired: the file is of 1970-01-12T13:46:40.000000Z, and its ttl is over")
  #expect(old.feeds[0].counts.rejected == [.expired: 2, .invalidAddress: 1])
  #expect(oldEntries.isEmpty)
}

/// Packs `bytes` with a program of this machine; nil when it is not there.
private func packed(_ bytes: [UInt8], with program: String) throws -> [UInt8]? {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = [program, "-c"]
  let (input, output) = (Pipe(), Pipe())
  (process.standardInput, process.standardOutput) = (input, output)
  process.standardError = FileHandle.nullDevice
  try process.run()
  try input.fileHandleForWriting.write(contentsOf: Data(bytes))
  try input.fileHandleForWriting.close()
  let result = try output.fileHandleForReading.readToEnd()
  process.waitUntilExit()
  return process.terminationStatus == 0 ? result.map { [UInt8]($0) } : nil
}

@Test(arguments: ["gzip", "zstd", "lz4"])
func packedFeedsAreUnpackedByContent(program: String) throws {
  let text = Array((0..<8_000).map { "10.0.\($0 / 256).\($0 % 256)\n" }.joined().utf8)
  // Small enough that the program writes nothing before it has read everything.
  guard let data = try packed(Array(text.prefix(50_000)), with: program) else {
    return print("skipped: no \(program) on this machine")
  }
  let scratch = try ScratchDirectory()
  let lines = Reading(Array(text.prefix(50_000)), .ip).counts.lines
  let (result, _) = load([FeedOption(path: try scratch.write("feed.txt", data))])
  #expect(result.feeds[0].verdict == .accept)
  #expect(result.feeds[0].bytes == 50_000)
  #expect(result.feeds[0].counts.lines == lines)

  // Two members one after the other are one feed.
  let (twice, _) = load([FeedOption(path: try scratch.write("twice", data + data))])
  #expect(twice.feeds[0].bytes == 100_000)

  let cap = load(
    [FeedOption(path: try scratch.write("capped", data + data))], unpackedBytesMax: 60_000)
  #expect(cap.0.feeds[0].why == "unpacks to more than 60000 bytes")

  for length in stride(from: 4, to: data.count, by: 97) {
    let path = try scratch.write("cut", Array(data[..<length]))
    let (cut, entries) = load([FeedOption(path: path)])
    #expect(cut.feeds[0].verdict != .accept, "\(program) cut at \(length)")
    #expect(cut.feeds[0].why?.isEmpty == false)
    #expect((entries[0] ?? []).allSatisfy { $0.value.kind == .ip }, "\(program) cut at \(length)")
  }
  var random = Seeded(23)
  for round in 0..<300 {
    var flipped = data
    flipped[Int.random(in: 0..<data.count, using: &random)] ^=
      1 << UInt8.random(in: 0..<8, using: &random)
    let (flip, _) = load([FeedOption(path: try scratch.write("flip", flipped), format: .ip)])
    #expect(flip.feeds.count == 1, "seed 23, round \(round)")
    #expect(flip.feeds[0].bytes <= 1 << 24, "seed 23, round \(round)")
  }
}

@Test func aLineCutByDamageIsNotTaken() throws {
  let text = Array((0..<9_000).map { "192.0.2.\($0 % 250)\n" }.joined().utf8)
  guard let data = try packed(text, with: "gzip") else { return print("skipped: no gzip") }
  let scratch = try ScratchDirectory()
  let path = try scratch.write("cut.gz", Array(data.dropLast(9)))
  let (result, _) = load([FeedOption(path: path)])
  #expect(result.feeds[0].verdict == .partial)
  #expect(result.feeds[0].why == "gzip data breaks off")
}
