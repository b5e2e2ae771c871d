import WeirModel

/// One packet as a test writes and expects it.
struct Packet: Equatable {
  var bytes: [UInt8]
  var wireLength: UInt32
  var nanoseconds: Int64
  var link: LinkType = .ethernet
  var interface: UInt16 = 0

  /// Packets whose lengths and times differ; times are whole microseconds.
  static func samples(_ count: Int) -> [Packet] {
    (0..<count).map { number in
      let bytes = (0..<(number * 7) % 60).map { UInt8(truncatingIfNeeded: $0 * 5 + number) }
      return Packet(
        bytes: bytes, wireLength: UInt32(bytes.count + number % 3),
        nanoseconds: 1_700_000_000_000_000_000 + Int64(number) * 1_234_567_000)
    }
  }
}

/// Bytes with integers of either order.
struct ByteWriter {
  var bytes: [UInt8] = []
  var isBig: Bool

  mutating func put<Value: FixedWidthInteger>(_ value: Value) {
    let width = Value.bitWidth / 8
    for position in 0..<width {
      let shift = 8 * (isBig ? width - 1 - position : position)
      bytes.append(UInt8(truncatingIfNeeded: value >> Value(shift)))
    }
  }

  mutating func putPadded(_ more: [UInt8]) {
    bytes += more
    while bytes.count % 4 != 0 { bytes.append(0) }
  }
}

/// The variants of pcap files.
enum PcapVariant: UInt32, CaseIterable {
  case microseconds = 0xa1b2_c3d4
  case nanoseconds = 0xa1b2_3c4d
  case modified = 0xa1b2_cd34

  /// A file of `packets`; also where each record ends, the end of the file header first.
  func file(
    _ packets: [Packet], isBig: Bool, linkField: UInt32 = 1
  ) -> (bytes: [UInt8], ends: [Int]) {
    var writer = ByteWriter(isBig: isBig)
    writer.put(rawValue)
    writer.put(UInt16(2))
    writer.put(UInt16(4))
    writer.put(UInt64(0))
    writer.put(UInt32(65_535))
    writer.put(linkField)
    var ends = [writer.bytes.count]
    for packet in packets {
      let fraction = packet.nanoseconds % 1_000_000_000
      writer.put(UInt32(packet.nanoseconds / 1_000_000_000))
      writer.put(UInt32(self == .nanoseconds ? fraction : fraction / 1000))
      writer.put(UInt32(packet.bytes.count))
      writer.put(packet.wireLength)
      if self == .modified { writer.put(UInt64(0x0102_0304_0506_0708)) }
      writer.bytes += packet.bytes
      ends.append(writer.bytes.count)
    }
    return (writer.bytes, ends)
  }
}

/// A pcapng file, block by block.
struct PcapngBuilder {
  var writer: ByteWriter
  /// Where each block ends.
  var ends: [Int] = []

  init(isBig: Bool = false) { writer = ByteWriter(isBig: isBig) }

  var bytes: [UInt8] { writer.bytes }

  /// Adds a block around what `body` puts.
  mutating func block(_ type: UInt32, _ body: (inout ByteWriter) -> Void) {
    var inner = ByteWriter(isBig: writer.isBig)
    body(&inner)
    inner.putPadded([])
    let total = UInt32(inner.bytes.count + 12)
    writer.put(type)
    writer.put(total)
    writer.bytes += inner.bytes
    writer.put(total)
    ends.append(writer.bytes.count)
  }

  mutating func section(isBig: Bool? = nil, options: [UInt8] = []) {
    if let isBig { writer.isBig = isBig }
    block(0x0a0d_0d0a) {
      $0.put(UInt32(0x1a2b_3c4d))
      $0.put(UInt16(1))
      $0.put(UInt16(0))
      $0.put(Int64(-1))
      $0.bytes += options
    }
  }

  mutating func interface(
    _ link: LinkType = .ethernet, snapshotLength: UInt32 = 0, resolution: UInt8? = nil,
    offsetSeconds: Int64? = nil
  ) {
    block(1) {
      $0.put(link.rawValue)
      $0.put(UInt16(0))
      $0.put(snapshotLength)
      $0.put(UInt16(2))  // if_name, to be passed over
      $0.put(UInt16(5))
      $0.putPadded(Array("eth10".utf8))
      if let resolution {
        $0.put(UInt16(9))
        $0.put(UInt16(1))
        $0.putPadded([resolution])
      }
      if let offsetSeconds {
        $0.put(UInt16(14))
        $0.put(UInt16(8))
        $0.put(offsetSeconds)
      }
      $0.put(UInt32(0))
    }
  }

  /// An enhanced packet block; `units` is its time as it stands in the file.
  mutating func packet(_ packet: Packet, units: UInt64, options: [UInt8] = []) {
    block(6) {
      $0.put(UInt32(packet.interface))
      $0.put(UInt32(truncatingIfNeeded: units >> 32))
      $0.put(UInt32(truncatingIfNeeded: units))
      $0.put(UInt32(packet.bytes.count))
      $0.put(packet.wireLength)
      $0.putPadded(packet.bytes)
      $0.bytes += options
    }
  }

  /// An obsolete packet block.
  mutating func oldPacket(_ packet: Packet, units: UInt64) {
    block(2) {
      $0.put(packet.interface)
      $0.put(UInt16(3))  // drops
      $0.put(UInt32(truncatingIfNeeded: units >> 32))
      $0.put(UInt32(truncatingIfNeeded: units))
      $0.put(UInt32(packet.bytes.count))
      $0.put(packet.wireLength)
      $0.putPadded(packet.bytes)
    }
  }

  mutating func simplePacket(_ bytes: [UInt8], wireLength: UInt32) {
    block(3) {
      $0.put(wireLength)
      $0.putPadded(bytes)
    }
  }

  /// One section with one interface and enhanced packets in microseconds.
  static func file(_ packets: [Packet], isBig: Bool) -> PcapngBuilder {
    var builder = PcapngBuilder(isBig: isBig)
    builder.section()
    builder.interface()
    for packet in packets { builder.packet(packet, units: UInt64(packet.nanoseconds / 1000)) }
    return builder
  }
}
