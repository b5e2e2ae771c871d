extension IPAddress {
  /// Reads an address that fills `text` exactly.
  ///
  /// IPv4 is four decimal octets without leading zeros (RFC 6943, section 3.1.1: `010` is octal to some and
  /// decimal to others, so it is refused). IPv6 is RFC 4291 section 2.2, with `::` and an embedded quad;
  /// zone identifiers are refused, since they mean nothing outside their host.
  ///
  /// - Complexity: O(n); at most 45 bytes are looked at.
  public init?(parsing text: Span<UInt8>) {
    guard text.count >= 2, text.count <= 45 else { return nil }
    if let bits = parseDottedQuad(text, from: 0) {
      self.init(v4: bits)
      return
    }
    guard let groups = IPv6Groups(parsing: text) else { return nil }
    self.init(v6High: groups.high, low: groups.low)
  }

  /// Reads an address from a string; nil when it is not one.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    self.init(parsing: bytes.span)
  }
}

/// Four decimal octets from `start` to the end of the text, or nil.
private func parseDottedQuad(_ text: Span<UInt8>, from start: Int) -> UInt32? {
  var bits: UInt32 = 0
  var octet: UInt32 = 0
  var digits = 0
  var dots = 0
  for index in start..<text.count {
    let byte = text[index]
    if byte == UInt8(ascii: ".") {
      guard digits > 0, dots < 3 else { return nil }
      bits = bits << 8 | octet
      (octet, digits, dots) = (0, 0, dots + 1)
      continue
    }
    guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
    guard digits == 0 || octet != 0 else { return nil }
    octet = octet * 10 + UInt32(byte - UInt8(ascii: "0"))
    digits += 1
    guard octet <= 255 else { return nil }
  }
  return dots == 3 && digits > 0 ? bits << 8 | octet : nil
}

/// The eight groups of an IPv6 address while it is read from left to right.
private struct IPv6Groups {
  private(set) var high: UInt64 = 0
  private(set) var low: UInt64 = 0
  private var count = 0
  /// How many groups stand before `::`, or -1.
  private var gap = -1

  init?(parsing text: Span<UInt8>) {
    var index = 0
    if text[0] == UInt8(ascii: ":") {
      guard text.count >= 2, text[1] == UInt8(ascii: ":") else { return nil }
      gap = 0
      index = 2
    }
    while index < text.count {
      guard let next = readGroup(text, at: index) else { return nil }
      index = next
    }
    guard close() else { return nil }
  }

  /// Reads a group, or the quad at the end, and the colons behind it; the index of what follows.
  private mutating func readGroup(_ text: Span<UInt8>, at start: Int) -> Int? {
    var index = start
    var value: UInt64 = 0
    while index < text.count, index - start < 4, let digit = hexadecimalDigit(text[index]) {
      value = value << 4 | UInt64(digit)
      index += 1
    }
    guard index > start else { return nil }
    if index < text.count, text[index] == UInt8(ascii: ".") {
      guard let quad = parseDottedQuad(text, from: start) else { return nil }
      guard append(UInt64(quad >> 16)), append(UInt64(quad & 0xffff)) else { return nil }
      return text.count
    }
    guard append(value) else { return nil }
    guard index < text.count else { return index }
    guard text[index] == UInt8(ascii: ":") else { return nil }
    index += 1
    guard index < text.count else { return nil }
    guard text[index] == UInt8(ascii: ":") else { return index }
    guard gap < 0 else { return nil }
    gap = count
    return index + 1
  }

  private mutating func append(_ group: UInt64) -> Bool {
    guard count < 8 else { return false }
    high = high << 16 | low >> 48
    low = low << 16 | group
    count += 1
    return true
  }

  /// Widens `::` to the zero groups it stands for; false when the groups do not make an address.
  private mutating func close() -> Bool {
    guard gap >= 0 else { return count == 8 }
    guard count < 8 else { return false }
    let behind = count - gap
    let missing = 8 - count
    // The groups read so far stand right-aligned: those before the gap move left by the missing ones.
    let mask = Mask128(lowGroups: behind)
    let tail = (high: high & mask.high, low: low & mask.low)
    var head = (high: high & ~mask.high, low: low & ~mask.low)
    for _ in 0..<missing {
      head = (head.high << 16 | head.low >> 48, head.low << 16)
    }
    high = head.high | tail.high
    low = head.low | tail.low
    return true
  }
}

/// A mask of the lowest 16-bit groups of 128 bits.
private struct Mask128 {
  let high: UInt64
  let low: UInt64

  init(lowGroups groups: Int) {
    low = groups >= 4 ? .max : groups <= 0 ? 0 : (1 << UInt64(groups * 16)) - 1
    high = groups >= 8 ? .max : groups <= 4 ? 0 : (1 << UInt64((groups - 4) * 16)) - 1
  }
}

/// The value of an ASCII hexadecimal digit, or nil.
@inlinable public func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
  default: nil
  }
}
