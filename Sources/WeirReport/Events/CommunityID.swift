import WeirCrypto
import WeirDecode
import WeirModel

/// The flow hash that Zeek, Suricata and others agree on (Community ID version 1, github.com/corelight/
/// community-id-spec): the lower end first, hashed with SHA-1.
public enum CommunityID {
  /// The identifier of the flow of a TCP or UDP packet, with seed 0; nil for others.
  public static func make(_ observation: Observation) -> String? {
    guard observation.payloadStart > 0 else { return nil }
    let source = end(observation.source, observation.sourcePort)
    let destination = end(observation.destination, observation.destinationPort)
    let sourceIsLower = !destination.lexicographicallyPrecedes(source)
    let (low, high) = sourceIsLower ? (source, destination) : (destination, source)
    let addressBytes = low.count - 2
    var text: [UInt8] = [0, 0]
    text += low[..<addressBytes]
    text += high[..<addressBytes]
    text += [observation.transport.rawValue, 0]
    text += low[addressBytes...]
    text += high[addressBytes...]
    return "1:" + base64(SHA1.digest(text))
  }

  /// Address and port in network order.
  private static func end(_ address: IPAddress, _ port: UInt16) -> [UInt8] {
    var bytes: [UInt8] = []
    if address.family == .v6 {
      for shift in stride(from: 56, through: 0, by: -8) {
        bytes.append(UInt8(truncatingIfNeeded: address.high >> UInt64(shift)))
      }
    }
    for shift in stride(from: address.family == .v6 ? 56 : 24, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: address.low >> UInt64(shift)))
    }
    return bytes + [UInt8(port >> 8), UInt8(port & 255)]
  }

  /// RFC 4648 with padding.
  private static func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let word = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
      for digit in 0..<4 {
        let isPadding = digit > group.count
        text.append(isPadding ? UInt8(ascii: "=") : alphabet[word >> (18 - 6 * digit) & 63])
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
