import Testing
import WeirModel

@testable import WeirFeeds

/// A small feed of each format, with comments, faults, a byte order mark or CRLF here and there.
private let feedSamples: [(FeedFormat, String)] = [
  (
    .ip,
    "\u{feff}# list\r\n192.0.2.1\r\n198.51.100.0/24 ; x\n\n2001:db8::1-2001:db8::9\n[2001:db8::1]:53\n1.2.3\n192.0.2.7:80"
  ),
  (
    .domains,
    "# list\nbad.example\n*.wild.example\n bücher.example\nword\n\tx.example # y\r\n.dot.example"
  ),
  (.mixed, "192.0.2.1\nbad.example\n192.0.2.0/40\nhttp://x.example/\n"),
  (.urls, "# x\nhttp://bad.example/x\nhttps://[2001:db8::1]/?a#b\nbad.example\n"),
  (
    .csv,
    "# ioc_value,ioc_type\n\"192.0.2.1:80\", \"ip:port\"\nhttp://bad.example/,url\nx,y\n,\n"
  ),
  (
    .zeekIntel,
    "#fields\tindicator\tindicator_type\nbad.example/x\tIntel::URL\n192.0.2.1\tIntel::ADDR\nx\n"
  ),
  (.hosts, "# list\n127.0.0.1 localhost\n0.0.0.0 a.example b.example\n0.0.0.0 x\n:: c.example"),
  (
    .adblock,
    "[Adblock Plus 2.0]\n! x\n||a.example^\n@@||b.example^$important\n||c.example^$script\n##.ad\n"
  ),
  (
    .misp,
    "\u{feff}{\"Event\":{\"Attribute\":[\n{\"type\":\"domain|ip\",\"value\":\"a.example|192.0.2.1\",\"to_ids\":true},\n{\"type\":\"x\",\"value\":\"\\u00e9\",\"to_ids\":\"1\"}]}}\n"
  ),
  (
    .stix,
    "{\"objects\":[{\"type\":\"indicator\",\n\"pattern\":\"[domain-name:value = 'a.example' OR ipv4-addr:value IN ('192.0.2.1', 'x')]\"}]}"
  ),
  (
    .mispWarninglist,
    "{\"list\":[\"a.example\",\".b.example\",\"c\"],\n\"type\":\"hostname\"}\r\n"
  ),
  (
    .json,
    "{\"ip\":\"192.0.2.1\",\"port\":80}\n{\"url\":\"http://a.example/\"}\n{\"cidr\":\"x\"}\n"
  ),
  (.patterns, "# x\nGET /|0d 0a|; nocase; id=a\nplain\n|4|\n\\;x; id=b"),
  (
    .patternsJSON,
    "\u{feff}[\n {\"id\": \"a\\\"}\", \"hex\": \"41 42\", \"nocase\": true},\n {\"hex\": \"0\"},\n 7,\n {\"hex\":\"ff\"}\n]\n"
  ),
]

@Test func howAFeedIsCutIntoChunksChangesNothing() {
  for (format, sample) in feedSamples {
    let text = Array(sample.utf8)
    let whole = Reading(text, format)
    #expect(whole.entries.count >= 2, "\(format)")
    #expect(whole.counts.rejectedTotal >= 1, "\(format)")
    #expect(whole.counts.entries == whole.entries.count, "\(format)")
    for cut in 0...text.count {
      #expect(Reading(text, format, cuts: [cut]) == whole, "\(format) cut at \(cut)")
    }
    #expect(Reading(text, format, cuts: Array(0...text.count)) == whole, "\(format) byte by byte")
  }
}

@Test func cutsAndFlipsNeverTrap() {
  var read = 0
  for (_, sample) in feedSamples {
    let text = Array(sample.utf8)
    for format in FeedFormat.allCases {
      for length in 0...text.count {
        read += Reading(Array(text[..<length]), format).counts.lines
      }
      for position in text.indices {
        for bit in 0..<8 {
          var flipped = text
          flipped[position] ^= 1 << UInt8(bit)
          let reading = Reading(flipped, format)
          #expect(reading.counts.samples.count <= FeedCounts.samplesMax)
          #expect(reading.counts.lines > 0)
          _ = try? FormatDetector.detect(flipped.span, isWhole: true)
        }
      }
    }
  }
  #expect(read > 10_000)
}

