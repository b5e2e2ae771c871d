import Testing
import WeirModel

@testable import WeirFeeds

/// `name`, with `*` for all below, `+` for an allow entry; a reason in brackets for a rejected line.
private func read(_ format: FeedFormat, _ text: String) -> [String] {
  var parser = FeedParser(format: format, settings: FeedSettings(name: "t"), path: "t")
  var result: [String] = []
  func note(_ entry: FeedEntry) {
    let isName = entry.value.kind == .domain
    result.append(
      (entry.action == .allow ? "+" : "") + (isName && entry.scope == .subdomains ? "*" : "")
        + "\(entry.value)")
  }
  parser.parse(Array(text.utf8).span, into: note)
  parser.finish(into: note)
  return result + parser.counts.samples.map { "\($0.line) \($0.reason.name)" }
}

@Test func dnsmasqRulesAreForANameAndAllBelow() {
  #expect(
    read(
      .dnsmasq,
      """
      # note
      address=/a.example/0.0.0.0
      address=/b.example/c.example/::
      server=/d.example/   # why
      local=/e.example/
      server=/good.d.example/#
      address=/f.example/#
      """) == [
        "*a.example", "*b.example", "*c.example", "*d.example", "*e.example", "+*good.d.example",
        "*f.example",
      ])
}

@Test func dnsmasqRulesThatDoOtherThingsAreRejected() {
  #expect(
    read(
      .dnsmasq,
      """
      address=/a.example/192.0.2.1
      server=/b.example/192.0.2.53
      address=/com/0.0.0.0
      address=/#/0.0.0.0
      address=//0.0.0.0
      cache-size=1000
      server=/
      address=/c.example/x
      """) == [
        "1 not-a-sink-address", "2 unsupported-rule", "3 single-label", "4 invalid-name",
        "5 missing-name", "6 unsupported-rule", "7 missing-name", "8 invalid-address",
      ])
}

@Test func unboundZonesAndDataAreRead() {
  #expect(
    read(
      .unbound,
      """
      server:
        local-zone: "a.example." always_null
        local-zone: b.example static # why
        local-zone: 'good.a.example' always_transparent
        local-data: "c.example. 60 IN A 0.0.0.0"
        local-data: "c.example AAAA ::"
        local-data: "d.example A 192.0.2.1"
        local-data: "d.example TXT x"
        local-zone: "e.example" redirect
        local-zone: "
        num-threads: 2
      """) == [
        "*a.example", "*b.example", "+*good.a.example", "c.example", "c.example",
        "7 not-a-sink-address", "8 unsupported-rule", "9 unsupported-rule",
        "10 unsupported-rule", "11 unsupported-rule",
      ])
}

@Test func policyZonesAreReadRelativeToTheirName() {
  #expect(
    read(
      .rpz,
      """
      $TTL 300
      rpz.local. IN SOA ns.local. admin.local. ( 1 ; serial
        3600 900
        2592000 300 )
      rpz.local. IN NS ns.local.
      a.example 60 IN CNAME .
      *.a.example IN 60 CNAME .
      b.example.rpz.local. CNAME *.
      B.example CNAME rpz-drop.
      good.a.example CNAME rpz-passthru.
      c.example A 127.0.0.1
      ; end
      """) == [
        "a.example", "*a.example", "b.example", "b.example", "+good.a.example", "c.example",
      ])
}

@Test func policiesThatNamesCannotExpressAreRejected() {
  #expect(
    read(
      .rpz,
      """
      *.alone.example CNAME .
      a.example CNAME .
      *.a.example CNAME rpz-passthru.
      32.1.2.0.192.rpz-ip CNAME .
      ns.example.rpz-nsdname CNAME .
      search.example CNAME safe.search.example.
      b.example CNAME rpz-tcp-only.
      c.other.zone. CNAME .
      d.example A 192.0.2.1
      e.example
      $INCLUDE more
      CNAME .
      """) == [
        "a.example", "1 wildcard", "3 wildcard", "4 unsupported-rule", "5 unsupported-rule",
        "6 unsupported-rule", "7 unsupported-rule", "8 unsupported-rule", "9 not-a-sink-address",
        "10 unexpected-columns", "11 unsupported-rule", "12 missing-name",
      ])
}

@Test func namesUnderAnotherOriginAreRejected() {
  #expect(
    read(.rpz, "$ORIGIN rpz.\na.example CNAME .\n$ORIGIN sub.rpz.\nb.example CNAME .\n")
      == ["a.example", "4 unsupported-rule"])
}

@Test func zeekColumnsAreFoundByTheirNames() {
  #expect(
    read(
      .zeekIntel,
      """
      #fields\tmeta.source\tindicator_type\tindicator
      x\tIntel::ADDR\t192.0.2.1
      x\tIntel::SUBNET\t192.0.2.0/24
      x\tIntel::DOMAIN\tbad.example
      x\tIntel::URL\tbad.example/x
      x\tIntel::FILE_HASH\t0123456789ABCDEF0123456789abcdef
      x\tIntel::USER_NAME\tsomebody
      x\tIntel::ADDR\tbad.example
      x
      """) == [
        "192.0.2.1", "192.0.2.0/24", "bad.example", "bad.example/x",
        "0123456789abcdef0123456789abcdef", "7 unsupported-kind", "8 invalid-address",
        "9 unexpected-columns",
      ])
}
