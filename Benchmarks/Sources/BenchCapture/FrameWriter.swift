/// Everything about a packet but its payload.
struct PacketHeader {
  let family: AddressPrefix.Family
  let source: Host
  let destination: Host
  var sourcePort: UInt16 = 0
  var destinationPort: UInt16 = 0
  var vlan: UInt16 = 0
  var isDoubleTagged = false
  var identification: UInt16 = 0
  let segment: Segment

  /// What the transport header says.
  enum Segment {
    case tcp(sequence: UInt32, acknowledgment: UInt32, flags: TCPFlags, milliseconds: UInt32)
    case udp
    case echo(isReply: Bool)
  }

  /// The sum of both addresses, for checksums.
  var addressSum: UInt32 { source.sum + destination.sum }

  var tagLength: Int { vlan == 0 ? 0 : isDoubleTagged ? 8 : 4 }

  var protocolNumber: UInt8 {
    switch segment {
    case .tcp: 6
    case .udp: 17
    case .echo: family == .ipv4 ? 1 : 58
    }
  }

  var transportLength: Int {
    switch segment {
    case .tcp(_, _, let flags, _): flags.contains(.syn) ? 40 : 32
    case .udp, .echo: 8
    }
  }
}

/// Writes frames with valid checksums into memory, as pcap records.
struct FrameWriter {
  /// How many bytes are collected before they should go to the file.
  static let flushSize = 1 << 20
  /// Room for the longest record, and some.
  private static let recordMax = 4096
  /// The router that every frame comes from or goes to.
  private static let gateway: UInt64 = 0x02FE_0000_0001

  private var sink = ByteSink(capacity: flushSize + recordMax)
  private let nanoseconds: Bool

  init(nanoseconds: Bool) {
    self.nanoseconds = nanoseconds
    sink.putLittle(nanoseconds ? 0xA1B2_3C4D : 0xA1B2_C3D4)
    // Version 2.4, no offset, no accuracy, snapshot length, Ethernet.
    for field: UInt32 in [0x0004_0002, 0, 0, 262_144, 1] { sink.putLittle(field) }
  }

  /// Whether it is time to move what was written.
  var isFull: Bool { sink.count >= FrameWriter.flushSize }

  /// Moves everything written so far to the end of `file`.
  mutating func move(to file: borrowing CaptureFile) throws(CaptureError) {
    try sink.move(to: file)
  }

  /// Writes one frame and returns its length; `microseconds` is since 1970.
  mutating func write(
    _ header: PacketHeader, isToServer: Bool, payload: Span<UInt8>, payloadSum: UInt16,
    microseconds: UInt64
  ) -> Int {
    let networkLength = header.family == .ipv4 ? 20 : 40
    let upperLength = header.transportLength + payload.count
    let length = 14 + header.tagLength + networkLength + upperLength
    let padded = max(length, 60)
    let fraction = UInt32(microseconds % 1_000_000)
    sink.putLittle(UInt32(microseconds / 1_000_000))
    sink.putLittle(nanoseconds ? fraction * 1000 : fraction)
    sink.putLittle(UInt32(padded))
    sink.putLittle(UInt32(padded))
    putLink(header, isToServer: isToServer)
    if header.family == .ipv4 {
      putIPv4(header, upperLength: upperLength)
    } else {
      putIPv6(header, upperLength: upperLength)
    }
    putTransport(header, upperLength: upperLength, payloadSum: payloadSum)
    sink.put(payload)
    for _ in length..<padded { sink.put(UInt8(0)) }
    return padded
  }

  private mutating func putLink(_ header: PacketHeader, isToServer: Bool) {
    sink.put(hardware: isToServer ? FrameWriter.gateway : header.destination.hardware)
    sink.put(hardware: isToServer ? header.source.hardware : FrameWriter.gateway)
    if header.vlan != 0 {
      if header.isDoubleTagged { sink.put(0x88A8_0064 as UInt32) }
      sink.put(0x8100_0000 as UInt32 | UInt32(header.vlan))
    }
    sink.put(header.family == .ipv4 ? 0x0800 as UInt16 : 0x86DD)
  }

