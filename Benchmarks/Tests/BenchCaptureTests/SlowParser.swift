/// What one frame of a capture says, read field by field with no code of the generator.
struct SlowPacket {
  var isIPv6 = false
  var tags = 0
  var length = 0
  var transport: UInt8 = 0
  var source: [UInt8] = []
  var destination: [UInt8] = []
  var sourcePort = 0
  var destinationPort = 0
  var sequence: UInt32 = 0
  var isOpening = false
  var payload: [UInt8] = []
  /// Whether all checksums hold.
  var areChecksumsRight = true
  /// Seconds and fraction.
  var time = (0, 0)
}

/// Reads a little-endian pcap file of Ethernet frames, the plain way.
enum SlowParser {
  static func packets(_ file: [UInt8]) -> [SlowPacket] {
    var packets: [SlowPacket] = []
    var position = 24
    while position + 16 <= file.count {
      let length = little(file, position + 8)
      var packet = frame(Array(file[(position + 16)..<(position + 16 + length)]))
      packet.time = (little(file, position), little(file, position + 4))
      packets.append(packet)
      position += 16 + length
    }
    return packets
  }

  static func little(_ bytes: [UInt8], _ at: Int) -> Int {
    (0..<4).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) }
  }

  static func big(_ bytes: [UInt8], _ at: Int, _ count: Int) -> Int {
    (0..<count).reduce(0) { $0 << 8 | Int(bytes[at + $1]) }
  }

  private static func frame(_ bytes: [UInt8]) -> SlowPacket {
    var packet = SlowPacket()
    packet.length = bytes.count
    var offset = 12
    while [0x8100, 0x88A8].contains(big(bytes, offset, 2)) {
      packet.tags += 1
      offset += 4
    }
    packet.isIPv6 = big(bytes, offset, 2) == 0x86DD
    let network = offset + 2
    let upper: Int
    let end: Int
    if packet.isIPv6 {
      packet.transport = bytes[network + 6]
      packet.source = Array(bytes[(network + 8)..<(network + 24)])
      packet.destination = Array(bytes[(network + 24)..<(network + 40)])
      upper = network + 40
      end = upper + big(bytes, network + 4, 2)
    } else {
      packet.transport = bytes[network + 9]
      packet.source = Array(bytes[(network + 12)..<(network + 16)])
      packet.destination = Array(bytes[(network + 16)..<(network + 20)])
      upper = network + 20
      end = network + big(bytes, network + 2, 2)
      packet.areChecksumsRight = sumsToOnes(Array(bytes[network..<upper]))
    }
    fillTransport(&packet, Array(bytes[upper..<end]))
    return packet
  }

  private static func fillTransport(_ packet: inout SlowPacket, _ segment: [UInt8]) {
    var covered = segment
    if packet.transport != 1 {
      let count = segment.count
      covered += segment.count.isMultiple(of: 2) ? [] : [0]
      covered += packet.source + packet.destination
      covered += [0, packet.transport, UInt8(count >> 8), UInt8(count & 255)]
    }
    packet.areChecksumsRight = packet.areChecksumsRight && sumsToOnes(covered)
    if packet.transport == 6 || packet.transport == 17 {
      packet.sourcePort = big(segment, 0, 2)
      packet.destinationPort = big(segment, 2, 2)
    }
    if packet.transport == 6 {
      packet.sequence = UInt32(big(segment, 4, 4))
      packet.isOpening = segment[13] & 2 != 0
    }
    let header = packet.transport == 6 ? Int(segment[12] >> 4) * 4 : 8
    packet.payload = Array(segment[header...])
  }

  private static func sumsToOnes(_ bytes: [UInt8]) -> Bool {
    let padded = bytes.count.isMultiple(of: 2) ? bytes : bytes + [0]
    var sum = 0
    for at in stride(from: 0, to: padded.count, by: 2) { sum += big(padded, at, 2) }
    while sum > 0xFFFF { sum = sum & 0xFFFF + sum >> 16 }
    return sum == 0xFFFF
  }
}
