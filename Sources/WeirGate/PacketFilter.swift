import WeirModel

/// A libpcap filter expression: which packets are judged at all.
///
/// It is compiled for each link type when the first packet of that type comes.
public struct PacketFilter: Equatable, Sendable {
  /// The expression, as in pcap-filter(7).
  public let expression: String

  /// Takes an expression that compiles for Ethernet.
  ///
  /// Names in it (hosts, ports, protocols) are looked up as the system is configured, which may wait for a server.
  ///
  /// - Throws: `PacketFilterError` with libpcap's message.
  public init(expression: String) throws(PacketFilterError) {
    self.expression = expression
    var programs = FilterPrograms()
    if let message = programs.fault(programs.index(of: .ethernet, expression: expression)) {
      throw PacketFilterError(message: message)
    }
  }
}

/// Why an expression is no filter.
public struct PacketFilterError: Error, Equatable, Sendable {
  /// libpcap's message.
  public var message: String

  /// Makes an error.
  public init(message: String) { self.message = message }
}