  private mutating func putIPv4(_ header: PacketHeader, upperLength: Int) {
    let first = 0x4500_0000 | UInt32(20 + upperLength)
    // Do not fragment.
    let second = UInt32(header.identification) << 16 | 0x4000
    let third = 64 << 8 | UInt16(header.protocolNumber)
    var checksum = Checksum()
    checksum.add(first)
    checksum.add(second)
    checksum.add(third)
    checksum.add(sum: header.addressSum)
    sink.put(first)
    sink.put(second)
    sink.put(third)
    sink.put(checksum.complement)
    sink.put(.ipv4, address: header.source.address)
    sink.put(.ipv4, address: header.destination.address)
  }

  private mutating func putIPv6(_ header: PacketHeader, upperLength: Int) {
    sink.put(0x6000_0000 as UInt32)
    sink.put(UInt16(upperLength))
    sink.put(header.protocolNumber)
    sink.put(64 as UInt8)
    sink.put(.ipv6, address: header.source.address)
    sink.put(.ipv6, address: header.destination.address)
  }

  private mutating func putTransport(
    _ header: PacketHeader, upperLength: Int, payloadSum: UInt16
  ) {
    var checksum = Checksum()
    checksum.add(payloadSum)
    if header.protocolNumber != 1 {
      checksum.add(sum: header.addressSum)
      checksum.add(UInt32(header.protocolNumber))
      checksum.add(UInt32(upperLength))
    }
    switch header.segment {
    case .tcp(let sequence, let acknowledgment, let flags, let milliseconds):
      putTCP(header, sequence, acknowledgment, flags, milliseconds, &checksum)
    case .udp:
      let ports = UInt32(header.sourcePort) << 16 | UInt32(header.destinationPort)
      checksum.add(ports)
      checksum.add(UInt16(upperLength))
      sink.put(ports)
      sink.put(UInt16(upperLength))
      // Zero would mean that there is no checksum.
      sink.put(checksum.complement == 0 ? 0xFFFF : checksum.complement)
    case .echo(let isReply):
      let kind: UInt16 = header.family == .ipv4 ? (isReply ? 0 : 8) : (isReply ? 129 : 128)
      let session = UInt32(header.sourcePort) << 16 | 1
      checksum.add(kind << 8)
      checksum.add(session)
      sink.put(kind << 8)
      sink.put(checksum.complement)
      sink.put(session)
    }
  }

  private mutating func putTCP(
    _ header: PacketHeader, _ sequence: UInt32, _ acknowledgment: UInt32, _ flags: TCPFlags,
    _ milliseconds: UInt32, _ checksum: inout Checksum
  ) {
    let ports = UInt32(header.sourcePort) << 16 | UInt32(header.destinationPort)
    let length = UInt32(header.transportLength / 4)
    let control = length << 28 | UInt32(flags.rawValue) << 16 | 64_240
    let echo = flags.contains(.acknowledge) ? milliseconds : 0
    for word in [ports, sequence, acknowledgment, control, milliseconds, echo] {
      checksum.add(word)
    }
    let isOpening = flags.contains(.syn)
    // Largest segment 1460, selective acknowledgments, time stamps; no-operation, window scale 7.
    if isOpening {
      for word: UInt32 in [0x0204_05B4, 0x0402_080A, 0x0103_0307] { checksum.add(word) }
    } else {
      checksum.add(0x0101_080A as UInt32)
    }
    sink.put(ports)
    sink.put(sequence)
    sink.put(acknowledgment)
    sink.put(control)
    sink.put(checksum.complement)
    sink.put(0 as UInt16)
    if isOpening { sink.put(0x0204_05B4 as UInt32) }
    sink.put(isOpening ? 0x0402_080A : 0x0101_080A as UInt32)
    sink.put(milliseconds)
    sink.put(echo)
    if isOpening { sink.put(0x0103_0307 as UInt32) }
  }
}
