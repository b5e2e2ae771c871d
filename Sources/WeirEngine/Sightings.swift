/// The sightings of one batch from all workers, in the order of the packets.
public struct Sightings: Sendable {
  private let outboxes: [Outbox]

  init(_ outboxes: [Outbox]) { self.outboxes = outboxes }

  /// Whether nothing was sighted.
  public var isEmpty: Bool { outboxes.allSatisfy { $0.sightings.isEmpty } }

  /// Calls `body` with each sighting and the name that was seen, which is empty when it was no name.
  public func forEach(_ body: (Sighting, ArraySlice<UInt8>) -> Void) {
    var next = Array(repeating: 0, count: outboxes.count)
    while let owner = ownerOfEarliest(next) {
      let sighting = outboxes[owner].sightings[next[owner]]
      next[owner] += 1
      body(sighting, outboxes[owner].names[sighting.name])
    }
  }

  /// A packet has one owner, so the packet numbers at the heads differ.
  private func ownerOfEarliest(_ next: [Int]) -> Int? {
    var best: Int?
    for index in outboxes.indices where next[index] < outboxes[index].sightings.count {
      let number = outboxes[index].sightings[next[index]].packet
      if let leader = best, outboxes[leader].sightings[next[leader]].packet <= number { continue }
      best = index
    }
    return best
  }
}
