import Testing
import WeirCrypto
import WeirModel

@testable import WeirShare

/// A store in a folder of its own, with everything that a release needs.
struct Site: ~Copyable {
  let folder: String
  static let monday = "2026-11-16T00:00:00Z"
  static let later = UTCTime("2026-11-23T02:00:00Z")

  init() throws {
    var entropy = KernelEntropy()
    folder = "/tmp/weir-share-\(Hexadecimal.encode(try entropy.bytes(8)))"
  }

  func store(now: UTCTime? = Site.later) throws -> ReleaseStore {
    try ReleaseStore.open(
      folder: folder + "/share", witness: folder + "/witness", version: "0.1.0",
      now: try #require(now))
  }

  static func domain(count: Int, tlp: TLPMarking = .clear) throws -> ShareDomain {
    let version = try #require(UTCTime("2026-11-15T23:00:00Z"))
    let grant = FeedGrant(
      name: "drop", isPublic: true, isShared: true, mayBeRedistributed: true, tlp: tlp,
      version: version, label: "c2")
    var builder = ShareDomain.Builder(
      grants: [grant], categories: ["c2": .botnetC2], region: "154", screens: Screens())
    for index in 0..<count {
      let address = IPAddress(v4: 0x0808_0000 + UInt32(index))
      builder.add(source: index, kind: .ip, text: address.description, feeds: ["drop"])
    }
    return builder.finish().domain
  }

  static func policy(_ change: (inout CanonicalJSON) -> Void = { _ in }) throws -> RecipientPolicy {
    var json: CanonicalJSON = [
      "schema": "weir.policy/1", "recipient": "isac-demo", "purpose": "botnet disruption",
      "legal_basis": "Relates to no identified or identifiable customer.",
      "contact": "intake@isac.example", "tlp": "green", "redistribution": "as-tlp",
      "categories": ["botnet-c2"], "regions": ["154"], "streams": ["indicators-out"],
      "retention_days": 365, "expires": "2027-05-01T00:00:00Z",
      "approvals": [
        ["by": "dpo", "at": "2026-11-01T10:00:00Z"],
        ["by": "security-lead", "at": "2026-11-01T11:00:00Z"],
      ],
    ]
    change(&json)
    return try RecipientPolicy(json)
  }

  static func window(_ start: String = Site.monday) throws -> ReleaseWindow {
    let start = try #require(UTCTime(start))
    return try #require(ReleaseWindow(.indicatorsOut, start: start))
  }

  /// Opens and seals the first week; every tenth cell was met by 500 blocks.
  func release(_ store: inout ReleaseStore) throws -> String {
    let id = try store.open(
      .indicatorsOut, try Site.window(), ReleaseParameters(.indicatorsOut),
      domain: try Site.domain(count: 100), region: "154")
    let counts = (0..<100).map { $0 % 10 == 0 ? UInt32(500) : 0 }
    _ = try store.seal(
      id, counts: counts, coverageMinutes: 10080, now: try #require(Site.later))
    return id
  }
}

@Suite struct ReleaseTests {
  @Test func bundlePassesTheAuditAndHoldsWhatWasCounted() throws {
    let site = try Site()
    var store = try site.store()
    let id = try site.release(&store)
    let bundle = try store.disclose(id, try Site.policy())
    var knowledge = BundleAudit.Knowledge()
    knowledge.key = store.publicKey
    knowledge.lists["drop"] = try Site.domain(count: 100).lists["drop"]
    let report = BundleAudit.report(bundle.files, knowledge)
    #expect(report.isGood, "\(report.findings.filter { $0.fault != nil })")
    let text = try #require(bundle.files["disclosure.json"])
    let json = try CanonicalJSON(canonical: Array(text.dropLast()))
    let cells = try #require(json["cells"]?.array)
    #expect(cells.count == 10)
    for cell in cells {
      let victims = try #require(cell["cell"]?["victims"]?.integer)
      #expect((300...700).contains(victims))
    }
    #expect(try store.preview(id, try Site.policy()) == text)
    #expect(try store.disclose(id, try Site.policy()).files == bundle.files)
  }

  @Test func everyMutationOfAByteIsRefused() throws {
    let site = try Site()
    var store = try site.store()
    let files = try store.disclose(try site.release(&store), try Site.policy()).files
    let knowledge = BundleAudit.Knowledge()
    var random = SystemRandomNumberGenerator()
    for name in DisclosureBundle.names + DisclosureViews.names {
      let bytes = try #require(files[name])
      let step = max(1, bytes.count / 400)
      for index in stride(from: Int.random(in: 0..<step, using: &random), to: bytes.count, by: step)
      {
        var mutant = files
        mutant[name]?[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        #expect(!BundleAudit.report(mutant, knowledge).isGood, "\(name), byte \(index)")
      }
      for count in [0, 1, bytes.count / 2, bytes.count - 1] {
        var mutant = files
        mutant[name] = Array(bytes.prefix(count))
        #expect(!BundleAudit.report(mutant, knowledge).isGood, "\(name) cut to \(count)")
      }
      var longer = files
      longer[name] = bytes + [UInt8(ascii: "\n")]
      #expect(!BundleAudit.report(longer, knowledge).isGood, "\(name) with a line feed more")
    }
  }

  @Test func windowIsDrawnOnceWhateverHappens() throws {
    let site = try Site()
    var id = ""
    do {
      var store = try site.store()
      id = try site.release(&store)
      #expect(throws: ShareError.self) {
        try store.seal(
          id, counts: Array(repeating: 0, count: 100), coverageMinutes: 1,
          now: Site.later ?? Site.window().end)
      }
      #expect(throws: ShareError.self) { try site.release(&store) }
    }
    var store = try site.store()
    #expect(store.ledger.history.releases[id]?.state == .sealed)
    #expect(try store.disclose(id, try Site.policy()).files.count == 8)
  }

  @Test func drawThatWasInterruptedIsBurned() throws {
    let site = try Site()
    var id = ""
    do {
      var store = try site.store()
      id = try store.open(
        .indicatorsOut, try Site.window(), ReleaseParameters(.indicatorsOut),
        domain: try Site.domain(count: 10), region: "154")
    }
    do {
      var ledger = try Ledger(folder: site.folder + "/share", witness: site.folder + "/witness")
      try ledger.append(
        .draw, ["release_id": .string(id), "coverage_minutes": 5], at: try #require(Site.later))
    }
    let store = try site.store()
    #expect(store.ledger.history.releases[id]?.state == .burned)
    #expect(throws: ShareError.self) { try store.preview(id, try Site.policy()) }
  }

  @Test func olderLedgerIsRefused() throws {
    let site = try Site()
    let path = site.folder + "/share/ledger.jsonl"
    var copy: [UInt8] = []
    do {
      var store = try site.store()
      copy = try #require(try DurableFile.read(path))
      _ = try site.release(&store)
    }
    try DurableFile.replace(path, with: copy)
    #expect(throws: ShareError.self) { _ = try site.store() }
  }

  @Test func nothingIsMadeBeforeItsTime() throws {
    let site = try Site()
    let early = try #require(UTCTime("2026-11-23T01:59:59Z"))
    var store = try site.store(now: early)
    let id = try store.open(
      .indicatorsOut, try Site.window(), ReleaseParameters(.indicatorsOut),
      domain: try Site.domain(count: 10), region: "154")
    #expect(
      throws: ShareError.tooEarly("\(id) is made at 2026-11-23T02:00:00Z, whatever was counted")
    ) {
      try store.seal(id, counts: Array(repeating: 0, count: 10), coverageMinutes: 5, now: early)
    }
  }

  @Test func policiesAreDefaultDeny() throws {
    let site = try Site()
    var store = try site.store()
    let id = try site.release(&store)
    let refused: [(inout CanonicalJSON) -> Void] = [
      { $0["expires"] = "2026-11-23T02:00:00Z" },
      { $0["approvals"] = [["by": "dpo", "at": "2026-11-01T10:00:00Z"]] },
      {
        $0["approvals"] = [
          ["by": "dpo", "at": "2026-11-01T10:00:00Z"], ["by": "dpo", "at": "2026-11-02T10:00:00Z"],
        ]
      },
      { $0["streams"] = ["pulse"] },
    ]
    for change in refused {
      let policy = try Site.policy(change)
      #expect(throws: ShareError.self) { try store.disclose(id, policy) }
    }
    let unknown: [(inout CanonicalJSON) -> Void] = [
      { $0["categories"] = ["political"] }, { $0["extra"] = 1 }, { $0["legal_basis"] = "none" },
      { $0["regions"] = ["DE"] }, { $0["tlp"] = "white" }, { $0["approvals"] = [] },
    ]
    for change in unknown { #expect(throws: ShareError.self) { try Site.policy(change) } }
    #expect(store.ledger.lines.allSatisfy { $0.kind != .disclose && $0.kind != .policy })

    _ = try store.disclose(id, try Site.policy())
    try store.revoke("isac-demo", now: try #require(Site.later))
    #expect(throws: ShareError.self) { try store.disclose(id, try Site.policy()) }
    _ = try store.disclose(id, try Site.policy { $0["retention_days"] = 30 })
  }

  @Test func figuresAreThoseOfTheDesign() throws {
    func figures(_ scale: Rational?, _ cells: Int) throws -> (Int64, Int64) {
      let scale = try #require(scale)
      let tenth = try #require(Rational(1, 10))
      return (
        NoiseFigures.threshold(scale: scale, cells: cells, expectedFalse: tenth, minimum: 20),
        NoiseFigures.interval95(scale: scale)
      )
    }
    #expect(try figures(Rational(6), 100_000) == (80, 18))
    #expect(try figures(Rational(160), 176) == (1086, 479))
    #expect(try figures(Rational(10240), 176).1 == 30_676)
    #expect(try figures(Rational(1, 3), 1) == (20, 1))
  }

  @Test func budgetNeverExceedsItsCapInAnyRunOfThirtyDays() throws {
    var random = SystemRandomNumberGenerator()
    let cap = try #require(Rational(5))
    var budget = Budget()
    var taken: [(days: ClosedRange<Int64>, halves: Int)] = []
    let first = try #require(UTCTime(Site.monday))
    for _ in 0..<300 {
      let isWeekly = Bool.random(using: &random)
      let stream = isWeekly ? ReleaseStream.indicatorsOut : .pulse
      let week = Int64.random(in: 0..<12, using: &random)
      let day = isWeekly ? week * 7 : Int64.random(in: 0..<84, using: &random)
      let window = try #require(ReleaseWindow(stream, start: first.adding(hours: day * 24)))
      let halves = Int.random(in: 1...3, using: &random)
      let epsilon = try #require(Rational(UInt64(halves), 2))
      let charge = Budget.Charge(window, epsilon: epsilon, cap: cap)
      let days = window.days
      let worst = (days.lowerBound - 29...days.upperBound).map { start in
        taken.filter { $0.days.overlaps(start...start + 29) }.map(\.halves).reduce(halves, +)
      }.max()
      let spent = try budget.spent(with: charge)
      #expect(spent.sum == Rational(UInt64(worst ?? 0), 2))
      #expect(spent.isAllowed == ((worst ?? 0) <= 10))
      if spent.isAllowed {
        budget.charge(charge)
        taken.append((days, halves))
      }
    }
  }

  @Test(arguments: [
    "10.1.2.3", "100.64.0.1", "127.0.0.1", "192.168.1.1", "224.0.0.1", "255.255.255.255",
    "192.0.2.1",
    "::1", "fe80::1", "fd00::1", "2002:808:808::1", "2001:0:808:808::1", "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2001:db8::1", "08.8.8.8", "8.8.8.8 ",
  ])
  func specialAddressesStay(text: String) {
    let form = text.contains(":") ? SharedIndicator.Form.ipv6Address : .ipv4Address
    #expect(Screens().refusal(of: SharedIndicator(form, text)) != nil)
  }

  @Test(arguments: [
    "8.8.8.8.in-addr.arpa", "printer.local", "host.internal", "nas.home", "x.test", "abc.onion",
    "singlelabel",
    "a.b.c.d.e.f.com", "averyveryverylongfirstlabel.com", "192-0-2-7.isp.com", "7.2.0.192.isp.com",
    "c0000207.isp.com", "Evil.com", "evil.com.", "evil..com", "-", "e vil.com", "x.1", "1.2.3.4",
  ])
  func namesThatTellStay(text: String) {
    #expect(Screens().refusal(of: SharedIndicator(.domainName, text)) != nil)
  }

  @Test func ownAndCustomersNetworksStayWhereverTheyTouch() throws {
    func range(_ first: String, _ last: String) throws -> IPRange {
      let first = try #require(IPAddress(first))
      let last = try #require(IPAddress(last))
      return try #require(IPRange(first, last))
    }
    let screens = Screens(
      customerNetworks: [try range("8.8.0.0", "8.8.255.255")],
      operatorNetworks: [try range("9.9.9.0", "9.9.9.255")],
      internalSuffixes: ["corp.net"], organizationNames: ["ACME"])
    func reason(_ form: SharedIndicator.Form, _ text: String) -> ScreenReason? {
      screens.refusal(of: SharedIndicator(form, text))
    }
    #expect(reason(.ipv4Address, "8.8.8.8") == .customerNetwork)
    #expect(reason(.ipv4Network, "8.0.0.0/8") == .customerNetwork)
    #expect(reason(.ipv4Network, "8.8.8.0/24") == .customerNetwork)
    #expect(reason(.ipv4Network, "9.9.0.0/16") == .operatorNetwork)
    #expect(reason(.domainName, "www.corp.net") == .internalName)
    #expect(reason(.domainName, "a-c-m-e-portal.evil.com") == .organizationName)
    #expect(reason(.domainName, "evil.com") == nil)
    #expect(reason(.ipv4Address, "1.1.1.1") == nil)
    #expect(reason(.ipv4Network, "1.0.0.0/7") != nil)
  }
}
