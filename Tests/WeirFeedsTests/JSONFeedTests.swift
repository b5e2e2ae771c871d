import Foundation
import Testing
import WeirModel

@testable import WeirFeeds

/// Values, then rejected ones with line and reason, then what does not fit.
private func read(
  _ format: FeedFormat, _ text: String, select: String? = nil, now: Timestamp? = nil
) -> [String] {
  var parser = FeedParser(
    format: format, settings: FeedSettings(name: "t"), path: "t",
    select: select.flatMap { JSONPath($0) }, now: now)
  var result: [String] = []
  func note(_ entry: FeedEntry) {
    let isExact = entry.value.kind == .domain && entry.scope == .exact
    result.append((isExact ? "=" : "") + "\(entry.value)")
  }
  parser.parse(Array(text.utf8).span, into: note)
  parser.finish(into: note)
  if parser.counts.ignored > 0 { result.append("ignored \(parser.counts.ignored)") }
  return result + parser.counts.samples.map { "\($0.line) \($0.reason.name)" }
    + [parser.fault].compactMap(\.self)
}

@Test func attributesForDetectionAreRead() {
  let md5 = "0123456789abcdef0123456789abcdef"
  #expect(
    read(
      .misp,
      """
      {"response": [{"Event": {"uuid": "x", "Attribute": [
        {"type": "ip-dst", "value": "192.0.2.1", "to_ids": true},
        {"to_ids": true, "value": "192.0.2.0/24", "type": "ip-src", "Tag": [{"name": "x", "type": "y"}]},
        {"type": "ip-dst", "value": "192.0.2.2", "to_ids": false},
        {"type": "ip-dst", "value": "192.0.2.3", "to_ids": "1", "deleted": true},
        {"type": "domain|ip", "value": "bad.example|192.0.2.4", "to_ids": "1"},
        {"type": "hostname", "value": "www.bad.example", "to_ids": true},
        {"type": "ip-dst|port", "value": "192.0.2.5|443", "to_ids": true},
        {"type": "filename|md5", "value": "a|b.exe|\(md5)", "to_ids": true},
        {"type": "filename", "value": "x.exe", "to_ids": true},
        {"type": "domain", "value": "b\\u0061d2.example", "to_ids": true},
        {"type": "domain", "value": "no name", "to_ids": true},
        {"type": "domain", "to_ids": true},
        {"type": "domain|ip", "value": "bad.example", "to_ids": true}],
       "ShadowAttribute": [{"type": "ip-dst", "value": "198.51.100.1", "to_ids": true}],
       "Object": [{"name": "url", "Attribute": [
        {"type": "url", "value": "http:\\/\\/bad.example\\/x", "to_ids": true},
        {"type": "ja3-fingerprint-md5", "value": "\(md5)", "to_ids": true},
        {"type": "AS", "value": "64496", "to_ids": true}]}]}}]}
      """) == [
        "192.0.2.1", "192.0.2.0/24", "bad.example", "192.0.2.4", "=www.bad.example",
        "192.0.2.5:443", md5, "bad2.example", "http://bad.example/x", md5, "AS64496", "ignored 2",
        "10 unsupported-kind", "12 invalid-name", "13 unexpected-columns", "14 unexpected-columns",
      ])
}

@Test func indicatorsOfABundleAreRead() {
  let now = Timestamp(seconds: 1_767_225_600, nanoseconds: 0)  // 2026-01-01
  func indicator(_ pattern: String, _ more: String = "") -> String {
    "{\"type\": \"indicator\", \"pattern\": \"\(pattern)\"\(more)}"
  }
  let text = [
    indicator("[ipv4-addr:value = '192.0.2.1']", ", \"confidence\": 30"),
    "{\"type\": \"malware\", \"name\": \"x\"}",
    indicator("[domain-name:value = 'bad.example']", ", \"valid_until\": \"2026-01-01T00:00:01Z\""),
    indicator(
      "[domain-name:value = 'old.example']", ", \"valid_until\": \"2026-01-01T00:00:00.000Z\""),
    indicator("[domain-name:value = 'gone.example']", ", \"revoked\": true"),
    indicator("rule x {}", ", \"pattern_type\": \"yara\""),
    indicator("[url:value = 'http://bad.example/x']", ", \"pattern_type\": \"stix\""),
    "{\"type\": \"indicator\"}",
    "{\"type\": \"x\", \"extensions\": {\"y\": \(indicator("[ipv4-addr:value = '192.0.2.9']"))}}",
  ]
  let expected = [
    "192.0.2.1", "bad.example", "http://bad.example/x", "ignored 3", "4 expired",
    "6 unsupported-rule", "8 unexpected-columns",
  ]
  let list = text.joined(separator: ",\n")
  #expect(read(.stix, "{\"type\":\"bundle\",\"objects\":[\(list)]}", now: now) == expected)
  #expect(read(.stix, "{\"more\":false,\"objects\":[\(list)]}", now: now) == expected)
  #expect(read(.stix, "[\(list)]", now: now) == expected)
  #expect(read(.stix, text.joined(separator: "\n"), now: now) == expected)
  let settings = FeedSettings(name: "x", confidence: 60)
  var confidences: [UInt8] = []
  var parser = FeedParser(format: .stix, settings: settings, path: "x")
  parser.parse(Array("[\(list)]".utf8).span) { confidences.append($0.confidence) }
  #expect(confidences == [30, 60, 60, 60])
}

