import Testing
import WeirModel

@testable import WeirFeeds

/// One line and what it gives: values, `!reason`, `#` for a comment, `~` for what is ignored.
struct Row: Sendable, CustomStringConvertible {
  let line: String
  let expected: String

  init(_ line: String, _ expected: String) {
    self.line = line
    self.expected = expected
  }

  var description: String { line }
}

@Test(arguments: [
  Row("192.0.2.1", "192.0.2.1"),
  Row("  192.0.2.1\t\r", "192.0.2.1"),
  Row("192.0.2.1 # seen", "192.0.2.1"),
  Row("192.0.2.1#seen", "192.0.2.1"),
  Row("192.0.2.1;seen", "192.0.2.1"),
  Row("192.0.2.1 // seen", "192.0.2.1"),
  Row("192.0.2.1\t10", "192.0.2.1"),
  Row("192.0.2.1,1,100", "192.0.2.1"),
  Row("192.0.2.1 - botnet", "192.0.2.1"),
  Row("198.51.100.0/24 ; SBL1", "198.51.100.0/24"),
  Row("198.51.100.77/24", "198.51.100.0/24"),
  Row("198.51.100.7/32", "198.51.100.7"),
  Row("0.0.0.0/0", "0.0.0.0/0"),
  Row("::/0", "::/0"),
  Row("198.51.100.0/255.255.255.0", "198.51.100.0/24"),
  Row("198.51.100.0/0.0.0.0", "0.0.0.0/0"),
  Row("198.51.100.0/255.0.255.0", "!prefix-length"),
  Row("198.51.100.0/0.0.0.255", "!prefix-length"),
  Row("198.51.100.0/33", "!prefix-length"),
  Row("198.51.100.0/", "!prefix-length"),
  Row("198.51.100.0/-1", "!invalid-address"),
  Row("198.51.100.0/24/24", "!prefix-length"),
  Row("2001:db8::/32", "2001:db8::/32"),
  Row("2001:db8::1/128", "2001:db8::1"),
  Row("2001:db8::/129", "!prefix-length"),
  Row("2001:db8::/255.255.255.0", "!prefix-length"),
  Row("2001:DB8:0:0:0:0:0:1", "2001:db8::1"),
  Row("192.0.2.1-192.0.2.9", "192.0.2.1-192.0.2.9"),
  Row("192.0.2.1 - 192.0.2.9", "192.0.2.1-192.0.2.9"),
  Row("192.0.2.1- 192.0.2.9 # note", "192.0.2.1-192.0.2.9"),
  Row("192.0.2.1 -192.0.2.9", "192.0.2.1-192.0.2.9"),
  Row("192.0.2.0-192.0.2.255", "192.0.2.0/24"),
  Row("192.0.2.4-192.0.2.4", "192.0.2.4"),
  Row("2001:db8::1-2001:db8::3", "2001:db8::1-2001:db8::3"),
  Row("192.0.2.9-192.0.2.1", "!range-reversed"),
  Row("192.0.2.9-2001:db8::1", "!range-families"),
  Row("192.0.2.9-12", "!invalid-address"),
  Row("192.0.2.9-", "!invalid-address"),
  Row("192.0.2.1:443", "192.0.2.1:443"),
  Row("192.0.2.1:443 C2", "192.0.2.1:443"),
  Row("[2001:db8::1]:443", "[2001:db8::1]:443"),
  Row("[2001:db8::1]", "2001:db8::1"),
  Row("[192.0.2.1]:443", "!invalid-address"),
  Row("[2001:db8::1", "!invalid-address"),
  Row("[2001:db8::1]443", "!invalid-address"),
  Row("[", "!invalid-address"),
  Row("[]", "!invalid-address"),
  Row("192.0.2.1:0", "!invalid-port"),
  Row("192.0.2.1:65536", "!invalid-port"),
  Row("192.0.2.1:", "!invalid-port"),
  Row("192.0.2.1:99999999", "!invalid-port"),
  Row("192.0.2.1:+1", "!invalid-port"),
  Row("192.0.2.1 192.0.2.255 24", "!two-addresses"),
  Row("192.0.2.1,192.0.2.255", "!two-addresses"),
  Row("0.0.0.0 bad.example", "!hosts-line"),
  Row("127.0.0.1 bad.example", "!hosts-line"),
  Row("::1 bad.example", "!hosts-line"),
  Row("0.0.0.0", "0.0.0.0"),
  Row("010.0.2.1", "!invalid-address"),
  Row("192.0.2.256", "!invalid-address"),
  Row("192.0.2", "!invalid-address"),
  Row("192.0.2.1.", "!invalid-address"),
  Row("fe80::1%eth0", "!invalid-address"),
  Row("bad.example", "!invalid-address"),
  Row(",192.0.2.1", "!invalid-address"),
  Row("\"192.0.2.1\"", "!invalid-address"),
  Row("192.0.2.1\u{0}", "!not-text"),
  Row("# note", "#"),
  Row("; note", "#"),
  Row("! note", "#"),
  Row("// note", "#"),
  Row("/", "!invalid-address"),
  Row("", ""),
])
func anAddressLineGivesItsValueOrItsReason(row: Row) {
  #expect(Reading(row.line, .ip).summary == row.expected)
}

