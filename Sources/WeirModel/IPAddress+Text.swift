extension IPAddress: CustomStringConvertible {
  /// Dotted quad for IPv4; the form of RFC 5952 for IPv6.
  public var description: String {
    var bytes: [UInt8] = []
    appendText(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the canonical text as ASCII bytes, at most 45 of them.
  public func appendText(to bytes: inout [UInt8]) {
    switch family {
    case .v4: appendDottedQuad(v4Bits, to: &bytes)
    case .v6: appendGroups(to: &bytes)
    }
  }

  /// The eight 16-bit groups; the longest run of two or more zero groups, the first of equals,
  /// becomes `::`.
  ///
  /// An IPv4-mapped address keeps its quad, as RFC 5952 section 5 recommends.
  private func appendGroups(to bytes: inout [UInt8]) {
    if high == 0, low >> 32 == 0xffff {
      bytes.append(contentsOf: "::ffff:".utf8)
      return appendDottedQuad(UInt32(truncatingIfNeeded: low), to: &bytes)
    }
    let zeros = longestZeroRun()
    var index = 0
    while index < 8 {
      if index == zeros.start {
        bytes.append(contentsOf: "::".utf8)
        index += zeros.count
        continue
      }
      if index > 0, index != zeros.start + zeros.count { bytes.append(UInt8(ascii: ":")) }
      appendHexadecimal(group(index), to: &bytes)
      index += 1
    }
  }

  private func group(_ index: Int) -> UInt16 {
    UInt16(truncatingIfNeeded: (index < 4 ? high : low) >> UInt64(48 - index % 4 * 16))
  }

  private func longestZeroRun() -> (start: Int, count: Int) {
    var best = (start: -1, count: 1)
    var index = 0
    while index < 8 {
      var end = index
      while end < 8, group(end) == 0 { end += 1 }
      if end - index > best.count { best = (index, end - index) }
      index = max(end, index + 1)
    }
    return best.start < 0 ? (-1, 0) : best
  }

  private func appendHexadecimal(_ value: UInt16, to bytes: inout [UInt8]) {
    var started = false
    for shift in [12, 8, 4, 0] {
      let digit = UInt8(truncatingIfNeeded: value >> UInt16(shift)) & 0xf
      guard started || digit != 0 || shift == 0 else { continue }
      started = true
      bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    }
  }
}

/// Appends `a.b.c.d`.
private func appendDottedQuad(_ bits: UInt32, to bytes: inout [UInt8]) {
  for shift in [24, 16, 8, 0] {
    let octet = UInt8(truncatingIfNeeded: bits >> UInt32(shift))
    if octet >= 100 { bytes.append(UInt8(ascii: "0") + octet / 100) }
    if octet >= 10 { bytes.append(UInt8(ascii: "0") + octet / 10 % 10) }
    bytes.append(UInt8(ascii: "0") + octet % 10)
    if shift > 0 { bytes.append(UInt8(ascii: ".")) }
  }
}