@Test(arguments: [
  ("[ipv4-addr:value='192.0.2.1']", "192.0.2.1"),
  ("[ ipv4-addr:value = '192.0.2.1' OR ipv6-addr:value = '2001:db8::1' ]", "192.0.2.1 2001:db8::1"),
  ("[ipv4-addr:value ISSUBSET '192.0.2.0/24']", "192.0.2.0/24"),
  ("[domain-name:value IN ('a.example', 'b.example')]", "a.example b.example"),
  (
    "[domain-name:value='a.example'] OR [url:value='http://b.example/']",
    "a.example http://b.example/"
  ),
  (
    "[file:hashes.'SHA-256' = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855']",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
  ),
  ("[file:hashes.md5 = '0123456789abcdef0123456789ABCDEF']", "0123456789abcdef0123456789abcdef"),
  (
    "[x509-certificate:hashes.'SHA-1'='0123456789abcdef0123456789abcdef01234567']",
    "0123456789abcdef0123456789abcdef01234567"
  ),
  ("[autonomous-system:number = 64496]", "AS64496"),
  ("[url:value = 'http://a.example/it\\'s']", "http://a.example/it's"),
  (
    "[domain-name:value = 'a.example' OR email-addr:value = 'x@a.example']",
    "a.example !unsupported-kind"
  ),
  (
    "[domain-name:value = 'a.example' OR domain-name:value LIKE '%.b.example']",
    "a.example !unsupported-rule"
  ),
  (
    "[domain-name:value = 'a.example' OR domain-name:value != 'b.example']",
    "a.example !unsupported-rule"
  ),
  ("[domain-name:value NOT = 'a.example']", "!unsupported-rule"),
  ("[domain-name:value NOT IN ('a.example', 'b.example')]", "!unsupported-rule !unsupported-rule"),
  ("[file:size > 100]", "!unsupported-rule"),
  ("[file:size >= 100 OR ipv4-addr:value = '192.0.2.1']", "192.0.2.1 !unsupported-rule"),
  ("[domain-name:value ISSUBSET 'a.example']", "!unsupported-kind"),
  ("[ipv4-addr:value = 'x']", "!invalid-address"),
  ("[email-message:body_multipart[*].body_raw_ref.name MATCHES 'x$']", "!unsupported-rule"),
  ("[domain-name:value = 'a.example' AND ipv4-addr:value = '192.0.2.1']", "!unsupported-rule"),
  ("[a:b = 1 AND c:d = 2] OR [ipv4-addr:value = '192.0.2.1']", "192.0.2.1 !unsupported-rule"),
  ("[ipv4-addr:value = '192.0.2.1'] AND [ipv4-addr:value = '192.0.2.2']", "unsupported-rule"),
  (
    "[ipv4-addr:value = '192.0.2.1'] FOLLOWEDBY [ipv4-addr:value = '192.0.2.2']", "unsupported-rule"
  ),
  ("[ipv4-addr:value = '192.0.2.1'] WITHIN 5 SECONDS", "unsupported-rule"),
  ("([ipv4-addr:value = '192.0.2.1'])", "unsupported-rule"),
  ("[(ipv4-addr:value = '192.0.2.1')]", "unsupported-rule"),
  ("[ipv4-addr:value = t'2026-01-01T00:00:00Z']", "unsupported-rule"),
  ("", "invalid-pattern"), ("[", "unsupported-rule"), ("[]", "unsupported-rule"),
  ("[ipv4-addr:value = ']", "invalid-pattern"), ("[ipv4-addr:value]", "invalid-pattern"),
  ("[ipv4-addr:value = '192.0.2.1'", "unsupported-rule"), ("x", "unsupported-rule"),
])
func aPatternGivesItsValuesOrItsReasons(text: String, expected: String) {
  #expect(pattern(text) == expected)
}

