/// Writes netlink messages (RFC 3549; linux/netlink.h) one behind the other.
///
/// Lengths and types are in host order, which is little-endian on all machines that Weir is built for; values of
/// nftables are in network order.
struct NetlinkWriter {
  /// What was written.
  private(set) var bytes: [UInt8] = []

  private static let nested: UInt16 = 0x8000

  /// Forgets everything but keeps the memory.
  mutating func clear() { bytes.removeAll(keepingCapacity: true) }

  /// Writes a message of netfilter (linux/netfilter/nfnetlink.h).
  mutating func message(
    type: UInt16, flags: UInt16, sequence: UInt32, family: UInt8, resource: UInt16 = 0,
    _ body: (inout NetlinkWriter) -> Void
  ) {
    let start = bytes.count
    append(UInt32(0))
    append(type)
    append(flags)
    append(sequence)
    append(UInt32(0))
    bytes += [family, 0]
    append(resource.bigEndian)
    body(&self)
    patch(UInt32(bytes.count - start), at: start)
  }

  /// Sets a flag of the message that begins at `start`.
  mutating func addFlag(_ flag: UInt16, toMessageAt start: Int) {
    bytes[start + 6] |= UInt8(truncatingIfNeeded: flag)
    bytes[start + 7] |= UInt8(truncatingIfNeeded: flag >> 8)
  }

  /// Writes an attribute that holds others.
  mutating func nest(_ type: UInt16, _ body: (inout NetlinkWriter) -> Void) {
    let start = bytes.count
    append(UInt16(0))
    append(type | NetlinkWriter.nested)
    body(&self)
    close(start)
  }

  /// Writes an attribute of bytes.
  mutating func add(_ type: UInt16, bytes value: some Collection<UInt8>) {
    let start = bytes.count
    append(UInt16(0))
    append(type)
    bytes += value
    close(start)
  }

  /// Writes an attribute of text, with the zero byte that ends it.
  mutating func add(_ type: UInt16, _ text: String) {
    add(type, bytes: Array(text.utf8) + [0])
  }

  /// Writes an attribute of a number in network order.
  mutating func add(_ type: UInt16, _ number: some FixedWidthInteger & UnsignedInteger) {
    let start = bytes.count
    append(UInt16(0))
    append(type)
    append(number.bigEndian)
    close(start)
  }

  /// Appends a number as it lies in memory.
  private mutating func append(_ number: some FixedWidthInteger) {
    for shift in stride(from: 0, to: number.bitWidth, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: number >> shift))
    }
  }

  private mutating func patch(_ length: UInt32, at start: Int) {
    for index in 0..<4 { bytes[start + index] = UInt8(truncatingIfNeeded: length >> (8 * index)) }
  }

  /// Writes the length of the attribute that begins at `start`, and pads to four bytes.
  private mutating func close(_ start: Int) {
    let length = bytes.count - start
    precondition(length <= UInt16.max, "an attribute has at most 65,535 bytes")
    bytes[start] = UInt8(truncatingIfNeeded: length)
    bytes[start + 1] = UInt8(truncatingIfNeeded: length >> 8)
    while bytes.count % 4 != 0 { bytes.append(0) }
  }
}
