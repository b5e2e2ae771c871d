/// Writes a ``SessionBook``: makes payloads until they hold no pattern, then plants some.
struct SessionBookMaker {
  private let options: CaptureOptions
  private let patterns: [BytePattern]
  private var pool: PayloadPool
  private var maker: ContentMaker
  /// How often clean content is tried before the patterns that it holds by nature are accepted
  /// (and counted).
  private static let attemptsMax = 20

  init(options: CaptureOptions, patterns: [BytePattern]) {
    self.options = options
    self.patterns = patterns
    pool = PayloadPool(searcher: PatternSearcher(patterns))
    maker = ContentMaker(random: SeededGenerator(seed: options.seed ^ 0xC047_E475))
  }

  mutating func book(
    domains: DomainEntries, servers: [[Host]]
  ) throws(CaptureError) -> SessionBook {
    let catalog = ShapeCatalog(options.mix)
    let listed = HostNames.listed(count: options.used, from: domains, &maker.random)
    let background = try HostNames.background(
      count: options.names, avoiding: domains, &maker.random)
    var names: [SessionBook.Name] = []
    for (index, name) in (background + listed).enumerated() {
      names.append(self.name(name, listedIndex: index - background.count, servers: servers))
    }
    var variants: [[SessionBook.Variant]] = []
    for shape in catalog.shapes {
      variants.append((0..<options.variants).map { _ in variant(of: shape) })
    }
    let planted = plant(in: catalog.shapes, weights: catalog.weights)
    let namedWeights = zip(catalog.shapes, catalog.weights).map { $0.client.saysName ? $1 : 0 }
    return SessionBook(
      shapes: catalog.shapes, weights: catalog.weights,
      shapeChoice: WeightedChoice(weights: catalog.weights),
      namedShapeChoice: namedWeights.contains { $0 > 0 }
        ? WeightedChoice(weights: namedWeights) : nil,
      variants: variants, names: names, listedNames: listed, planted: planted, pool: pool)
  }

  // MARK: Names

  private mutating func name(
    _ name: String, listedIndex: Int, servers: [[Host]]
  ) -> SessionBook.Name {
    let listedName = max(listedIndex, -1)
    let isIPv6 = maker.random.below(3) == 0
    let address = maker.random.pick(servers[isIPv6 ? 1 : 0]).address
    let identifier = UInt16(truncatingIfNeeded: maker.random.next())
    let lengths = [NamedMessages.clientHelloLength] + SessionShape.clientRecords
    let tls = clean(lengths: { _ in lengths }, isStream: true) { maker in
      NamedMessages.clientHello(name, &maker)
        + maker.bytes(.sealed, lengths: SessionShape.clientRecords)
    }
    let http = clean(lengths: { [$0.count] }, isStream: true) {
      NamedMessages.httpRequest(name, &$0.random)
    }
    let query = NamedMessages.dnsQuery(name, identifier: identifier, isIPv6: isIPv6)
    let answer = NamedMessages.dnsAnswer(
      name, identifier: identifier, isIPv6: isIPv6, address: address)
    let noName = NamedMessages.dnsAnswer(
      name, identifier: identifier, isIPv6: isIPv6, address: nil)
    return SessionBook.Name(
      httpRequest: pool.add(
        http, lengths: [http.count], isStream: true, role: .httpRequest, listedName: listedName),
      tlsClient: pool.add(
        tls, lengths: lengths, isStream: true, role: .clientHello, listedName: listedName),
      dnsQuery: message(query, .dnsQuery, listedName),
      dnsAnswer: message(answer, .dnsResponse, listedName),
      dnsNoName: message(noName, .dnsResponse, listedName))
  }

  private mutating func message(
    _ bytes: [UInt8], _ role: PayloadRole, _ listedName: Int
  ) -> Range<Int> {
    pool.add(bytes, lengths: [bytes.count], isStream: false, role: role, listedName: listedName)
  }

  private mutating func clean(
    lengths: ([UInt8]) -> [Int], isStream: Bool, _ make: (inout ContentMaker) -> [UInt8]
  ) -> [UInt8] {
    var content = make(&maker)
    var attempts = 1
    while attempts < SessionBookMaker.attemptsMax,
      !pool.isClean(content, lengths: lengths(content), isStream: isStream)
    {
      content = make(&maker)
      attempts += 1
    }
    return content
  }

  // MARK: Content

  private mutating func variant(of shape: SessionShape) -> SessionBook.Variant {
    SessionBook.Variant(
      client: added(shape.client, shape.transport), server: added(shape.server, shape.transport))
  }

  private mutating func added(_ source: PayloadSource, _ transport: Transport) -> Range<Int> {
    guard case .content(let content, let lengths) = source else { return 0..<0 }
    let isStream = transport == .tcp
    let bytes = clean(lengths: { _ in lengths }, isStream: isStream) {
      $0.bytes(content, lengths: lengths)
    }
    return pool.add(bytes, lengths: lengths, isStream: isStream)
  }

  // MARK: Planting

  private mutating func plant(in shapes: [SessionShape], weights: [UInt64]) -> [SessionBook.Planted]
  {
    let fit = shapes.map { Planting(shape: $0) }
    let choice = zip(fit, weights).map { $0 == nil ? 0 : $1 }
    guard choice.contains(where: { $0 > 0 }), !patterns.isEmpty else { return [] }
    let shapeChoice = WeightedChoice(weights: choice)
    var order = Array(patterns.indices)
    var planted: [SessionBook.Planted] = []
    for position in 0..<min(options.used, order.count) {
      order.swapAt(position, position + maker.random.below(order.count - position))
      let index = shapeChoice.draw(&maker.random)
      guard let planting = fit[index],
        let bytes = planting.bytes(holding: patterns[order[position]], &maker)
      else { continue }
      let shape = shapes[index]
      let client = added(shape.client, shape.transport)
      let server = pool.add(bytes, lengths: planting.lengths, isStream: planting.isStream)
      planted.append(
        SessionBook.Planted(
          shape: index, variant: SessionBook.Variant(client: client, server: server)))
    }
    return planted
  }
}
