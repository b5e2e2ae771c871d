import WeirModel
import WeirRules

/// A hit on its way to events and to the file of matched packets.
public struct Sighting: Sendable {
  /// The number of the packet, counted from 1 over all inputs.
  public var packet: UInt64
  /// The packet's place in the batch.
  public var slot: Int
  /// Where it was seen.
  public var place: Place
  /// What was seen.
  public var indicator: UInt32
  /// The feeds by which it counts.
  public var feedSet: UInt32
  /// Where the name that was seen lies in `Outbox.names`; empty when it was no name.
  public var name: Range<Int>
  /// The verdict on the packet.
  public var ruling: Ruling
  /// A number that all packets of a flow share.
  public var flowID: UInt64
}

/// The sightings of one batch, in the order of the packets.
public struct Outbox: Sendable {
  /// The sightings.
  public private(set) var sightings: [Sighting] = []
  /// The bytes of the names that were seen.
  public private(set) var names: [UInt8] = []
  private var firstOfPacket = 0

  /// An empty outbox.
  public init() {}

  /// Forgets everything but keeps the memory.
  public mutating func clear() {
    sightings.removeAll(keepingCapacity: true)
    names.removeAll(keepingCapacity: true)
    firstOfPacket = 0
  }

  mutating func beginPacket() { firstOfPacket = sightings.count }

  /// Keeps a copy of a name; where it lies.
  mutating func keep(_ name: Span<UInt8>) -> Range<Int> {
    let start = names.count
    for index in 0..<name.count { names.append(name[index]) }
    return start..<names.count
  }

  mutating func append(_ sighting: Sighting) { sightings.append(sighting) }

  /// Writes the verdict on the packet into its sightings.
  mutating func settle(_ ruling: Ruling) {
    for index in firstOfPacket..<sightings.count { sightings[index].ruling = ruling }
  }
}
