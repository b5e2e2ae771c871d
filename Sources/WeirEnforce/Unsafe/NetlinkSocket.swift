import Glibc

/// A socket to netfilter in the kernel.
struct NetlinkSocket: ~Copyable {
  private let descriptor: Int32
  private var buffer = [UInt8](repeating: 0, count: 1 << 18)

  /// The most bytes that one transaction may have: a mebibyte, or what the buffer takes where privileges do not
  /// reach for a larger one.
  private(set) var transactionBytesMax = NetlinkSocket.transactionBytesWanted

  private static let transactionBytesWanted = 1 << 20

  /// NETLINK_NETFILTER of linux/netlink.h.
  private static let netfilter: Int32 = 12

  init() throws(EnforceError) {
    descriptor = Glibc.socket(
      AF_NETLINK, Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue), NetlinkSocket.netfilter)
    guard descriptor >= 0 else { throw EnforceError(call: "open netfilter", code: errno) }
    // A transaction is one datagram, and the answers to it must all fit.
    setBuffer(SO_SNDBUFFORCE, 4 * NetlinkSocket.transactionBytesWanted)
    setBuffer(SO_RCVBUFFORCE, 4 * NetlinkSocket.transactionBytesWanted)
    transactionBytesMax = min(transactionBytesMax, sendBufferByteCount() / 2)
    // `struct sockaddr_nl` with all zeros behind the family: the kernel, which chooses our number.
    let address: [UInt8] = [UInt8(AF_NETLINK), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    let number = descriptor
    // The bytes are read within the call.
    let code = unsafe address.withUnsafeBytes { raw in
      unsafe bind(
        number, raw.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(raw.count))
    }
    guard code == 0 else { throw EnforceError(call: "bind to netfilter", code: errno) }
    var limit = timeval(tv_sec: 10, tv_usec: 0)
    // The value is read within the call.
    _ = unsafe setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  private func setBuffer(_ option: Int32, _ byteCount: Int) {
    var size = Int32(byteCount)
    // The value is read within the call; a refusal leaves a smaller buffer, which a later error would tell.
    _ = unsafe setsockopt(
      descriptor, SOL_SOCKET, option, &size, socklen_t(MemoryLayout<Int32>.size))
  }

  private func sendBufferByteCount() -> Int {
    var size: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    // Both are written within the call.
    _ = unsafe getsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &size, &length)
    return Int(size)
  }

  /// Sends whole messages as one datagram.
  func send(_ bytes: [UInt8]) throws(EnforceError) {
    let number = descriptor
    while true {
      // The bytes are read within the call.
      let sent = unsafe bytes.withUnsafeBytes { raw in
        unsafe Glibc.send(number, raw.baseAddress, raw.count, 0)
      }
      if sent == bytes.count { return }
      guard sent < 0, errno == EINTR else {
        throw EnforceError(call: "send to netfilter", code: sent < 0 ? errno : EMSGSIZE)
      }
    }
  }

  /// Waits for an answer and lends it.
  mutating func receive(_ body: (Span<UInt8>) -> Void) throws(EnforceError) {
    let number = descriptor
    while true {
      // The buffer is writable for its whole count.
      let count = unsafe buffer.withUnsafeMutableBytes { raw in
        unsafe recv(number, raw.baseAddress, raw.count, Int32(MSG_TRUNC))
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw EnforceError(call: "hear from netfilter", code: errno) }
      guard count <= buffer.count else {
        throw EnforceError(call: "hear from netfilter", code: EMSGSIZE)
      }
      return body(buffer.span.extracting(0..<count))
    }
  }
}

/// The system's words for error numbers.
enum SystemText {
  static func of(_ code: Int32) -> String {
    var text = [CChar](repeating: 0, count: 256)
    return unsafe text.withUnsafeMutableBufferPointer { space in
      // The call writes at most `count` bytes, the last of them zero; the string is copied.
      guard let start = space.baseAddress, unsafe strerror_r(code, start, space.count) == 0
      else { return "error \(code)" }
      return unsafe String(cString: start)
    }
  }
}
