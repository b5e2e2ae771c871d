/// TCP flags.
struct TCPFlags: OptionSet, Sendable {
  let rawValue: UInt8
  static let fin = TCPFlags(rawValue: 1)
  static let syn = TCPFlags(rawValue: 2)
  static let reset = TCPFlags(rawValue: 4)
  static let push = TCPFlags(rawValue: 8)
  static let acknowledge = TCPFlags(rawValue: 16)
}

/// One packet of a session.
struct Step: Sendable {
  let isFromClient: Bool
  let flags: TCPFlags
  /// Whether it carries the next payload of its direction.
  let carriesPayload: Bool
  /// The pause before it, in 64ths of a round trip.
  let pause: UInt64
}

/// The protocol above IP.
enum Transport: Sendable {
  case tcp
  case udp
  case icmp
}

/// Where the payloads of one direction come from.
enum PayloadSource: Sendable {
  case none
  /// The messages that hold the session's name.
  case httpRequest
  case tlsClient
  case dnsQuery
  case dnsAnswer
  case dnsNoName
  /// Content made for the shape, of payloads of these lengths.
  case content(Content, lengths: [Int])

  /// Whether it holds a name.
  var saysName: Bool {
    switch self {
    case .httpRequest, .tlsClient, .dnsQuery: true
    case .none, .dnsAnswer, .dnsNoName, .content: false
    }
  }
}

/// What a session looks like, packet by packet.
struct SessionShape: Sendable {
  let transport: Transport
  let serverPort: UInt16
  let client: PayloadSource
  let server: PayloadSource
  let steps: [Step]

  /// Lengths of the records that a TLS client may send after its hello.
  static let clientRecords = [90, 210, 330]

  /// A TCP connection from handshake to teardown.
  ///
  /// `later` is how many further payloads the client sends after the server is done.
  static func tcp(
    port: UInt16, client: PayloadSource, server: PayloadSource, later: Int = 0
  ) -> SessionShape {
    var steps = StepList()
    steps.add(fromClient: true, .syn, pause: 0)
    steps.add(fromClient: false, [.syn, .acknowledge], pause: 32)
    steps.add(fromClient: true, .acknowledge, pause: 32)
    if client.saysName {
      steps.add(fromClient: true, [.push, .acknowledge], carries: true, pause: 1)
      steps.add(fromClient: false, .acknowledge, pause: 32)
    }
    if case .content(_, let lengths) = server {
      for index in lengths.indices {
        let isLast = index == lengths.count - 1
        let flags: TCPFlags = isLast ? [.push, .acknowledge] : .acknowledge
        steps.add(fromClient: false, flags, carries: true, pause: index == 0 ? 8 : 1)
        if isLast || index % 2 == 1 { steps.add(fromClient: true, .acknowledge, pause: 32) }
      }
    }
    for _ in 0..<later {
      steps.add(fromClient: true, [.push, .acknowledge], carries: true, pause: 16)
      steps.add(fromClient: false, .acknowledge, pause: 32)
    }
    steps.add(fromClient: true, [.fin, .acknowledge], pause: 2)
    steps.add(fromClient: false, [.fin, .acknowledge], pause: 32)
    steps.add(fromClient: true, .acknowledge, pause: 32)
    return SessionShape(
      transport: .tcp, serverPort: port, client: client, server: server, steps: steps.steps)
  }

  /// A connection that is refused.
  static let refused = SessionShape(
    transport: .tcp, serverPort: 8443, client: .none, server: .none,
    steps: [
      Step(isFromClient: true, flags: .syn, carriesPayload: false, pause: 0),
      Step(isFromClient: false, flags: [.reset, .acknowledge], carriesPayload: false, pause: 32),
    ])

  /// Messages without connection, in the order given; true is from the client.
  static func messages(
    _ transport: Transport, port: UInt16, client: PayloadSource, server: PayloadSource,
    order: [Bool] = [true, false], pause: UInt64 = 32
  ) -> SessionShape {
    let steps = order.enumerated().map { index, isFromClient in
      Step(
        isFromClient: isFromClient, flags: [], carriesPayload: true, pause: index == 0 ? 0 : pause)
    }
    return SessionShape(
      transport: transport, serverPort: port, client: client, server: server, steps: steps)
  }
}

private struct StepList {
  var steps: [Step] = []

  mutating func add(
    fromClient: Bool, _ flags: TCPFlags, carries: Bool = false, pause: UInt64
  ) {
    steps.append(
      Step(isFromClient: fromClient, flags: flags, carriesPayload: carries, pause: pause))
  }
}
