/// A buffer of fixed size that header fields are written to, one after the other.
struct ByteSink {
  private var bytes: [UInt8]
  private(set) var count = 0

  init(capacity: Int) {
    bytes = [UInt8](repeating: 0, count: capacity)
  }

  /// Moves everything written so far to the end of `file`.
  mutating func move(to file: borrowing CaptureFile) throws(CaptureError) {
    try file.write(bytes.span.extracting(0..<count))
    count = 0
  }

  mutating func put(_ value: UInt8) {
    bytes[count] = value
    count += 1
  }

  /// Network order.
  mutating func put(_ value: UInt16) {
    put(UInt8(truncatingIfNeeded: value >> 8))
    put(UInt8(truncatingIfNeeded: value))
  }

  /// Network order.
  mutating func put(_ value: UInt32) {
    put(UInt16(truncatingIfNeeded: value >> 16))
    put(UInt16(truncatingIfNeeded: value))
  }

  /// Little-endian, as this capture file's own fields are.
  mutating func putLittle(_ value: UInt32) { put(value.byteSwapped) }

  /// The low 48 bits, in network order.
  mutating func put(hardware: UInt64) {
    put(UInt16(truncatingIfNeeded: hardware >> 32))
    put(UInt32(truncatingIfNeeded: hardware))
  }

  mutating func put(_ family: AddressPrefix.Family, address: UInt128) {
    for shift in stride(from: family.bits - 32, through: 0, by: -32) {
      put(UInt32(truncatingIfNeeded: address >> UInt128(shift)))
    }
  }

  mutating func put(_ source: Span<UInt8>) {
    let offset = count
    var target = bytes.mutableSpan
    copyBytes(source, to: &target, at: offset)
    count += source.count
  }
}
