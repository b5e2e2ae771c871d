public import WeirModel

/// Proof that a block blocks: a packet from an address that is in the blocked sets and that nobody else has.
///
/// It goes to a socket of our own over the loopback interface. A packet that is not blocked goes the same way first;
/// unless that one arrives, the other's absence says nothing.
public enum Canary {
  /// What became of a canary.
  public enum Outcome: String, Sendable {
    /// It was held back.
    case blocked
    /// It came through.
    case passed
    /// It could not be tried: the loopback interface is down, or packet sockets are not allowed.
    case untried
  }

  /// What became of all of them, by hook and family.
  public struct Report: Equatable, Sendable {
    /// By family, packets that come in.
    public var prerouting: [IPAddress.Family: Outcome] = [:]
    /// By family, packets that the machine itself sends.
    public var output: [IPAddress.Family: Outcome] = [:]

    /// Whether one came through.
    public var hasPassed: Bool {
      prerouting.values.contains(.passed) || output.values.contains(.passed)
    }
  }

  /// The canary's address: of the network for measurements (RFC 2544) and of the prefix that is only for discarding
  /// (RFC 6666), neither of which has hosts.
  public static func address(_ family: IPAddress.Family) -> IPAddress {
    switch family {
    case .v4: IPAddress(v4: 0xc612_5649)
    case .v6: IPAddress(v6High: 0x0100 << 48, low: 0x5745_4952)
    }
  }

  /// Where the packet comes from that nothing blocks.
  static func plainAddress(_ family: IPAddress.Family) -> IPAddress {
    let canary = address(family)
    return family == .v4
      ? IPAddress(v4: canary.v4Bits - 1) : IPAddress(v6High: canary.high, low: canary.low - 1)
  }

  /// Sends one canary for each family and hook.
  public static func release() -> Report {
    var report = Report()
    for family in [IPAddress.Family.v4, .v6] {
      guard let nest = CanarySockets(family) else {
        report.prerouting[family] = .untried
        report.output[family] = .untried
        continue
      }
      report.prerouting[family] = nest.tryPrerouting()
      report.output[family] = nest.tryOutput()
    }
    return report
  }

  /// A datagram of UDP in its packet, with its checksums.
  static func packet(from source: IPAddress, to destination: IPAddress, port: UInt16) -> [UInt8] {
    let text = Array("weir".utf8)
    let length = UInt16(8 + text.count)
    var datagram = bytes(UInt16(9)) + bytes(port) + bytes(length) + [0, 0] + text
    let pseudo =
      bytes(of: source) + bytes(of: destination) + bytes(UInt32(length)) + bytes(UInt32(17))
    let sum = checksum(pseudo + datagram)
    datagram.replaceSubrange(6..<8, with: bytes(sum == 0 ? 0xffff : sum))
    guard source.family == .v4 else {
      return [0x60, 0, 0, 0] + bytes(length) + [17, 64] + bytes(of: source)
        + bytes(of: destination) + datagram
    }
    var header: [UInt8] = [0x45, 0] + bytes(20 + length) + [0, 0, 0x40, 0, 64, 17, 0, 0]
    header += bytes(of: source) + bytes(of: destination)
    header.replaceSubrange(10..<12, with: bytes(checksum(header)))
    return header + datagram
  }

  /// The Internet checksum (RFC 1071).
  static func checksum(_ bytes: [UInt8]) -> UInt16 {
    var sum: UInt32 = 0
    for index in stride(from: 0, to: bytes.count, by: 2) {
      let low = index + 1 < bytes.count ? bytes[index + 1] : 0
      sum += UInt32(bytes[index]) << 8 | UInt32(low)
    }
    while sum > 0xffff { sum = sum >> 16 + sum & 0xffff }
    return ~UInt16(sum)
  }

  /// The bytes of an address in network order.
  static func bytes(of address: IPAddress) -> [UInt8] {
    address.family == .v4 ? bytes(address.v4Bits) : bytes(address.high) + bytes(address.low)
  }

  private static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
    stride(from: number.bitWidth - 8, through: 0, by: -8).map {
      UInt8(truncatingIfNeeded: number >> $0)
    }
  }
}