private func pattern(_ text: String) -> String {
  let bytes = Array(text.utf8)
  do throws(RejectReason) {
    let pattern = try STIXPattern(parsing: bytes.span)
    return (pattern.values.map { "\($0)" } + pattern.faults.map { "!" + $0.name })
      .joined(separator: " ")
  } catch {
    return error.name
  }
}

@Test func cutsAndFlipsOfPatternsNeverTrap() {
  let text =
    "[file:hashes.'SHA-256' = 'a\\'b' OR x:y[*].z IN ('a', 'b') OR a:b NOT != 1] OR [c:d < 2] WITHIN 5 SECONDS"
  let bytes = Array(text.utf8)
  for length in 0...bytes.count { _ = pattern(String(decoding: bytes[..<length], as: UTF8.self)) }
  var read = 0
  for position in bytes.indices {
    for bit in 0..<7 {
      var flipped = bytes
      flipped[position] ^= 1 << UInt8(bit)
      read += pattern(String(decoding: flipped, as: UTF8.self)).isEmpty ? 0 : 1
    }
  }
  #expect(read == bytes.count * 7)
}

@Test func warningListsAreComparedAsTheySay() {
  func list(_ type: String, _ values: String) -> String {
    "{\"description\": \"x\", \"list\": [\(values)], \"name\": \"x\", \"type\": \"\(type)\"}"
  }
  #expect(
    read(.mispWarninglist, list("cidr", "\"192.0.2.0/24\",\n\"192.0.2.1\", \"x\""))
      == ["192.0.2.0/24", "192.0.2.1", "2 invalid-address"])
  #expect(
    read(
      .mispWarninglist,
      list(
        "hostname", "\".good.example\", \"one.example\", \"com\", 7, {\"list\": [\"x.example\"]}"))
      == ["good.example", "=one.example", "1 single-label"])
  let md5 = "0123456789abcdef0123456789abcdef"
  #expect(
    read(
      .mispWarninglist, list("string", "\"192.0.2.1\", \"\(md5)\", \"http://a.example/x\", \"\""))
      == ["192.0.2.1", md5, "http://a.example/x", "1 line-too-long"])
  #expect(
    read(.mispWarninglist, list("substring", "\"good.example\"")) == ["1 unsupported-rule"])
  #expect(
    read(.mispWarninglist, "{\"type\": \"cidr\", \"list\": [\"192.0.2.0/24\"")
      == ["192.0.2.0/24", "1 line-cut", "its JSON breaks off"])
}

@Test func objectsWithNamedMembersAreATable() {
  #expect(
    read(
      .json,
      """
      {"1": [{"ioc_value": "192.0.2.1:80", "ioc_type": "ip:port", "confidence_level": 75}],
       "2": [{"ioc_value": "bad.example", "ioc_type": "domain", "tags": ["x"]},
             {"ioc_value": "x.exe", "ioc_type": "filename"}]}
      """) == ["192.0.2.1:80", "bad.example", "3 unsupported-kind"])
  #expect(
    read(
      .json,
      "[{\"ip_address\":\"192.0.2.1\",\"port\":443,\"hostname\":null},{\"ip_address\":\"192.0.2.2\"}]"
    )
      == ["192.0.2.1:443", "192.0.2.2"])
  #expect(
    read(.json, "{\"7\":[{\"url\":\"http://bad.example/x\",\"url_status\":\"online\"}]}")
      == ["http://bad.example/x"])
  #expect(
    read(
      .json,
      "{\"cidr\":\"192.0.2.0/24\"}\n{\"cidr\":\"x\"}\n{\"cidr\":1\n{\"domain\":\"b.example\"}\n{\"domain\":\"c.example\"}\n"
    )
      == [
        "192.0.2.0/24", "c.example", "2 invalid-address", "4 invalid-json",
        "no JSON from line 4 on",
      ])
}