@Test(arguments: [
  Row("bad.example", "bad.example"),
  Row("BAD.Example.", "bad.example"),
  Row("*.bad.example", "bad.example"),
  Row(".bad.example", "bad.example"),
  Row("bad.example # note", "bad.example"),
  Row("bad.example#note", "bad.example"),
  Row("bad.example ; note", "bad.example"),
  Row("xn--bcher-kva.example", "xn--bcher-kva.example"),
  Row("_dmarc.bad.example", "_dmarc.bad.example"),
  Row("0.0.0.0.bad.example", "0.0.0.0.bad.example"),
  Row("bücher.example", "!not-ascii"),
  Row("bad.example CNAME .", "!unexpected-columns"),
  Row("bad.example,1", "!unexpected-columns"),
  Row("http://bad.example/x", "!url"),
  Row("bad.example/x", "!url"),
  Row("bad.example:443", "!url"),
  Row("bad*.example", "!wildcard"),
  Row("*.*.example", "!wildcard"),
  Row("*", "!wildcard"),
  Row("*.", "!wildcard"),
  Row("example", "!single-label"),
  Row("*.example", "!single-label"),
  Row(".example", "!single-label"),
  Row("192.0.2.1", "!address-among-names"),
  Row("2001:db8::1", "!address-among-names"),
  Row("192.0.2.300", "!invalid-name"),
  Row("bad..example", "!invalid-name"),
  Row("..bad.example", "!invalid-name"),
  Row(".", "!invalid-name"),
  Row("bad example", "!single-label"),
  Row("\"bad.example\"", "!invalid-name"),
  Row("# note", "#"),
])
func aDomainLineGivesItsNameOrItsReason(row: Row) {
  #expect(Reading(row.line, .domains).summary == row.expected)
}

@Test(arguments: [
  Row("192.0.2.1", "192.0.2.1"),
  Row("bad.example", "bad.example"),
  Row("192.0.2.0/24 # note", "192.0.2.0/24"),
  Row("192.0.2.0/99", "!prefix-length"),
  Row("192.0.2.1:0", "!invalid-port"),
  Row("192.0.2.300", "!invalid-name"),
  Row("http://bad.example/", "!url"),
  Row("my-name.example", "my-name.example"),
])
func aMixedLineGivesAnAddressOrAName(row: Row) {
  #expect(Reading(row.line, .mixed).summary == row.expected)
}

@Test(arguments: [
  Row("0.0.0.0 bad.example", "=bad.example"),
  Row("127.0.0.1\tbad.example", "=bad.example"),
  Row(":: bad.example", "=bad.example"),
  Row("::1 bad.example", "=bad.example"),
  Row("0.0.0.0 a.example b.example # two", "=a.example =b.example"),
  Row("0.0.0.0 a.example#two", "=a.example"),
  Row("0.0.0.0 a.example bücher.example b.example", "=a.example =b.example !not-ascii"),
  Row("0.0.0.0 bücher.example a.example", "=a.example !not-ascii"),
  Row("127.0.0.1 localhost", "~"),
  Row("127.0.0.1 localhost.localdomain LOCAL", "~"),
  Row("255.255.255.255 broadcasthost", "~"),
  Row("fe80::1%lo0 localhost", "~"),
  Row("0.0.0.0 0.0.0.0", "~"),
  Row("0.0.0.0 localhost bad.example", "=bad.example"),
  Row("192.0.2.1 bad.example", "!not-a-sink-address"),
  Row("bad.example", "!invalid-address"),
  Row("x bad.example", "!invalid-address"),
  Row("0.0.0.0", "!missing-name"),
  Row("0.0.0.0 # nothing", "!missing-name"),
  Row("0.0.0.0 word", "!single-label"),
  Row("0.0.0.0 192.0.2.1", "!address-among-names"),
  Row("# 0.0.0.0 bad.example", "#"),
])
func aHostsLineGivesItsNamesOrItsReason(row: Row) {
  #expect(Reading(row.line, .hosts).summary == row.expected)
}

