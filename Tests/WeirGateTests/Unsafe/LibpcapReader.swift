import CPcap
import WeirModel

/// What libpcap's own reader makes of a file.
struct LibpcapReading {
  /// The packets that it delivered.
  var packets: [Packet] = []
  /// The length that it cuts packets at, in bytes.
  var snapshotLength = 0
  /// Why it stopped early or did not begin; nil at a good end.
  var fault: String?

  init(_ path: String) {
    var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    let nanoseconds = UInt32(PCAP_TSTAMP_PRECISION_NANO)
    // `message` is as long as the library asks for.
    let opened = unsafe message.withUnsafeMutableBufferPointer { space in
      unsafe pcap_open_offline_with_tstamp_precision(path, nanoseconds, space.baseAddress)
    }
    guard let handle = unsafe opened else {
      let bytes = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      fault = String(decoding: bytes, as: UTF8.self)
      return
    }
    // Closed once.
    defer { unsafe pcap_close(handle) }
    snapshotLength = unsafe Int(pcap_snapshot(handle))
    unsafe read(handle)
  }

  private mutating func read(_ handle: OpaquePointer) {
    while true {
      var header: UnsafeMutablePointer<pcap_pkthdr>?
      var data: UnsafePointer<UInt8>?
      // Both point into the handle until the next call; they are copied.
      let result = unsafe pcap_next_ex(handle, &header, &data)
      guard result == 1, let header = unsafe header?.pointee, let data = unsafe data else {
        if result != -2 { fault = unsafe String(cString: pcap_geterr(handle)) }
        return
      }
      let bytes = unsafe Array(UnsafeBufferPointer(start: data, count: Int(header.caplen)))
      let time = Int64(header.ts.tv_sec) &* 1_000_000_000 &+ Int64(header.ts.tv_usec)
      packets.append(Packet(bytes: bytes, wireLength: header.len, nanoseconds: time))
    }
  }
}
