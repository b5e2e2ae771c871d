/// Writes UDP over IPv4 in frames of 100 bytes between random addresses: nearly all that is left
/// to do for whoever reads them is to look both addresses up.
struct LookupFrames {
  /// Ethernet 14, IPv4 20 and UDP 8 leave this for the payload.
  private static let payloadLength = 58
  private static let payloadCount = 256

  private(set) var counter: TruthCounter

  private let options: CaptureOptions
  private let index: CoverageIndex
  private let tables: HostTables
  private let pool: PayloadPool
  private var random: SeededGenerator

  init(
    options: CaptureOptions, patterns: [BytePattern], index: CoverageIndex, tables: HostTables
  ) {
    self.options = options
    self.index = index
    self.tables = tables
    random = SeededGenerator(seed: options.seed)
    var pool = PayloadPool(searcher: PatternSearcher(patterns))
    var maker = ContentMaker(random: SeededGenerator(seed: options.seed ^ 0xC047_E475))
    let lengths = [LookupFrames.payloadLength]
    while pool.payloads.count < LookupFrames.payloadCount {
      let content = maker.bytes(.shortHeader, lengths: lengths)
      if pool.isClean(content, lengths: lengths, isStream: false) {
        _ = pool.add(content, lengths: lengths, isStream: false)
      }
    }
    self.pool = pool
    counter = TruthCounter(tables: tables, listedNames: 0, patterns: patterns.count)
  }

  /// Writes the capture file.
  mutating func write(to path: String) throws(CaptureError) {
    let file = try CaptureFile(path: path)
    var writer = FrameWriter(nanoseconds: options.nanoseconds)
    let threatShare = Share(tables.ipv4.listedCount > 0 ? options.threatRate : 0)
    var nanosecond = SessionTraffic.firstMicrosecond * 1000
    let pause = UInt64(1_000_000_000 / options.packetsPerSecond)
    for _ in 0..<options.packets {
      let isThreat = random.chance(threatShare)
      writeFrame(isThreat: isThreat, microseconds: nanosecond / 1000, &writer)
      nanosecond += pause
      if writer.isFull { try writer.move(to: file) }
    }
    try writer.move(to: file)
  }

  private mutating func writeFrame(
    isThreat: Bool, microseconds: UInt64, _ writer: inout FrameWriter
  ) {
    var source = unlistedHost()
    var destination = unlistedHost()
    var listedSource = -1
    var listedDestination = -1
    if isThreat {
      let position = random.below(tables.ipv4.listedCount)
      let host = tables.ipv4.hosts[tables.ipv4.firstListed + position]
      if random.below(2) == 0 {
        (source, listedSource) = (host, position)
      } else {
        (destination, listedDestination) = (host, position)
      }
    }
    let bits = random.next()
    let header = PacketHeader(
      family: .ipv4, source: source, destination: destination,
      sourcePort: LookupFrames.port(bits), destinationPort: LookupFrames.port(bits >> 16),
      identification: UInt16(truncatingIfNeeded: bits >> 32), segment: .udp)
    let payload = pool.payloads[Int(bits >> 48) % pool.payloads.count]
    let length = writer.write(
      header, isToServer: true, payload: pool.bytes.span.extracting(payload.bytes),
      payloadSum: payload.sum, microseconds: microseconds)
    counter.count(
      TruthCounter.Frame(
        header: header, length: length, source: listedSource, destination: listedDestination,
        payload: payload),
      events: [])
  }

  /// Ports that no protocol is known by.
  private static func port(_ bits: UInt64) -> UInt16 {
    UInt16(32_768 + (bits & 0xFFFF) * 28_000 >> 16)
  }

  private mutating func unlistedHost() -> Host {
    var address = UInt128(PublicAddresses.ipv4(&random))
    while index.covers(.ipv4, address) { address = UInt128(PublicAddresses.ipv4(&random)) }
    return Host(family: .ipv4, address: address, number: 0)
  }
}
