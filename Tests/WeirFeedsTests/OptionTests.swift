import Testing
import WeirModel

@testable import WeirFeeds

private func option(_ text: String, existing: Set<String> = ["a.txt"]) throws -> FeedOption {
  try FeedOption(parsing: text) { existing.contains($0) }
}

private func fault(_ text: String, existing: Set<String> = ["a.txt"]) -> String {
  do throws(FeedOptionError) {
    _ = try FeedOption(parsing: text) { existing.contains($0) }
    return "none"
  } catch {
    return error.description
  }
}

@Test func everyKeyIsRead() throws {
  let read = try option(
    "a.txt,name=drop,format=patterns-json,category=c2,action=monitor,direction=inbound,"
      + "confidence=90,scope=exact,ttl=7d,tlp=amber+strict")
  #expect(read.path == "a.txt")
  #expect(read.name == "drop")
  #expect(read.format == .patternsJSON)
  #expect(
    read.settings
      == FeedSettings(
        name: "", category: "c2", action: .monitor, direction: .inbound, confidence: 90,
        scope: .exact, ttlSeconds: 604_800, tlp: .amberStrict))
}

@Test func aPlainPathHasTheDefaults() throws {
  let read = try option("a.txt")
  #expect(read == FeedOption(path: "a.txt"))
  #expect(read.settings.category == "uncategorized")
  #expect(read.settings.action == .block)
  #expect(try option("missing.txt").path == "missing.txt")
}

@Test func aPathMayHaveCommas() throws {
  #expect(try option("a,name=x", existing: ["a,name=x"]).path == "a,name=x")
  let read = try option("d,e/a.txt,name=x", existing: ["d,e/a.txt"])
  #expect(read.path == "d,e/a.txt")
  #expect(read.name == "x")
}

@Test(arguments: [
  ("a.txt,nmae=x", "unknown key \"nmae\"; did you mean \"name\"?"),
  ("a.txt,catgory=x", "unknown key \"catgory\"; did you mean \"category\"?"),
  ("a.txt,TTL=7d", "unknown key \"TTL\"; did you mean \"ttl\"?"),
  (
    "a.txt,zzzz=x",
    "unknown key \"zzzz\"; the keys are name format category action direction confidence scope select ttl tlp"
  ),
  ("a.txt,name=x,name=y", "the key \"name\" is given twice"),
  ("a.txt,block", "\"block\" is no key=value"),
  ("a.txt,name=", "name= is not understood; expected 1 to 128 bytes of text"),
  ("a.txt,confidence=101", "confidence=101 is not understood; expected a number from 0 to 100"),
  ("a.txt,confidence=-1", "confidence=-1 is not understood; expected a number from 0 to 100"),
  ("a.txt,action=blok", "action=blok is not understood; expected \"block\""),
  ("a.txt,action=zzzzzz", "action=zzzzzz is not understood; expected allow, monitor, block"),
  ("a.txt,format=domain", "format=domain is not understood; expected \"domains\""),
  ("a.txt,ttl=7", "ttl=7 is not understood; expected a duration as 30m, 4h or 7d"),
  (",name=x", "the feed has no path; write PATH[,key=value…]"),
])
func aFaultIsExplained(text: String, message: String) {
  #expect(fault(text) == message)
}

@Test(
  arguments: [
    ("90s", 90), ("30m", 1800), ("4h", 14_400), ("7d", 604_800), ("2w", 1_209_600), ("0d", nil),
    ("d", nil), ("", nil), ("-1d", nil), ("1.5h", nil), ("7x", nil), ("99999999999999999999d", nil),
    ("9223372036854775807d", nil),
  ] as [(String, Int?)])
func durationsHaveAUnit(text: String, seconds: Int?) {
  #expect(durationSeconds(text) == seconds)
}
