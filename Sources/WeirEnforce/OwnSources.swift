public import WeirModel

/// Addresses on which the operator depends, as the system's own tables say: no feed may block them.
public enum OwnSources {
  /// The gateways in `/proc/net/route`: addresses of four bytes in host order, in hexadecimal.
  public static func gateways(routes text: String) -> [IPAddress] {
    fields(text).compactMap { fields in
      guard fields.count > 2, fields[2].count == 8, let bits = UInt32(fields[2], radix: 16),
        bits != 0
      else { return nil }
      return IPAddress(v4: bits.byteSwapped)
    }
  }

  /// The gateways in `/proc/net/ipv6_route`.
  public static func gateways(routes6 text: String) -> [IPAddress] {
    fields(text).compactMap { fields in
      guard fields.count > 4, fields[4].count == 32,
        let high = UInt64(fields[4].prefix(16), radix: 16),
        let low = UInt64(fields[4].suffix(16), radix: 16), high | low != 0
      else { return nil }
      return IPAddress(v6High: high, low: low)
    }
  }

  /// The name servers in `/etc/resolv.conf`.
  public static func resolvers(configuration text: String) -> [IPAddress] {
    fields(text).compactMap { fields in
      guard fields.count > 1, fields[0] == "nameserver" else { return nil }
      return IPAddress(String(fields[1].prefix { $0 != "%" }))
    }
  }

  /// The other ends of established connections to a local port, in `/proc/net/tcp` or `/proc/net/tcp6`.
  public static func peers(connections text: String, localPort: UInt16) -> [IPAddress] {
    fields(text).compactMap { fields in
      guard fields.count > 3, fields[3] == "01",
        fields[1].split(separator: ":").last.flatMap({ UInt16($0, radix: 16) }) == localPort,
        let peer = fields[2].split(separator: ":").first
      else { return nil }
      return address(words: peer)
    }
  }

  /// An address as the kernel prints it: words of four bytes in host order; one that is IPv4 within IPv6 is IPv4.
  private static func address(words text: Substring) -> IPAddress? {
    let digits = Array(text)
    guard digits.count == 8 || digits.count == 32 else { return nil }
    var words: [UInt32] = []
    for start in stride(from: 0, to: digits.count, by: 8) {
      guard let word = UInt32(String(digits[start..<start + 8]), radix: 16) else { return nil }
      words.append(word.byteSwapped)
    }
    guard words.count == 4 else { return IPAddress(v4: words[0]) }
    if words[0] == 0, words[1] == 0, words[2] == 0xffff { return IPAddress(v4: words[3]) }
    return IPAddress(
      v6High: UInt64(words[0]) << 32 | UInt64(words[1]),
      low: UInt64(words[2]) << 32 | UInt64(words[3]))
  }

  private static func fields(_ text: String) -> [[Substring]] {
    text.split(separator: "\n").map { $0.split { $0 == " " || $0 == "\t" } }
  }
}
