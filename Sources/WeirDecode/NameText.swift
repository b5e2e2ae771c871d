/// Names as people read them.
public enum NameText {
  /// A canonical name with the escapes of zone files (RFC 1035, section 5.1): what is not printable as `\DDD`,
  /// a dot inside a label as `\.`; the root as one dot.
  public static func printable(_ name: Span<UInt8>) -> [UInt8] {
    if name.isEmpty { return [UInt8(ascii: ".")] }
    var text: [UInt8] = []
    text.reserveCapacity(name.count)
    for index in 0..<name.count {
      let byte = name[index]
      if byte == NameBuffer.dotInLabel {
        text.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: ".")])
      } else if byte > 0x20, byte < 0x7f, byte != UInt8(ascii: "\\") {
        text.append(byte)
      } else {
        text.append(UInt8(ascii: "\\"))
        text.append(UInt8(ascii: "0") + byte / 100)
        text.append(UInt8(ascii: "0") + byte / 10 % 10)
        text.append(UInt8(ascii: "0") + byte % 10)
      }
    }
    return text
  }
}