@Test func everyLineIsCountedOnce() {
  let others: [FeedFormat] = [.patternsJSON, .hosts, .misp, .stix, .mispWarninglist, .json]
  for (format, sample) in feedSamples where !others.contains(format) {
    let counts = Reading(sample, format).counts
    #expect(
      counts.lines == counts.blanks + counts.comments + counts.ignored + counts.entries
        + counts.rejectedTotal, "\(format)")
    #expect(
      counts.lines == sample.utf8.split(separator: 10, omittingEmptySubsequences: false).count
        - (sample.hasSuffix("\n") ? 1 : 0), "\(format)")
  }
}

@Test func aLineOverTheLimitIsRejectedAndTheNextIsRead() {
  for length in [FeedParser.lineBytesMax, FeedParser.lineBytesMax + 1, 3 * FeedParser.lineBytesMax]
  {
    var text = Array("192.0.2.1 ".utf8)
    text += [UInt8](repeating: UInt8(ascii: "x"), count: length - text.count)
    text += Array("\n192.0.2.2\n".utf8)
    let whole = Reading(text, .ip)
    let isTooLong = length > FeedParser.lineBytesMax
    #expect(whole.counts.rejected == (isTooLong ? [.lineTooLong: 1] : [:]))
    #expect(whole.entries.map(\.line) == (isTooLong ? [2] : [1, 2]))
    for cut in [1, 5, 65_535, 65_536, 65_537, text.count - 10, text.count - 12] {
      #expect(Reading(text, .ip, cuts: [min(cut, text.count)]) == whole, "cut at \(cut)")
    }
  }
}

@Test func aPatternObjectOverTheLimitIsRejectedAndTheNextIsRead() {
  let long = String(repeating: "41", count: FeedParser.lineBytesMax)
  let reading = Reading("[{\"hex\":\"\(long)\"},{\"hex\":\"42\"}]", .patternsJSON)
  #expect(reading.counts.rejected == [.lineTooLong: 1])
  #expect(reading.entries.count == 1)
}

@Test func rejectedLinesAreKeptWithTheirPlaceAndAnEscapedExcerpt() {
  let long = String(repeating: "y", count: 90)
  let reading = Reading("192.0.2.1\nb\u{e9}\\\u{7}x\n\(long)\n", .ip)
  #expect(reading.counts.samples.map(\.line) == [2, 3])
  #expect(reading.counts.samples[0].reason == .notText)
  #expect(reading.counts.samples[0].excerpt == "b\\xc3\\xa9\\\\\\x07x")
  #expect(reading.counts.samples[1].excerpt == String(repeating: "y", count: 60))
  #expect(reading.counts.samples[0].path == "test.txt")
  let many = Reading(String(repeating: "x\n", count: 100), .ip)
  #expect(many.counts.samples.count == FeedCounts.samplesMax)
  #expect(many.counts.rejected == [.invalidAddress: 100])
}

@Test func settingsOfTheFeedReachItsEntries() {
  let settings = FeedSettings(name: "x", action: .monitor, confidence: 40, scope: .exact)
  let entries = Reading("||a.example^\n@@||b.example^\n", .adblock, settings: settings).entries
  #expect(entries.map(\.action) == [.monitor, .allow])
  #expect(entries.map(\.confidence) == [40, 40])
  #expect(entries.map(\.scope) == [.exact, .exact])
  let wide = FeedSettings(name: "x", scope: .subdomains)
  #expect(
    Reading("0.0.0.0 a.example", .hosts, settings: wide).entries.map(\.scope) == [.subdomains])
}

@Test func theIdOfAPatternReadsBackAsThePattern() throws {
  var random = Seeded(17)
  for round in 0..<5_000 {
    var bytes: [UInt8] = []
    for _ in 0..<Int.random(in: 1...12, using: &random) {
      let alphabet = Array("aZ |;\\\"#!:\t\r\n\u{0}".utf8) + [0xff]
      bytes.append(alphabet[Int.random(in: 0..<alphabet.count, using: &random)])
    }
    let pattern = try #require(BytePattern(bytes, ignoresCase: false))
    let entries = Reading(pattern.description, .patterns).entries
    #expect(
      entries.map(\.value) == [.pattern(pattern, id: pattern.description)],
      "seed 17, round \(round): \(pattern)")
  }
}

@Test func namesOfFormatsAndReasonsAreStable() {
  #expect(
    FeedFormat.allCases.map(\.name) == [
      "ip", "domains", "mixed", "urls", "hosts", "adblock", "dnsmasq", "unbound", "rpz",
      "zeek-intel",
      "csv", "spamhaus-json", "misp", "misp-warninglist", "stix", "json",
      "patterns", "patterns-json",
    ])
  for reason in RejectReason.allCases {
    #expect(reason.name.utf8.allSatisfy { $0 == 0x2d || (0x61...0x7a).contains($0) }, "\(reason)")
  }
}
