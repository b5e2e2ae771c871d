import WeirDecode
import WeirMatch
import WeirModel
import WeirRules
import WeirTally

/// Where the hits of one packet come together: they are counted, kept for the reports, and weighed.
struct Desk: ~Copyable {
  var tally: Tally
  var outbox = Outbox()
  /// All values seen, when asked for.
  var observed: ObservedValues?
  /// What the packet shows by its addresses and its content.
  var judgment = Judgment()
  /// What it shows by its content alone; this stays with the flow.
  var content = Judgment()
  /// Whether the packet hit anything, so that there is something to weigh, and to clear for the next one.
  private(set) var isTouched = false
  /// The URL that is looked up; kept so that its memory is used again.
  var url: [UInt8] = []
  /// What is known of handshakes of QUIC; nil until the first one.
  var quic: QUICReader?
  private let keepsSightings: Bool
  private var packet = Packet()

  /// The packet on the desk.
  struct Packet {
    var number: UInt64 = 0
    var slot = 0
    var wireLength: UInt32 = 0
    var time = Timestamp(nanoseconds: 0)
    var flowID: UInt64 = 0
    /// Of the pair of hosts.
    var hosts: UInt64 = 0
  }

  init(tally: Tally, keepsSightings: Bool, keepsValues: Bool) {
    self.tally = tally
    self.keepsSightings = keepsSightings
    observed = keepsValues ? ObservedValues() : nil
  }

  /// Clears the desk for the next packet.
  mutating func begin(_ packet: Packet) {
    self.packet = packet
    if isTouched { clear() }
    if keepsSightings { outbox.beginPacket() }
  }

  // Few packets hit anything; clearing for each of them was a twentieth of a replay's time.
  @inline(never)
  private mutating func clear() {
    judgment = Judgment()
    content = Judgment()
    isTouched = false
  }

  /// The flow of the packet on the desk, for QUIC.
  func quicFlow(_ observation: borrowing Observation) -> QUICFlow {
    QUICFlow(observation, hosts: packet.hosts, flowID: packet.flowID)
  }

  /// What the packet's flow left is to be weighed too.
  mutating func touch() { isTouched = true }

  /// An address entry covers the packet's source or destination.
  mutating func sight(address entry: UInt32, at place: Place, _ matchers: Matchers) {
    isTouched = true
    let feedSet = matchers.policy.feedSet(of: entry)
    let policy = matchers.policy[feedSet]
    record(entry, feedSet, place, policy, name: 0..<0)
    judgment.consider(
      place.isSource ? policy.asSource : policy.asDestination,
      indicator: entry, feedSet: feedSet, policy: policy,
      specificity: specificity(of: entry, matchers), line: matchers.policy.firstLine(of: entry))
  }

  /// A name or bytes that the packet carries match an indicator.
  mutating func sight(
    content indicator: UInt32, feedSet: UInt32, at place: Place, specificity: UInt16,
    name: Range<Int>, _ matchers: Matchers
  ) {
    let policy = matchers.policy[feedSet]
    record(indicator, feedSet, place, policy, name: name)
    weigh(policy.asContent, indicator, feedSet, policy, specificity, matchers)
  }

  /// An address entry covers an address that a DNS response answers with.
  ///
  /// The client is about to go there, so it is judged as a destination.
  mutating func sight(answer entry: UInt32, name: Range<Int>, _ matchers: Matchers) {
    let feedSet = matchers.policy.feedSet(of: entry)
    let policy = matchers.policy[feedSet]
    record(entry, feedSet, .dnsAnswer, policy, name: name)
    weigh(policy.asDestination, entry, feedSet, policy, specificity(of: entry, matchers), matchers)
  }

  /// Weighs what the packet carries, for itself and for its flow.
  private mutating func weigh(
    _ verdict: Verdict, _ indicator: UInt32, _ feedSet: UInt32, _ policy: FeedSetPolicy,
    _ specificity: UInt16, _ matchers: Matchers
  ) {
    isTouched = true
    let line = matchers.policy.firstLine(of: indicator)
    judgment.consider(
      verdict, indicator: indicator, feedSet: feedSet, policy: policy, specificity: specificity,
      line: line)
    content.consider(
      verdict, indicator: indicator, feedSet: feedSet, policy: policy, specificity: specificity,
      line: line)
  }

  /// Keeps a name for the events; an empty range when there will be none.
  mutating func keep(_ name: Span<UInt8>) -> Range<Int> {
    keepsSightings ? outbox.keep(name) : 0..<0
  }

  /// Keeps the text of an address for the events; an empty range when there will be none.
  mutating func keep(_ address: IPAddress) -> Range<Int> {
    guard keepsSightings else { return 0..<0 }
    var text: [UInt8] = []
    address.appendText(to: &text)
    return outbox.keep(text.span)
  }

  /// Counts a value that was looked up.
  mutating func observe(_ place: Place) {
    tally.observables[Int(place.rawValue)] += 1
  }

  func specificity(of entry: UInt32, _ matchers: Matchers) -> UInt16 {
    // Finding the address would be a search.
    if matchers.addresses.isIPv4Host(entry) { return Specificity.address }
    return matchers.policy.family(of: entry) == .address
      ? Specificity.range(matchers.addresses.range(of: entry)) : Specificity.endpoint
  }

  private mutating func record(
    _ indicator: UInt32, _ feedSet: UInt32, _ place: Place, _ policy: FeedSetPolicy,
    name: Range<Int>
  ) {
    // What stands on allow lists only is no threat, and seeing it no sighting.
    guard policy.isIndicator else { return }
    tally.sight(
      indicator: indicator, feedSet: feedSet, place: place, packet: packet.number,
      bytes: packet.wireLength, at: packet.time)
    guard keepsSightings else { return }
    outbox.append(
      Sighting(
        packet: packet.number, slot: packet.slot, place: place, indicator: indicator,
        feedSet: feedSet, name: name, ruling: Ruling(), flowID: packet.flowID))
  }
}
