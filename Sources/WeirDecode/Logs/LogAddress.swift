public import WeirModel

/// Addresses in lines.
///
/// The rules: an IPv4 address is four decimal octets without leading zeros that begin a word and end it, or stand
/// before a dot with no letter or digit behind; so the parts of versions and host names, which have letters, digits,
/// `-` or `_` beside them, are none. An IPv6 address is a whole wide word, but for a dot or colon at its end; so
/// times and MAC addresses are none.
public enum LogAddress {
  /// The IPv4 address that a word begins with, and where it ends.
  @inline(__always)
  public static func quad(_ text: Span<UInt8>, _ word: Range<Int>) -> (bits: UInt32, end: Int)? {
    var at = word.lowerBound
    var bits: UInt32 = 0
    for part in 0..<4 {
      if part > 0 {
        guard at < word.upperBound, text[at] == UInt8(ascii: ".") else { return nil }
        at += 1
      }
      let first = at
      var octet: UInt32 = 0
      while at < word.upperBound, at - first < 4 {
        let digit = text[at] &- UInt8(ascii: "0")
        guard digit < 10 else { break }
        octet = octet &* 10 &+ UInt32(digit)
        at += 1
      }
      guard at > first, octet <= 255 else { return nil }
      guard text[first] != UInt8(ascii: "0") || at == first + 1 else { return nil }
      bits = bits << 8 | octet
    }
    guard at < word.upperBound else { return (bits, at) }
    guard text[at] == UInt8(ascii: "."),
      at + 1 == word.upperBound || !LogByte.isAlphanumeric(text[at + 1])
    else { return nil }
    return (bits, at)
  }

  /// The IPv6 address that a wide word is, and where it ends.
  public static func wide(_ text: Span<UInt8>, _ word: Range<Int>) -> (IPAddress, end: Int)? {
    guard word.count >= 2, word.count < LogTokenizer.wideBytesMax else { return nil }
    // Behind a colon it is the rest of a word that was too long at once.
    if word.lowerBound > 0, text[word.lowerBound - 1] == UInt8(ascii: ":") { return nil }
    if let address = whole(text, word) { return (address, word.upperBound) }
    let last = text[word.upperBound - 1]
    guard last == UInt8(ascii: ":") || last == UInt8(ascii: ".") else { return nil }
    let shorter = word.lowerBound..<word.upperBound - 1
    return whole(text, shorter).map { ($0, shorter.upperBound) }
  }

  /// The port behind an address that ends at `end`: after a colon, also behind a closing bracket, or after `#`.
  public static func port(_ text: Span<UInt8>, at end: Int) -> (port: UInt16, end: Int)? {
    var at = end
    if at < text.count, text[at] == UInt8(ascii: "]") { at += 1 }
    guard at < text.count, text[at] == UInt8(ascii: ":") || text[at] == UInt8(ascii: "#") else {
      return nil
    }
    at += 1
    let first = at
    var port = 0
    while at < text.count, at - first < 6, LogByte.isDigit(text[at]) {
      port = port * 10 + Int(text[at] - UInt8(ascii: "0"))
      at += 1
    }
    guard at > first, (1...65_535).contains(port) else { return nil }
    if at < text.count, LogByte.isLabel(text[at]) { return nil }
    return (UInt16(port), at)
  }

  private static func whole(_ text: Span<UInt8>, _ word: Range<Int>) -> IPAddress? {
    guard let address = IPAddress(parsing: text.extracting(word)), address.family == .v6 else {
      return nil
    }
    return address
  }
}
