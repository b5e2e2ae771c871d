import Testing
import WeirModel

@testable import WeirShare

@Suite struct ClosedShapeTests {
  /// Every way to put one more member into one of the objects of a value.
  private func widened(_ value: CanonicalJSON) -> [CanonicalJSON] {
    switch value {
    case .object(let members):
      var more = members
      more["note"] = "x"
      return [.object(more)]
        + members.flatMap { name, inner in
          widened(inner).map { wide in
            var changed = members
            changed[name] = wide
            return .object(changed)
          }
        }
    case .array(let values):
      return values.indices.flatMap { index in
        widened(values[index]).map { wide in
          var changed = values
          changed[index] = wide
          return .array(changed)
        }
      }
    case .string, .integer: return []
    }
  }

  /// Every way to leave one member out.
  private func narrowed(_ value: CanonicalJSON) -> [CanonicalJSON] {
    guard case .object(let members) = value else { return [] }
    var all: [CanonicalJSON] = []
    for (name, inner) in members {
      var fewer = members
      fewer[name] = nil
      all.append(.object(fewer))
      for less in narrowed(inner) {
        var changed = members
        changed[name] = less
        all.append(.object(changed))
      }
    }
    return all
  }

  @Test func noObjectOfADisclosureTakesAMemberMoreOrLess() throws {
    let site = try Site()
    var store = try site.store()
    let id = try site.release(&store)
    let bytes = try store.preview(id, Site.policy())
    let document = try CanonicalJSON(canonical: Array(bytes.dropLast()))
    #expect(Shapes.disclosure.fault(document) == nil)
    let wide = widened(document)
    #expect(wide.count > 20)
    for value in wide { #expect(Shapes.disclosure.fault(value) != nil) }
    let narrow = narrowed(document)
    #expect(narrow.count > 40)
    for value in narrow { #expect(Shapes.disclosure.fault(value) != nil) }
  }

  /// Indicators that say something about a network or a machine that is nobody else's business.
  private static let hostile: [(SharedIndicator.Form, [String])] = [
    (
      .ipv4Address,
      [
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.0", "100.127.255.255",
        "127.0.0.53", "169.254.1.1", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.9",
        "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1",
        "224.0.0.251", "239.1.1.1", "240.0.0.1", "255.255.255.255", "8.8.8", "8.8.8.8.8",
        "134744072",
        "0x08080808", "010.8.8.8", "8.8.8.8/32", "8.8.8.8:53", " 8.8.8.8", "8.8.8.8\n", "८.8.8.8",
      ]
    ),
    (
      .ipv6Address,
      [
        "::", "::1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::8.8.8.8", "64:ff9b::a00:1",
        "64:ff9b:1::1", "100::1", "2001::1", "2001:2::1", "2001:10::1", "2001:20::1", "2001:db8::1",
        "2002:a00:1::1", "3fff::1", "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1",
        "ff02::fb", "2A00::1", "2a00:0::1", "2a00::1%eth0", "[2a00::1]", "2a00::1/128", "4000::1",
      ]
    ),
    (
      .ipv4Network,
      [
        "0.0.0.0/0", "8.0.0.0/7", "8.8.8.8/32", "8.8.8.1/24", "8.8.8.0/33", "8.8.8.0", "8.8.8.0/",
        "8.8.8.0/024", "100.0.0.0/8", "192.0.0.0/9", "172.0.0.0/8", "198.16.0.0/13", "10.1.0.0/16",
      ]
    ),
    (
      .ipv6Network,
      [
        "::/0", "2000::/3", "2001::/19", "2001:db8::/48", "2a00::/18", "2a00::/65", "2a00::1/64",
        "fd00::/48", "2002::/20", "3fff::/24", "2A00::/32",
      ]
    ),
    (
      .domainName,
      [
        "com", "evil", "1.1.168.192.in-addr.arpa", "8.b.d.0.1.0.0.2.ip6.arpa", "router.local",
        "a.b.internal", "x.lan", "x.home", "x.home.arpa", "dc1.corp", "x.localhost",
        "x.localdomain",
        "x.test", "x.invalid", "x.example", "expyuzz4wqqyqhjn.onion", "x.alt", "x.intranet",
        "x.private",
        "10-0-0-1.dyn.isp.net", "1.0.0.10.dyn.isp.net", "host-192-168-1-7.isp.net",
        "c0a80107.isp.net",
        "20010db8000000000000000000000001.isp.net", "a.b.c.d.e.evil.net",
        "aaaaaaaaaaaaaaaaaaaaaaaaa.evil.net", "EVIL.net", "evil.net.", ".evil.net", "ev il.net",
        "evil.net/path", "user@evil.net", "evil.123", "*.evil.net", "bücher.de", "",
      ]
    ), (.feedReference, ["c2-000417"]),
  ]

  @Test func nothingThatTellsOfAPrivatePlaceIsPublished() {
    var count = 0
    for (form, values) in Self.hostile {
      for value in values {
        count += 1
        #expect(Screens().refusal(of: SharedIndicator(form, value)) != nil, "\(value)")
      }
    }
    #expect(count >= 80)
  }

  @Test(arguments: [
    (SharedIndicator.Form.ipv4Address, "8.8.8.8"), (.ipv4Address, "1.1.1.1"),
    (.ipv4Address, "172.32.0.1"),
    (.ipv4Address, "100.128.0.1"), (.ipv4Address, "198.20.0.1"), (.ipv4Address, "223.255.255.255"),
    (.ipv6Address, "2a00:1450::1"), (.ipv6Address, "2600::1"), (.ipv6Address, "2001:4860::8"),
    (.ipv4Network, "8.0.0.0/8"), (.ipv4Network, "45.9.148.0/24"), (.ipv4Network, "45.9.148.0/31"),
    (.ipv6Network, "2a00:1450::/32"), (.ipv6Network, "2a0e:1:2:3::/64"), (.domainName, "evil.net"),
    (.domainName, "a-b_c.evil.co.uk"), (.domainName, "xn--bcher-kva.de"),
    (.domainName, "1.2.3.evil.net"),
    (.domainName, "deadbeef1.evil.net"), (.domainName, "256-1-1-1.evil.net"),
  ])
  func publicThreatsAreLetThrough(form: SharedIndicator.Form, value: String) {
    #expect(Screens().refusal(of: SharedIndicator(form, value)) == nil)
  }
}
