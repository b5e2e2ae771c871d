import Testing
import WeirModel

@testable import WeirFeeds

/// Values, then rejected lines with their reasons, then what does not fit.
private func read(_ format: FeedFormat, _ text: String) -> [String] {
  var parser = FeedParser(format: format, settings: FeedSettings(name: "t"), path: "t")
  var result: [String] = []
  parser.parse(Array(text.utf8).span) { result.append("\($0.value)") }
  parser.finish { result.append("\($0.value)") }
  return result + parser.counts.samples.map { "\($0.line) \($0.reason.name)" }
    + [parser.fault].compactMap(\.self)
}

@Test func anAddressColumnWithAPortColumnGivesEndpoints() {
  #expect(
    read(
      .csv,
      """
      # Made: 2026-01-02
      # Firstseen,DstIP,DstPort
      2026-01-01 00:00:00,192.0.2.1,443
      "a, b","192.0.2.2","8443"
      x,192.0.2.3,0
      x,bad.example,443
      x,192.0.2.4
      x,"192.0.2.5,443
      # end
      """) == [
        "192.0.2.1:443", "192.0.2.2:8443", "5 invalid-port", "6 invalid-address",
        "7 unexpected-columns", "8 unexpected-columns",
      ])
}

@Test func aTypeColumnSaysWhatTheValueIs() {
  #expect(
    read(
      .csv,
      """
      # "first_seen_utc","ioc_id","ioc_value","ioc_type"
      "x", "1", "192.0.2.1:80", "ip:port"
      "x", "2", "bad.example", "domain"
      "x", "3", "http://bad.example/x", "url"
      "x", "4", "", "domain"
      "x", "5", "192.0.2.0/24", "cidr"
      "x", "6", "x.exe", "filename"
      """) == [
        "192.0.2.1:80", "bad.example", "http://bad.example/x", "192.0.2.0/24", "5 missing-name",
        "7 unsupported-kind",
      ])
}

@Test func aRowIsNoHeaderThoughItNamesAType() {
  #expect(read(.csv, "value,type\nbad.example,domain\n") == ["bad.example"])
  #expect(read(.csv, "# a note on host, ip\nvalue,type\n192.0.2.1,ip\n") == ["192.0.2.1"])
}

@Test func otherSeparatorsAreTakenFromTheHeader() {
  #expect(read(.csv, "Domain;Note\nbad.example;x,y\n") == ["bad.example"])
  #expect(read(.csv, "host,ip\nbad.example,192.0.2.1\n") == ["bad.example"])
  #expect(read(.csv, "ip,host\n192.0.2.1,bad.example\n") == ["192.0.2.1"])
  #expect(read(.csv, "network\tnote\n192.0.2.0/24\tx\n") == ["192.0.2.0/24"])
  #expect(read(.csv, "a,b\nbad.example,x\n") == ["1 unexpected-columns", "2 unexpected-columns"])
}

@Test func theLastRecordOfSpamhausIsChecked() {
  let rows = """
    {"cidr":"192.0.2.0/24","sblid":"SBL1","rir":"arin"}
    { "rir" : "ripe", "more" : {"a":[1,"}"]}, "cidr" : "2001:db8::/32" }

    """
  func trailer(_ records: Int) -> String { "{\"type\":\"metadata\",\"records\":\(records)}\n" }
  let values = ["192.0.2.0/24", "2001:db8::/32"]
  #expect(read(.spamhausJSON, rows + trailer(2)) == values)
  #expect(
    read(.spamhausJSON, rows + trailer(3)) == values
      + ["its last record tells of 3 entries, and it has 2"])
  #expect(
    read(.spamhausJSON, rows) == values + ["its last record is missing: it may be cut off"])
  #expect(
    read(.spamhausJSON, "{\"asn\":64496,\"rir\":\"arin\"}\n" + trailer(1))
      == ["AS64496"])
  #expect(
    read(.spamhausJSON, "{\"asn\":\"x\",\"rir\":\"arin\"}\n" + trailer(1))
      == ["1 invalid-number"])
}