@Test(arguments: [
  Row("||bad.example^", "bad.example"),
  Row("||BAD.example.^", "bad.example"),
  Row("||bad.example^$all", "bad.example"),
  Row("||bad.example^$important,all", "bad.example"),
  Row("||bad.example^ # note", "bad.example"),
  Row("||bad.example^$all  # note # more", "bad.example"),
  Row("||bad.example^#note", "!unsupported-rule"),
  Row("||bad.example^ note", "!unsupported-rule"),
  Row("@@||good.example^", "allow good.example"),
  Row("@@||good.example^$important", "allow good.example"),
  Row("||bad.example^$", "!unsupported-modifier"),
  Row("||bad.example^$all,", "!unsupported-modifier"),
  Row("||bad.example^$badfilter", "!unsupported-modifier"),
  Row("||bad.example^$third-party", "!unsupported-modifier"),
  Row("||bad.example^$document", "!unsupported-modifier"),
  Row("||bad.example^$denyallow=x.example", "!unsupported-modifier"),
  Row("||bad.example$all", "!unsupported-modifier"),
  Row("*$removeparam=x", "!unsupported-modifier"),
  Row("||bad.example", "!unsupported-rule"),
  Row("||bad.example/path^", "!unsupported-rule"),
  Row("||bad.example^path", "!unsupported-rule"),
  Row("||bad.example^|", "!unsupported-rule"),
  Row("|https://bad.example^", "!unsupported-rule"),
  Row("@@bad.example^", "!unsupported-rule"),
  Row("/ads[0-9]/", "!unsupported-rule"),
  Row("bad.example", "!unsupported-rule"),
  Row("||bad*.example^", "!wildcard"),
  Row("||*.bad.example^", "!wildcard"),
  Row("||example^", "!single-label"),
  Row("||192.0.2.1^", "!address-among-names"),
  Row("||bücher.example^", "!not-ascii"),
  Row("||^", "!invalid-name"),
  Row("||", "!unsupported-rule"),
  Row("bad.example##.ad", "!cosmetic-rule"),
  Row("##.ad", "!cosmetic-rule"),
  Row("bad.example#@#.ad", "!cosmetic-rule"),
  Row("! note", "#"),
  Row("# note", "#"),
  Row("#", "#"),
  Row("[Adblock Plus 2.0]", "#"),
])
func anAdBlockLineGivesItsNameOrItsReason(row: Row) {
  #expect(Reading(row.line, .adblock).summary == row.expected)
}

@Test(arguments: [
  Row("GET /gate", "GET /gate"),
  Row("GET /gate|0d 0a|", "GET /gate|0d 0a|"),
  Row("GET /gate|0D0a|", "GET /gate|0d 0a|"),
  Row("|41 42|", "AB"),
  Row("GET /GATE; nocase", "get /gate"),
  Row("GET /gate ; id=gate one ; nocase;", "gate one"),
  Row("a|20|; id=ü", "ü"),
  Row("|20|x|20|", "|20|x|20|"),
  Row("\\|\\;\\\\\\\"\\:", "|7c 3b 5c 22|:"),
  Row("a\\", "!invalid-pattern"),
  Row("a\\n", "!invalid-pattern"),
  Row("a\"b", "!invalid-pattern"),
  Row("|4|", "!invalid-hex"),
  Row("|4 1|", "!invalid-hex"),
  Row("|zz|", "!invalid-hex"),
  Row("|41", "!invalid-hex"),
  Row("||", "!invalid-hex"),
  Row("| |", "!invalid-hex"),
  Row("; nocase", "!pattern-length"),
  Row("a; depth 5", "!unsupported-option"),
  Row("a; id=x; id=y", "!unsupported-option"),
  Row("a; id=", "!invalid-id"),
  Row("a\u{1}", "!not-text"),
  Row("# note", "#"),
  Row("!x", "!x"),
])
func aPatternLineGivesItsPatternOrItsReason(row: Row) {
  #expect(Reading(row.line, .patterns).summary == row.expected)
}

@Test func aPatternKeepsItsBytes() {
  let entries = Reading("Ab|00 ff|\\;c ; nocase; id=x", .patterns).entries
  #expect(
    entries == [
      FeedEntry(
        .pattern(BytePattern([0x61, 0x62, 0, 0xff, 0x3b, 0x63], ignoresCase: true)!, id: "x"),
        line: 1)
    ])
}

@Test(arguments: [
  Row(#"[{"id":"a","hex":"0d0a"}]"#, "a"),
  Row(#"[{"hex":"47 45 54","nocase":true},{"id":"b","hex":"00","nocase":false}]"#, "get b"),
  Row(#" [ {"id":"a}\"{","hex":"41","note":{"x":["}"]}} , ] "#, "a}\"{"),
  Row(#"[]"#, ""),
  Row(#"[{"id":"a"}]"#, "!invalid-json"),
  Row(#"[{"id":1,"hex":"41"}]"#, "!invalid-json"),
  Row(#"[{"id":"","hex":"41"}]"#, "!invalid-id"),
  Row(#"[{"id":"a","hex":"4"}]"#, "!invalid-hex"),
  Row(#"[{"id":"a","hex":""}]"#, "!pattern-length"),
  Row(#"["x",{"id":"a","hex":"41"}]"#, "a !invalid-json"),
  Row(#"[{"id":"a","hex":"41"}"#, "a !invalid-json"),
  Row(#"[{"id":"a","hex":"41""#, "!line-cut"),
  Row(#"[{"id":"a","hex":"41"}] x"#, "a !invalid-json"),
  Row(#"x"#, "!invalid-json"),
])
func aPatternListGivesItsPatternsOrTheirReasons(row: Row) {
  #expect(Reading(row.line, .patternsJSON).summary == row.expected)
}
