/// Starts sessions: draws who talks, about what, and whether it holds an indicator.
struct SessionMaker {
  /// What makes a session a threat.
  private enum Threat {
    case listedServer
    case listedClient
    case listedName
    case pattern
  }

  private let options: CaptureOptions
  private let book: SessionBook
  private let tables: HostTables
  private var random: SeededGenerator
  private let clientChoice: WeightedChoice
  private let serverChoice: WeightedChoice
  private let nameChoice: WeightedChoice
  private let threatShare: Share
  private let ipv6Share: Share
  private let vlanShare: Share

  init(options: CaptureOptions, book: SessionBook, tables: HostTables) {
    self.options = options
    self.book = book
    self.tables = tables
    random = SeededGenerator(seed: options.seed)
    clientChoice = .harmonic(count: options.clients)
    serverChoice = .harmonic(count: options.servers)
    nameChoice = .harmonic(count: book.backgroundNameCount)
    threatShare = Share(options.threatRate)
    ipv6Share = Share(options.ipv6)
    vlanShare = Share(options.vlan)
  }

  /// The next session.
  mutating func session() -> Session {
    var threat: Threat?
    if random.chance(threatShare) { threat = drawThreat() }
    var family: AddressPrefix.Family = random.chance(ipv6Share) ? .ipv6 : .ipv4
    if threat == .listedServer || threat == .listedClient, tables[family].listedCount == 0 {
      family = family == .ipv6 ? .ipv4 : .ipv6
    }
    let planted = threat == .pattern ? random.pick(book.planted) : nil
    let shape = planted?.shape ?? drawShape(threat)
    let variant = planted?.variant ?? random.pick(book.variants[shape])
    let name = threat == .listedName ? drawListedName() : nameChoice.draw(&random)
    let client = drawClient(threat, family)
    let (vlan, isDoubleTagged) = tags(of: client)
    return Session(
      shape: shape, family: family, client: client, server: drawServer(threat, family),
      clientPort: UInt16(32_768 + random.below(28_232)), vlan: vlan,
      isDoubleTagged: isDoubleTagged, roundTrip: drawRoundTrip(),
      clientPayload: first(book.shapes[shape].client, name, variant.client),
      serverPayload: first(book.shapes[shape].server, name, variant.server),
      clientSequence: UInt32(truncatingIfNeeded: random.next()),
      serverSequence: UInt32(truncatingIfNeeded: random.next()),
      identification: UInt16(truncatingIfNeeded: random.next()))
  }

  private mutating func drawThreat() -> Threat? {
    var possible: [Threat] = []
    if tables.ipv4.listedCount + tables.ipv6.listedCount > 0 {
      possible += [
        .listedServer, .listedServer, .listedServer, .listedServer, .listedServer, .listedClient,
      ]
    }
    if !book.listedNames.isEmpty, book.namedShapeChoice != nil {
      possible += [.listedName, .listedName, .listedName, .listedName]
    }
    if !book.planted.isEmpty { possible += [.pattern, .pattern, .pattern, .pattern] }
    return possible.isEmpty ? nil : random.pick(possible)
  }

  private mutating func drawShape(_ threat: Threat?) -> Int {
    if threat == .listedName, let named = book.namedShapeChoice { return named.draw(&random) }
    return book.shapeChoice.draw(&random)
  }

  private mutating func drawListedName() -> Int {
    book.backgroundNameCount + random.below(book.listedNames.count)
  }

  private mutating func drawClient(_ threat: Threat?, _ family: AddressPrefix.Family) -> Int {
    threat == .listedClient ? drawListed(family) : clientChoice.draw(&random)
  }

  private mutating func drawServer(_ threat: Threat?, _ family: AddressPrefix.Family) -> Int {
    if threat == .listedServer { return drawListed(family) }
    return options.clients + serverChoice.draw(&random)
  }

  private mutating func drawListed(_ family: AddressPrefix.Family) -> Int {
    tables[family].firstListed + random.below(tables[family].listedCount)
  }

  /// 2 to 62 ms, most of them short.
  private mutating func drawRoundTrip() -> UInt64 {
    let number = UInt64(random.below(1000))
    return 2_000 + 60_000 * number * number / 1_000_000
  }

  /// A client's tag is always the same; one tagged client in twenty has an outer tag as well.
  private func tags(of client: Int) -> (vlan: UInt16, isDoubleTagged: Bool) {
    var own = SeededGenerator(seed: UInt64(client))
    guard own.chance(vlanShare) else { return (0, false) }
    return (UInt16(10 + own.below(40)), own.below(20) == 0)
  }

  private func first(_ source: PayloadSource, _ name: Int, _ own: Range<Int>) -> Int {
    let messages = book.names[name]
    switch source {
    case .none: return 0
    case .httpRequest: return messages.httpRequest.lowerBound
    case .tlsClient: return messages.tlsClient.lowerBound
    case .dnsQuery: return messages.dnsQuery.lowerBound
    case .dnsAnswer: return messages.dnsAnswer.lowerBound
    case .dnsNoName: return messages.dnsNoName.lowerBound
    case .content: return own.lowerBound
    }
  }
}

/// The hosts of both families.
struct HostTables: Sendable {
  let ipv4: HostTable
  let ipv6: HostTable

  subscript(_ family: AddressPrefix.Family) -> HostTable { family == .ipv4 ? ipv4 : ipv6 }
}
