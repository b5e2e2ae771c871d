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
      """) == [
        "192.0.2.1:80", "bad.example", "192.0.2.0/24", "4 unsupported-kind", "5 missing-name",
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
      == ["1 unsupported-kind"])
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
