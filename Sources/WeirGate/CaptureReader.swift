import WeirModel

/// A capture of either format, told apart by its first bytes.
struct CaptureReader {
  enum Format: String {
    case undetermined, pcap, pcapng
  }

  private(set) var format = Format.undetermined
  private var pcap: PcapReader?
  private var pcapng = PcapngReader()

  /// Whether the input may end where the walk stands, when all bytes are used.
  var isAtBoundary: Bool { pcapng.isAtBoundary }

  /// What a file that ends here ends in the middle of.
  var unfinished: String {
    switch format {
    case .undetermined: "the first bytes"
    case .pcap: pcap == nil ? "the file header" : "a packet"
    case .pcapng: "a block"
    }
  }

  /// Fills slots from `filled` on with the packets from `position` on, and moves both.
  mutating func walk(
    _ bytes: Span<UInt8>, from position: inout Int, into slots: inout MutableSpan<Slot>,
    filled: inout Int
  ) -> WalkStop {
    if format == .undetermined, let stop = determine(bytes, position) { return stop }
    if format == .pcapng {
      return pcapng.walk(bytes, from: &position, into: &slots, filled: &filled)
    }
    if pcap == nil, let stop = openPcap(bytes, from: &position) { return stop }
    return pcap?.walk(bytes, from: &position, into: &slots, filled: &filled) ?? .foreign
  }

  private mutating func determine(_ bytes: Span<UInt8>, _ position: Int) -> WalkStop? {
    guard bytes.count - position >= 4 else { return .needs(4) }
    let magic = bytes.bigEndian32(at: position)
    if PcapReader.recognizes(magic) {
      format = .pcap
    } else if magic == PcapngReader.magic {
      format = .pcapng
    } else {
      return .foreign
    }
    return nil
  }

  private mutating func openPcap(_ bytes: Span<UInt8>, from position: inout Int) -> WalkStop? {
    guard bytes.count - position >= PcapReader.fileHeaderBytes else {
      return .needs(PcapReader.fileHeaderBytes)
    }
    switch PcapReader.open(bytes, at: position) {
    case .success(let reader): pcap = reader
    case .failure(let fault): return .damaged(fault.sentence)
    }
    position += PcapReader.fileHeaderBytes
    return nil
  }
}
