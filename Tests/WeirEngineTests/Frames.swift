import WeirModel

/// Frames made for a test: raw IPv4, checksums left out, since nothing here reads them.
enum Frames {
  static func big16(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 255), UInt8(value & 255)] }

  static func big32(_ value: Int) -> [UInt8] { big16(value >> 16) + big16(value) }

  static func ipv4(
    _ source: String, _ destination: String, transport: UInt8, _ payload: [UInt8]
  ) -> [UInt8] {
    [0x45, 0] + big16(20 + payload.count) + [0, 0, 0, 0, 64, transport, 0, 0] + octets(source)
      + octets(destination) + payload
  }

  static func tcp(
    _ source: String, _ destination: String, ports: (Int, Int) = (40_000, 80), flags: UInt8 = 0x10,
    sequence: Int? = nil, acknowledgment: Int = 0, _ text: String = ""
  ) -> [UInt8] {
    ipv4(
      source, destination, transport: 6,
      big16(ports.0) + big16(ports.1) + big32(sequence ?? (flags & 2 == 0 ? 1 : 0))
        + big32(acknowledgment) + [0x50, flags, 0, 0, 0, 0, 0, 0] + Array(text.utf8))
  }

  static func udp(
    _ source: String, _ destination: String, ports: (Int, Int), _ payload: [UInt8]
  ) -> [UInt8] {
    ipv4(
      source, destination, transport: 17,
      big16(ports.0) + big16(ports.1) + big16(8 + payload.count) + [0, 0] + payload)
  }

  static func query(
    _ name: String, from source: String = "192.0.2.10", to resolver: String = "198.51.100.53"
  ) -> [UInt8] {
    let message: [UInt8] = [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0] + question(name)
    return udp(source, resolver, ports: (40_000, 53), message)
  }

  /// A response with one address record.
  static func answer(_ name: String, _ address: [UInt8]) -> [UInt8] {
    let message: [UInt8] =
      [0, 1, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0] + question(name)
      + [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4] + address
    return udp("198.51.100.53", "192.0.2.10", ports: (53, 40_000), message)
  }

  private static func question(_ name: String) -> [UInt8] {
    let labels = name.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
    return labels + [0, 0, 1, 0, 1]
  }

  static func echo(_ source: String, _ destination: String) -> [UInt8] {
    ipv4(source, destination, transport: 1, [8, 0, 0, 0, 0, 1, 0, 1])
  }

  static func request(host: String) -> String { "GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n" }

  private static func octets(_ text: String) -> [UInt8] {
    text.split(separator: ".").map { UInt8($0) ?? 0 }
  }
}
