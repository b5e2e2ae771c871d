/// One conversation that is under way.
struct Session: Sendable {
  let shape: Int
  let family: AddressPrefix.Family
  /// Indices into the family's host table.
  let client: Int
  let server: Int
  let clientPort: UInt16
  let vlan: UInt16
  let isDoubleTagged: Bool
  /// Microseconds.
  let roundTrip: UInt64
  /// The next payload of each direction.
  var clientPayload: Int
  var serverPayload: Int
  var clientSequence: UInt32
  var serverSequence: UInt32
  var identification: UInt16
  var step = 0
}
