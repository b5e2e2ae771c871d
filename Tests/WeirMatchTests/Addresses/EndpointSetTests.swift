import Testing
import WeirMatch
import WeirModel

@Suite struct EndpointSetTests {
  @Test func anImageWithoutSectionsIsAnEmptySet() throws {
    let image = try Image(ImageBuilder().finish())
    defer { keep(image) }
    let set = try EndpointSet(image)
    #expect(set.isEmpty)
    #expect(set.entry(IPAddress(v4: 0), port: 0) == nil)
    #expect(set.endpoint(of: 3).1 == 0)
  }

  @Test(arguments: [0, 1, 2, 10, 1_000, 30_000])
  func endpointsAreFoundAndTheirNeighborsAreNot(count: Int) throws {
    var random = SeededRandom(seed: UInt64(count))
    let endpoints = randomEndpoints(count, &random)
    let image = try image(of: endpoints)
    defer { keep(image) }
    let set = try EndpointSet(image)
    #expect(set.count == endpoints.count)
    let known = Set(endpoints.map { Key(address: $0.0, port: $0.1) })
    for (index, endpoint) in endpoints.enumerated() {
      #expect(set.entry(endpoint.0, port: endpoint.1) == UInt32(index))
      #expect(set.endpoint(of: UInt32(index)) == endpoint)
      for near in neighbors(endpoint) where !known.contains(near) {
        #expect(set.entry(near.address, port: near.port) == nil, "\(near)")
      }
    }
  }

  @Test func theSameBitsInTheOtherFamilyAreNotFound() throws {
    let image = try image(of: [(IPAddress(v4: 7), 80)])
    defer { keep(image) }
    let set = try EndpointSet(image)
    #expect(set.entry(IPAddress(v4: 7), port: 80) == 0)
    #expect(set.entry(IPAddress(v6High: 0, low: 7), port: 80) == nil)
  }

  @Test func damagedImagesAreRefusedOrAnsweredButNeverTrap() throws {
    var random = SeededRandom(seed: 9)
    let endpoints = randomEndpoints(60, &random)
    let good = try bytes(of: image(of: endpoints))
    var answered = 0
    for offset in damagedOffsets(good.count) {
      var damaged = good
      damaged[offset] ^= 0xff
      guard let image = try? Image(damaged), let set = try? EndpointSet(image) else { continue }
      for endpoint in endpoints {
        if let entry = set.entry(endpoint.0, port: endpoint.1) { _ = set.endpoint(of: entry) }
      }
      answered += 1
    }
    #expect(answered > 0)
  }
}

private struct Key: Hashable {
  var address: IPAddress
  var port: UInt16
}

private func image(of endpoints: [(IPAddress, UInt16)]) throws -> Image {
  var builder = ImageBuilder()
  EndpointSetBuilder.add(endpoints, to: &builder)
  return try Image(builder.finish())
}

private func neighbors(_ endpoint: (IPAddress, UInt16)) -> [Key] {
  let (address, port) = endpoint
  let next =
    address.family == .v4
    ? IPAddress(v4: address.v4Bits &+ 1) : IPAddress(v6High: address.high &+ 1, low: address.low)
  return [
    Key(address: address, port: port &+ 1), Key(address: address, port: port &- 1),
    Key(address: next, port: port),
  ]
}

private func randomEndpoints(
  _ count: Int, _ random: inout SeededRandom
) -> [(IPAddress, UInt16)] {
  var keys: Set<Key> = []
  while keys.count < count {
    let address =
      random.next() % 3 == 0
      ? IPAddress(v6High: 0x2001_0db8_0000_0000, low: random.next() % 500)
      : IPAddress(v4: UInt32(truncatingIfNeeded: random.next()) & 0xff00_ffff)
    keys.insert(Key(address: address, port: UInt16(truncatingIfNeeded: random.next() & 0xff01)))
  }
  return keys.map { ($0.address, $0.port) }.sorted { $0 < $1 }
}
