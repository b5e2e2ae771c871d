/// Addresses and prefixes from and to text.
enum AddressText {
  /// Reads `192.0.2.1`, `192.0.2.0/24`, `2001:db8::1` or `2001:db8::/32`; nil for anything else.
  static func prefix(_ text: ArraySlice<UInt8>) -> AddressPrefix? {
    let slash = text.firstIndex(of: UInt8(ascii: "/"))
    let addressText = slash.map { text[..<$0] } ?? text
    let isIPv6 = addressText.contains(UInt8(ascii: ":"))
    let parsed = isIPv6 ? parseIPv6(addressText) : parseIPv4(addressText).map { UInt128($0) }
    guard let address = parsed else { return nil }
    let family: AddressPrefix.Family = isIPv6 ? .ipv6 : .ipv4
    var length = family.bits
    if let slash {
      guard let given = number(text[(slash + 1)...], radix: 10, digitsMax: 3), given <= family.bits
      else { return nil }
      length = given
    }
    return AddressPrefix(family: family, address: address, length: length)
  }

  /// Dotted decimal text.
  static func ipv4(_ address: UInt32) -> String {
    "\(address >> 24).\(address >> 16 & 255).\(address >> 8 & 255).\(address & 255)"
  }

  /// RFC 5952 text: lower case, the longest run of two or more zero groups as `::`.
  static func ipv6(_ address: UInt128) -> String {
    let groups = (0..<8).map { UInt16(truncatingIfNeeded: address >> UInt128(112 - 16 * $0)) }
    var best = 0..<0
    var start = 0
    while start < 8 {
      var end = start
      while end < 8, groups[end] == 0 { end += 1 }
      if end - start > max(best.count, 1) { best = start..<end }
      start = max(end, start + 1)
    }
    let text = { (part: ArraySlice<UInt16>) in
      part.map { String($0, radix: 16) }.joined(separator: ":")
    }
    if best.isEmpty { return text(groups[...]) }
    return text(groups[..<best.lowerBound]) + "::" + text(groups[best.upperBound...])
  }

  static func parseIPv4(_ text: ArraySlice<UInt8>) -> UInt32? {
    let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var address: UInt32 = 0
    for part in parts {
      guard let value = number(part, radix: 10, digitsMax: 3), value < 256 else { return nil }
      address = address << 8 | UInt32(value)
    }
    return address
  }

  static func parseIPv6(_ text: ArraySlice<UInt8>) -> UInt128? {
    let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard (3...9).contains(parts.count), !parts[0].isEmpty || parts[1].isEmpty,
      !parts[parts.count - 1].isEmpty || parts[parts.count - 2].isEmpty
    else { return nil }
    // "::" shows as an empty part inside, or as two at an end.
    var groups: [Int?] = parts.map { $0.isEmpty ? nil : number($0, radix: 16, digitsMax: 4) ?? -1 }
    if groups[0] == nil, groups[1] == nil { groups.removeFirst() }
    if groups.count > 1, groups[groups.count - 1] == nil, groups[groups.count - 2] == nil {
      groups.removeLast()
    }
    let gaps = groups.filter { $0 == nil }.count
    guard gaps <= 1, gaps == 1 ? groups.count <= 8 : groups.count == 8 else { return nil }
    var address: UInt128 = 0
    for group in groups {
      guard let value = group else {
        address <<= UInt128(16 * (9 - groups.count))
        continue
      }
      guard value >= 0 else { return nil }
      address = address << 16 | UInt128(value)
    }
    return address
  }

  private static func number(_ text: ArraySlice<UInt8>, radix: Int, digitsMax: Int) -> Int? {
    guard (1...digitsMax).contains(text.count) else { return nil }
    var value = 0
    for byte in text {
      guard let digit = Character(UnicodeScalar(byte)).hexDigitValue, digit < radix else {
        return nil
      }
      value = value * radix + digit
    }
    return value
  }
}
