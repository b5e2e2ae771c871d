import Testing
import WeirModel

@testable import WeirFeeds

private func verdict(_ text: [UInt8], isWhole: Bool = true) -> String {
  do throws(FormatDetector.Refusal) {
    return try FormatDetector.detect(text.span, isWhole: isWhole).name
  } catch {
    return error.why
  }
}

@Test(arguments: [
  ("192.0.2.1\n192.0.2.2\n", "ip"),
  ("192.0.2.1", "ip"),
  ("[2001:db8::1]:443\n", "ip"),
  ("# x\n; y\n\n192.0.2.0/24 ; SBL1\n", "ip"),
  ("\u{feff}bad.example\n", "domains"),
  ("bad.example\n*.x.example\n", "domains"),
  ("bad.example\n192.0.2.1\n", "mixed"),
  ("http://bad.example/x\nhttps://x.example/\n", "urls"),
  ("# Listingdate,SHA1,Listingreason\nx,0123456789abcdef0123456789abcdef01234567,C2\n", "csv"),
  ("{\"asn\":64496,\"rir\":\"arin\"}\n", "spamhaus-json"),
  ("0.0.0.0 bad.example\n", "hosts"),
  ("127.0.0.1 localhost\n", "hosts"),
  ("[Adblock Plus 2.0]\n! Title\n||bad.example^\n", "adblock"),
  ("*$removeparam=a\n*$removeparam=b\nx.example##.ad\n||bad.example^\n", "adblock"),
  ("# x\nserver=/bad.example/\n", "dnsmasq"),
  ("address=/bad.example/0.0.0.0\naddress=/x.example/\n", "dnsmasq"),
  ("server:\nlocal-zone: \"bad.example.\" always_null\n", "unbound"),
  ("local-data: \"bad.example A 0.0.0.0\"\n", "unbound"),
  (
    "$TTL 60\n@ IN SOA a. b. (\n1\n2 )\n NS a.\nbad.example CNAME .\n*.bad.example CNAME .\n", "rpz"
  ),
  ("*.bad.example CNAME .\n*.x.example CNAME .\n", "rpz"),
  ("#fields\tindicator\tindicator_type\n192.0.2.1\tIntel::ADDR\n", "zeek-intel"),
  ("# a\n\"first_seen\",\"dst_ip\",\"dst_port\"\n\"x\",\"192.0.2.1\",\"443\"\n", "csv"),
  ("# ioc_value,ioc_type\n\"bad.example\", \"domain\"\n", "csv"),
  ("{\"cidr\":\"192.0.2.0/24\",\"sblid\":\"SBL1\",\"rir\":\"arin\"}\n", "spamhaus-json"),
  ("GET /x|0d 0a|\nplain\n", "patterns"),
  ("evil; nocase\n", "patterns"),
  ("[{\"id\":\"a\",\"hex\":\"00\"}]", "patterns-json"),
  ("\n[ \n {\"hex\":\"00\"}]", "patterns-json"),
])
func aFormatIsToldFromItsLines(text: String, expected: String) {
  #expect(verdict(Array(text.utf8)) == expected)
}

@Test(arguments: [
  ("", "empty"),
  ("# only\n\n! comments\n", "no entry: only comments and blank lines"),
  ("<!DOCTYPE html>\n<html>", "an HTML or XML page, not a feed"),
  (" \n<html><body>Login</body></html>", "an HTML or XML page, not a feed"),
  (
    "{\"cidr\":\"192.0.2.0/24\"}\n",
    "JSON of an unknown form; select=PATH names where its values stand"
  ),
  (
    "[\n\"192.0.2.0/24\"]\n",
    "JSON of an unknown form; select=PATH names where its values stand"
  ),
  ("[{\"id\":1}]", "JSON of an unknown form; select=PATH names where its values stand"),
  (
    "#fields\tts\tuid\n192.0.2.1\tCx\n",
    "unknown format; it looks like a Zeek table"
  ),
  (
    "alert tcp any any -> any any (content:\"|00|\"; nocase; sid:1;)\n",
    "unknown format; it looks like Suricata or Snort rules"
  ),
  ("\"a\",\"192.0.2.1\"\n", "unknown format; it looks like CSV with quoted columns"),
  ("Some words of prose.\nAnd more of them.\n", "unknown format"),
  ("PK\u{3}\u{4}xxxx", "a zip archive, which is not read; unpack it"),
  ("BZh91AY", "packed with bzip2, which is not read; unpack it"),
  ("a\u{0}b\u{1}c\u{2}", "binary data, not text"),
])
func whatIsNoFeedIsRefusedWithTheReason(text: String, why: String) {
  #expect(verdict(Array(text.utf8)) == why)
}

@Test func containersWithHighBytesAreNamed() {
  #expect(verdict([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 4]).hasPrefix("packed with xz"))
  #expect(verdict([0xff, 0xfe, 0x31, 0]).hasPrefix("text in UTF-16"))
}

@Test func aFewStrayLinesDoNotMakeAListMixed() {
  let names = (0..<40).map { "n\($0).example\n" }.joined()
  #expect(verdict(Array((names + "192.0.2.1\n").utf8)) == "domains")
  #expect(verdict(Array((names + "192.0.2.1\n192.0.2.2\n192.0.2.3\n").utf8)) == "mixed")
}

@Test func halfOfTheLinesMustBeUnderstood() {
  #expect(verdict(Array("192.0.2.1\n?\n".utf8)) == "ip")
  #expect(verdict(Array("192.0.2.1\n?\n?\n".utf8)) == "unknown format")
}

@Test func aLineCutByTheSampleIsNotLookedAt() {
  let text = Array("192.0.2.1\n192.0.2.2\nbad.exam".utf8)
  #expect(verdict(text, isWhole: false) == "ip")
  #expect(verdict(text, isWhole: true) == "mixed")
}