@Test func whatIsNoObjectIsRejectedWhereverItIsCut() {
  let whole = Array("{\"cidr\":\"192.0.2.0/24\",\"n\":[1,{\"a\":\"\\\"\"}],\"b\":true}".utf8)
  for length in 1..<whole.count {
    let text = String(decoding: whole[..<length], as: UTF8.self)
    let fault = "its last record is missing: it may be cut off"
    #expect(read(.spamhausJSON, text) == ["1 invalid-json", fault], "\(text)")
  }
  for text in ["{}x", "{\"a\":1} {\"b\":2}", "[]", "{\"a\"}", "{\"a\":}", "{,}", "{\"a\":1,}"] {
    #expect(read(.spamhausJSON, text).first == "1 invalid-json", "\(text)")
  }
}

@Test func aColumnMayNameURLsFingerprintsAndCertificates() {
  #expect(
    read(
      .csv,
      """
      # id,dateadded,url,url_status
      "1","2026-01-01","http://bad.example/a,b","online"
      "2","2026-01-01","bad example","online"
      """) == ["http://bad.example/a,b", "3 invalid-url"])
  let sha1 = "0123456789abcdef0123456789abcdef01234567"
  #expect(read(.csv, "# Listingdate,SHA1,Listingreason\nx,\(sha1),C2\n") == [sha1])
  var parser = FeedParser(format: .csv, settings: FeedSettings(name: "t"), path: "t")
  var kinds: [String] = []
  let text = "SHA1,Listingreason\n\(sha1),x\n"
  parser.parse(Array(text.utf8).span) { kinds.append($0.value.kind.name) }
  #expect(kinds == ["cert"])
  let md5 = String(sha1.prefix(32))
  #expect(read(.csv, "# ja3_md5,Firstseen\n\(md5),x\nab,x\n") == [md5, "3 invalid-digest"])
}

@Test(arguments: [
  ("ip", "192.0.2.1", "ip 192.0.2.1"), ("ip-dst", "192.0.2.0/24", "cidr 192.0.2.0/24"),
  ("ip-dst|port", "192.0.2.1|80", "endpoint 192.0.2.1:80"),
  ("ip-src|port", "2001:db8::1|80", "endpoint [2001:db8::1]:80"),
  ("ip:port", "192.0.2.1:80", "endpoint 192.0.2.1:80"),
  ("domain", "Bad.example.", "domain bad.example"), ("URL", "bad.example/x", "url bad.example/x"),
  ("url", "https://bad.example", "url https://bad.example/"), ("AS", "AS64496", "asn AS64496"),
  ("asn", "64496", "asn AS64496"), ("ja4", "t13d1516h2_8daaf6152771_b186095e22b6", "ja4"),
  ("md5", "0123456789abcdef0123456789abcdef", "hash 0123456789abcdef0123456789abcdef"),
  ("ja3", "0123456789abcdef0123456789abcdef", "ja3 0123456789abcdef0123456789abcdef"),
  ("ip", "", "invalid-address"), ("ip", "192.0.2.1 x", "invalid-address"),
  ("ip", "192.0.2.1,192.0.2.2", "invalid-address"), ("ip-dst|port", "192.0.2.1|x", "invalid-port"),
  ("ip-dst|port", "|80", "invalid-address"), ("domain", "", "missing-name"),
  ("domain", "192.0.2.1", "address-among-names"), ("url", "", "invalid-url"),
  ("md5", "0123", "invalid-digest"), ("asn", "0", "invalid-number"),
  ("asn", "AS", "invalid-number"),
  ("asn", "4294967296", "invalid-number"), ("asn", "99999999999999999999", "invalid-number"),
  ("ja3", "0123456789abcdef0123456789abcdef01234567", "invalid-digest"), ("filename", "x", "none"),
])
func aTypeSaysHowAValueIsRead(type: String, text: String, expected: String) {
  let (type, text) = (Array(type.utf8), Array(text.utf8))
  var found = "none"
  do throws(RejectReason) {
    if let value = try ValueType(type.span)?.value(of: text.span) {
      found = "\(value.kind.name) \(value)"
    }
  } catch {
    found = error.name
  }
  #expect(found.hasPrefix(expected))
}

@Test func aLineOfURLsHasOneAndPerhapsAComment() {
  #expect(
    read(
      .urls,
      """
      # list
      http://bad.example/x
      https://192.0.2.1:8443/y # seen
      ftp://bad.example/
      http://bad.example/ x
      bad.example/x
      """) == [
        "http://bad.example/x", "https://192.0.2.1:8443/y", "4 invalid-url",
        "5 unexpected-columns", "6 invalid-url",
      ])
}
