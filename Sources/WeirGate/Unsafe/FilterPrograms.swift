import CPcap
import Glibc
import WeirModel

/// A filter, compiled for each link type that was seen.
@safe struct FilterPrograms: ~Copyable {
  @safe private struct Program {
    var link: LinkType
    var code: bpf_program
    /// Why there is no code.
    var fault: String?
  }

  private var programs: [Program] = []

  // Each program's code was allocated by libpcap and is freed once.
  deinit {
    for program in programs {
      var code = unsafe program.code
      unsafe pcap_freecode(&code)
    }
  }

  /// The number of the program for `link`, compiled if this is its first use.
  mutating func index(of link: LinkType, expression: String) -> Int {
    if let index = programs.firstIndex(where: { $0.link == link }) { return index }
    programs.append(Self.compile(expression, for: link))
    return programs.count - 1
  }

  /// Why the program has no code; nil when it has.
  func fault(_ index: Int) -> String? { programs[index].fault }

  /// Whether a packet passes.
  ///
  /// A program without code passes nothing.
  mutating func passes(_ index: Int, _ frame: Span<UInt8>, wireLength: UInt32) -> Bool {
    guard programs[index].fault == nil else { return false }
    var header = pcap_pkthdr()
    header.caplen = UInt32(truncatingIfNeeded: frame.count)
    header.len = wireLength
    return unsafe frame.withUnsafeBufferPointer { bytes in
      // libpcap reads at most `caplen` bytes; an empty frame may have no address, and none is read.
      unsafe pcap_offline_filter(&programs[index].code, &header, bytes.baseAddress) != 0
    }
  }

  /// Lets the kernel filter what comes to a socket.
  func attach(_ index: Int, to descriptor: Int32) -> Bool {
    // `struct sock_fprog` of linux/filter.h: how many instructions, and where they lie; the kernel copies them.
    let code = unsafe programs[index].code
    let program = unsafe [UInt64(code.bf_len), UInt64(UInt(bitPattern: code.bf_insns))]
    return unsafe program.withUnsafeBytes { raw in
      unsafe setsockopt(
        descriptor, SOL_SOCKET, SO_ATTACH_FILTER, raw.baseAddress, socklen_t(raw.count)) == 0
    }
  }

  private static func compile(_ expression: String, for link: LinkType) -> Program {
    var program = unsafe Program(link: link, code: bpf_program(), fault: "no memory")
    // A handle without a device, closed below.
    guard let handle = unsafe pcap_open_dead(link.dataLinkType, Int32(Limits.packetBytesMax)) else {
      return program
    }
    defer { unsafe pcap_close(handle) }
    let noNetmask: UInt32 = 0xffff_ffff
    let result = unsafe pcap_compile(handle, &program.code, expression, 1, noNetmask)
    // The message is a terminated string inside the handle; it is copied.
    program.fault = unsafe result == 0 ? nil : String(cString: pcap_geterr(handle))
    return program
  }
}

extension LinkType {
  /// libpcap's number at run time on Linux, which for a few types differs from that in files.
  fileprivate var dataLinkType: Int32 {
    switch rawValue {
    case 100: 11  // RFC 1483 over ATM
    case 101: 12  // raw IP
    case 102: 15  // SLIP of BSD/OS
    case 103: 16  // PPP of BSD/OS
    case 106: 19  // classical IP over ATM
    default: Int32(rawValue)
    }
  }
}
