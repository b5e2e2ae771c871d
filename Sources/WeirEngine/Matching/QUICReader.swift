import WeirDecode
import WeirFlow
import WeirModel

/// Which flow a datagram belongs to, and which of its ends sent it.
struct QUICFlow {
  /// A hash of the flow; not 0.
  var hash: UInt64
  /// The partition of its hosts.
  var partition: Int
  /// A hash of the end that sent the datagram.
  var sender: UInt64

  init(_ observation: borrowing Observation, hosts: UInt64, flowID: UInt64) {
    // A flow's identifier has 53 bits.
    hash = flowID | 1 << 63
    partition = FlowTable.partition(hosts: hosts)
    sender =
      (observation.sourceLow &+ observation.sourceHigh &* 0x9e37_79b9_7f4a_7c15) << 16
      | UInt64(observation.sourcePort)
  }
}

/// Finds the ClientHellos in QUIC's Initial packets; made by a worker when it meets the first one.
final class QUICReader {
  /// How many packets are read of one datagram; clients send one or two in their first ones.
  static let packetsMax = 8

  private var opener: QUICOpener
  private var connections: QUICConnections

  /// Nil when there is not memory enough.
  init?() {
    guard let opener = QUICOpener(), let connections = QUICConnections() else { return nil }
    self.opener = opener
    self.connections = connections
  }

  /// Hellos that were not complete, whether given up or still waiting.
  var unfinished: UInt64 { connections.abandoned + connections.pending }

  /// What reading a hello came to.
  struct Finding {
    /// A hash of the name asked for; 0 without one.
    var mark: UInt64 = 0
    /// Why the hello could not be judged in full.
    var problem: Unjudged?
  }

  /// Reads the packets of a datagram.
  ///
  /// - Parameter body: called with each hello that becomes complete, and the mark of the flow's last one.
  /// - Returns: why the datagram could not be judged in full, if it could not.
  func read(
    _ datagram: Span<UInt8>, _ flow: QUICFlow, _ body: (Span<UInt8>, UInt64) -> Finding
  ) -> Unjudged? {
    var problem: Unjudged?
    var offset = 0
    for _ in 0..<QUICReader.packetsMax {
      guard let packet = QUICPacket(datagram, at: offset) else { break }
      if packet.kind == .initial {
        let found = readInitial(packet, datagram, flow, body)
        problem = problem ?? found
      }
      offset = packet.end
    }
    return problem
  }

  private func readInitial(
    _ packet: QUICPacket, _ datagram: Span<UInt8>, _ flow: QUICFlow,
    _ body: (Span<UInt8>, UInt64) -> Finding
  ) -> Unjudged? {
    let known = connections.find(flow.hash, partition: flow.partition)
    let identifier = datagram.extracting(packet.destinationID)
    if let known {
      let connection = connections[known]
      // The server answers, or the client repeats itself.
      guard connection.sender == flow.sender else { return nil }
      let isSame = connection.hasIdentifier(identifier)
      if isSame, !connection.isPending { return nil }
      // From the server's first answer on the client uses the identifier that the server chose, but the same keys.
      let isOpen =
        connection.isPending
        && connection.withIdentifier { open(packet, datagram, derivedFrom: $0) }
      if isOpen { return gather(known, body) }
      if isSame { return nil }
    }
    // What a client sends first is addressed to eight bytes at least (RFC 9000, section 7.2).
    guard identifier.count >= 8 else { return nil }
    guard open(packet, datagram, derivedFrom: identifier) else {
      // Of a connection that was not seen to begin.
      return known == nil ? .handshakeIncomplete : nil
    }
    let mark = known.map { connections[$0].mark } ?? 0
    let place = connections.begin(
      flow.hash, partition: flow.partition, sender: flow.sender, identifier: identifier, at: known)
    connections[place].mark = mark
    return gather(place, body)
  }

  /// Opens a packet with the keys of an identifier.
  private func open(
    _ packet: QUICPacket, _ datagram: Span<UInt8>, derivedFrom identifier: Span<UInt8>
  ) -> Bool {
    let bytes = datagram.extracting(packet.start..<packet.end)
    let numberStart = packet.numberStart - packet.start
    let keys = QUICInitialKeys(packet.version, destinationID: identifier)
    if opener.open(bytes, numberStart: numberStart, keys) { return true }
    guard let alternative = packet.version.alternative else { return false }
    return opener.open(
      bytes, numberStart: numberStart, QUICInitialKeys(alternative, destinationID: identifier))
  }

  /// Adds what the opened packet holds of the hello, and delivers that when it is complete.
  private func gather(_ place: Int, _ body: (Span<UInt8>, UInt64) -> Finding) -> Unjudged? {
    var problem: Unjudged?
    var fits = true
    opener.withPlaintext { frames in
      do throws(DecodeError) {
        try QUICFrames.forEachCrypto(in: frames) { offset, bytes in
          if !connections.add(bytes, at: offset, to: place) { fits = false }
        }
      } catch {
        problem = error.reason
      }
    }
    guard connections.isComplete(place) else {
      // It is counted when it is given up, which happens here if it is longer than is read.
      if !fits || problem != nil { connections.abandon(place) }
      return nil
    }
    let last = connections[place].mark
    guard let finding = connections.finish(place, { hello in body(hello, last) }) else {
      return problem
    }
    connections[place].mark = finding.mark
    return finding.problem ?? problem
  }
}
