import WeirDecode
import WeirMatch
import WeirModel
import WeirRules
import WeirTally

/// Station 4: addresses and ports against the sets, the cheapest first.
extension Desk {
  /// Source and destination.
  @inline(__always)
  mutating func matchAddresses(_ observation: borrowing Observation, _ matchers: Matchers) {
    observe(.ipSource)
    observe(.ipDestination)
    matchHosts(observation, matchers, .ipSource, .ipDestination)
    matchPorts(observation, matchers)
  }

  /// Source and destination, without their ports and without being counted.
  @inline(__always)
  mutating func matchHosts(
    _ observation: borrowing Observation, _ matchers: Matchers, _ source: Place,
    _ destination: Place
  ) {
    if observation.version == 4 {
      matchV4(UInt32(truncatingIfNeeded: observation.sourceLow), source, matchers)
      matchV4(UInt32(truncatingIfNeeded: observation.destinationLow), destination, matchers)
    } else {
      matchV6(observation.sourceHigh, observation.sourceLow, source, matchers)
      matchV6(observation.destinationHigh, observation.destinationLow, destination, matchers)
    }
    if observed != nil {
      observed?.add(observation.source, at: source)
      observed?.add(observation.destination, at: destination)
    }
  }

  /// Source and destination with their ports.
  @inline(__always)
  mutating func matchPorts(_ observation: borrowing Observation, _ matchers: Matchers) {
    if !matchers.endpoints.isEmpty { matchEndpoints(observation, matchers) }
  }

  @inline(__always)
  private mutating func matchV4(_ address: UInt32, _ place: Place, _ matchers: Matchers) {
    if matchers.presence.mayContain(address) { sightV4(address, place, matchers) }
  }

  // Out of line, as IPv6 is: inside the loop over packets it would cost the common miss its registers.
  @inline(never)
  private mutating func sightV4(_ address: UInt32, _ place: Place, _ matchers: Matchers) {
    matchers.addresses.forEachEntry(covering: address) { entry in
      sight(address: entry, at: place, matchers)
    }
  }

  @inline(never)
  private mutating func matchV6(
    _ high: UInt64, _ low: UInt64, _ place: Place, _ matchers: Matchers
  ) {
    guard matchers.addresses.mayContain(v6High: high, low: low) else { return }
    matchers.addresses.forEachEntry(coveringV6High: high, low: low) { entry in
      sight(address: entry, at: place, matchers)
    }
  }

  private mutating func matchEndpoints(_ observation: borrowing Observation, _ matchers: Matchers) {
    guard observation.payloadStart > 0 else { return }
    observe(.endpointSource)
    observe(.endpointDestination)
    let base = matchers.policy.endpointBase
    if let entry = matchers.endpoints.entry(observation.source, port: observation.sourcePort) {
      sight(address: base + entry, at: .endpointSource, matchers)
    }
    if let entry = matchers.endpoints.entry(
      observation.destination, port: observation.destinationPort)
    {
      sight(address: base + entry, at: .endpointDestination, matchers)
    }
  }
}
