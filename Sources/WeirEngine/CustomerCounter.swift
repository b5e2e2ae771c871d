public import WeirCrypto
import WeirDecode
public import WeirGate
import WeirModel
public import WeirTally

/// Counts which customers turned to which listed hosts and names, for a release.
///
/// Of a sighting only two things are kept: the number of a cell and the tag of a customer's block.
public struct CustomerCounter: ~Copyable {
  /// What was counted and what was not, for the operator alone.
  public struct Account: Hashable, Sendable {
    /// Sightings that count.
    public var counted: UInt64 = 0
    /// Sightings outside of the window.
    public var late: UInt64 = 0
    /// Sightings between two customers, or between none.
    public var notOneCustomer: UInt64 = 0
    /// Sightings of indicators that are no part of the key set that was fixed.
    public var notInDomain: UInt64 = 0
    /// Sightings of what came to a customer unasked.
    public var inbound: UInt64 = 0

    /// Nothing.
    public init() {}
  }

  private let networks: CustomerNetworks
  private let cells: [CellNumber]
  private let key: MessageKey
  private let isInWindow: @Sendable (Int64) -> Bool
  /// The table.
  public private(set) var contributions: Contributions
  /// What became of the sightings.
  public private(set) var account = Account()

  /// The number of an indicator that is in no cell.
  public static let noCell = CellNumber.max

  /// A counter.
  ///
  /// - Parameters:
  ///   - cells: the cell of each indicator, `noCell` for none.
  ///   - isInWindow: whether a second since the epoch lies in the window.
  public init(
    networks: CustomerNetworks, cells: [CellNumber], contributions: Contributions,
    key: consuming MessageKey, isInWindow: @escaping @Sendable (Int64) -> Bool
  ) {
    self.networks = networks
    self.cells = cells
    self.contributions = contributions
    self.key = key
    self.isInWindow = isInWindow
  }

  /// Takes in what was sighted in a batch of packets.
  public mutating func count(_ sightings: Sightings, _ arena: Span<UInt8>, _ slots: Span<Slot>) {
    sightings.forEach { sighting, _ in
      let slot = slots[sighting.slot]
      let frame = arena.extracting(slot.offset..<slot.offset + Int(slot.capturedLength))
      var observation = FrameDecoder.decode(
        frame, wireLength: Int(slot.wireLength), link: slot.link)
      if sighting.place != .ipSource, sighting.place != .ipDestination {
        TunnelDecoder.enterAll(frame, wireLength: Int(slot.wireLength), &observation)
      }
      count(sighting, observation, at: slot.timestamp)
    }
  }

  /// Takes in what was sighted in a batch of lines: the client that a line names is the customer.
  public mutating func count(
    _ sightings: Sightings, in lines: [MatchedLine], _ arena: Span<UInt8>
  ) {
    sightings.forEach { sighting, _ in
      let line = lines[sighting.slot]
      guard isWanted(sighting, at: line.time) else { return }
      let source = line.source.flatMap { IPAddress(parsing: arena.extracting($0)) }
      let destination = line.destination.flatMap { IPAddress(parsing: arena.extracting($0)) }
      guard let source, let block = networks.block(source: source, destination: destination) else {
        return account.notOneCustomer += 1
      }
      if sighting.place.isSource { return account.inbound += 1 }
      account.counted += 1
      contributions.count(cells[Int(sighting.indicator)], block.tag(key), key)
    }
  }

  private mutating func count(
    _ sighting: Sighting, _ observation: Observation, at time: Timestamp
  ) {
    guard isWanted(sighting, at: time) else { return }
    guard
      let block = networks.block(
        source: observation.source, destination: observation.destination)
    else { return account.notOneCustomer += 1 }
    if sighting.place.isSource || isAnswerToStranger(sighting.place, observation) {
      account.inbound += 1
      return
    }
    account.counted += 1
    contributions.count(cells[Int(sighting.indicator)], block.tag(key), key)
  }

  /// Whether a sighting is of the key set and of the window.
  private mutating func isWanted(_ sighting: Sighting, at time: Timestamp) -> Bool {
    guard Int(sighting.indicator) < cells.count,
      cells[Int(sighting.indicator)] != CustomerCounter.noCell
    else {
      account.notInDomain += 1
      return false
    }
    guard isInWindow(time.seconds) else {
      account.late += 1
      return false
    }
    return true
  }

  /// Whether a packet only answers one that came unasked: the second packet of a handshake, or a reset.
  ///
  /// Such a customer was scanned
  /// and turned to nobody.
  private func isAnswerToStranger(_ place: Place, _ observation: Observation) -> Bool {
    guard place == .ipDestination || place == .ipDestinationInner || place == .endpointDestination,
      observation.transport == .tcp
    else { return false }
    return observation.tcpFlags.contains([.syn, .ack])
      || observation.tcpFlags.contains(.rst)
  }

  /// Adds minutes during which everything was counted.
  public mutating func cover(minutes: UInt64) { contributions.coveredMinutes += minutes }

  /// The state for the file on tmpfs.
  public borrowing func state() -> [UInt8] { contributions.state(key: key) }
}