@Test func aPathNamesTheValues() {
  #expect(
    read(
      .json, "{\"a\":{\"b\":[\"192.0.2.1\",\"bad.example\"]},\"b\":[\"x.example\"]}",
      select: "a.b[]")
      == ["192.0.2.1", "bad.example"])
  #expect(
    read(
      .json,
      "{\"p\":[{\"q\":\"192.0.2.0/24\",\"ip\":\"192.0.2.1\"},{\"q\":null},{\"q\":5}],\"q\":\"192.0.2.2\"}",
      select: "p[].q")
      == ["192.0.2.0/24", "1 invalid-name"])
  #expect(read(.json, "[\"192.0.2.1\",[\"192.0.2.2\"]]", select: "[]") == ["192.0.2.1"])
  #expect(read(.json, "[[\"192.0.2.1\"],\"192.0.2.2\"]", select: "[][]") == ["192.0.2.1"])
  #expect(read(.json, "[{\"a\":\"192.0.2.1\"}]", select: "[].a") == ["192.0.2.1"])
  #expect(
    read(.json, "{\"a\":\"192.0.2.1\"}\n{\"a\":\"x y\"}\n", select: "a") == [
      "192.0.2.1", "2 invalid-name",
    ])
  for text in [
    "", ".", "a.", ".a", "a..b", "a.[]", "a[0]", "a[", String(repeating: "a.", count: 17) + "a",
  ] {
    #expect(JSONPath(text) == nil, "\(text)")
  }
  #expect(JSONPath("[]")?.steps == [nil])
  #expect(JSONPath("a[][].b")?.steps == ["a", nil, nil, "b"])
}

@Test func aMemberThatIsTooLongIsRejected() {
  let long = String(repeating: "x", count: JSONReader.textBytesMax + 1)
  #expect(
    read(.misp, "{\"Attribute\":[{\"type\":\"domain\",\"to_ids\":1,\"value\":\"\(long)\"}]}")
      == ["1 line-too-long"])
  let part = String(repeating: "x", count: JSONReader.textBytesMax)
  let members = (0..<40).map { _ in "\"value\":\"\(part)\"" }.joined(separator: ",")
  #expect(
    read(.misp, "{\"Attribute\":[{\"type\":\"ip-dst\",\(members),\"to_ids\":1}]}").count == 1)
}

@Test func formatsOfJSONAreToldApart() throws {
  let scratch = try ScratchDirectory()
  for (text, expected) in [
    (
      "{\"Event\":{\"Orgc\":{},\"Attribute\":[{\"type\":\"domain\",\"value\":\"a.example\",\"to_ids\":true}]}}",
      "misp"
    ),
    (
      "{\"type\":\"bundle\",\"id\":\"bundle--1\",\"objects\":[{\"type\":\"indicator\",\"pattern\":\"[ipv4-addr:value = '192.0.2.1']\"}]}",
      "stix"
    ),
    ("{\"description\":\"x\",\"list\":[\"192.0.2.0/24\"],\"type\":\"cidr\"}", "misp-warninglist"),
    (
      "[{\"ip_address\":\"192.0.2.1\",\"port\":1},{\"ip_address\":\"192.0.2.2\",\"port\":1}]",
      "json"
    ),
    (
      "{\"host\":\"a.example\",\"port\":1,\"domain\":\"b.example\"}",
      "JSON of an unknown form; select=PATH names where its values stand"
    ),
    (
      "{\"error\":\"no\",\"domain\":\"b.example\"}",
      "JSON of an unknown form; select=PATH names where its values stand"
    ),
  ] {
    let path = try scratch.write("feed.json", text)
    let loader = FeedLoader(now: Timestamp(nanoseconds: 0))
    var entries = 0
    let feed = loader.load(options: [FeedOption(path: path)]) { _, _ in entries += 1 }.feeds[0]
    #expect(feed.format?.name ?? feed.why == expected, "\(text)")
    #expect(entries > 0 || feed.verdict == .refuse)
  }
  let path = try scratch.write("own.json", "{\"a\":[\"192.0.2.1\"]}")
  var option = try FeedOption(parsing: path + ",select=a[]")
  #expect(option.select?.text == "a[]")
  var entries = 0
  let loader = FeedLoader(now: Timestamp(nanoseconds: 0))
  _ = loader.load(options: [option]) { _, _ in entries += 1 }
  #expect(entries == 1)
  option.select = nil
  #expect(loader.load(options: [option]) { _, _ in }.feeds[0].verdict == .refuse)
}
