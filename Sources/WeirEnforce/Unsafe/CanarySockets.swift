import Glibc
import WeirModel

/// The sockets of a canary: one that hears, and what sends.
struct CanarySockets: ~Copyable {
  private let family: IPAddress.Family
  /// An address of the machine, to which the packets go.
  private let target: IPAddress
  private let ear: Int32
  private let port: UInt16

  /// How long a packet may take over the loopback interface.
  private static let patienceMilliseconds: Int32 = 100
  /// The loopback interface has this number in every network namespace.
  private static let loopback: UInt8 = 1

  init?(_ family: IPAddress.Family) {
    self.family = family
    target = CanarySockets.ownAddress(family)
    ear = CanarySockets.open(family, at: target) ?? -1
    port = ear < 0 ? 0 : CanarySockets.port(ear)
    guard port != 0 else { return nil }
  }

  deinit {
    if ear >= 0 { close(ear) }
  }

  /// Sends a packet as if it came over the wire.
  ///
  /// A packet socket goes past the hooks for what the machine sends.
  func tryPrerouting() -> Canary.Outcome {
    let number = socket(
      AF_PACKET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard number >= 0 else { return .untried }
    defer { close(number) }
    guard inject(from: Canary.plainAddress(family), number), hears() else { return .untried }
    guard inject(from: Canary.address(family), number) else { return .untried }
    return hears() ? .passed : .blocked
  }

  /// Sends a packet as programs do.
  func tryOutput() -> Canary.Outcome {
    guard let plain = CanarySockets.open(family, at: Canary.plainAddress(family)) else {
      return .untried
    }
    defer { close(plain) }
    guard send(plain), hears() else { return .untried }
    guard let sender = CanarySockets.open(family, at: Canary.address(family)) else {
      return .untried
    }
    defer { close(sender) }
    return send(sender) && hears() ? .passed : .blocked
  }

  /// Whether a datagram came; it is taken.
  private func hears() -> Bool {
    var request = pollfd(fd: ear, events: Int16(POLLIN), revents: 0)
    // One `pollfd` that lives through the call.
    guard unsafe poll(&request, 1, CanarySockets.patienceMilliseconds) > 0 else { return false }
    var byte: UInt8 = 0
    // One byte that is writable; the rest of the datagram is dropped.
    return unsafe recv(ear, &byte, 1, 0) >= 0
  }

  private func send(_ number: Int32) -> Bool {
    unsafe CanarySockets.withAddress(target, port: port) { address, length in
      var byte: UInt8 = 0x77
      // Both are read within the call.
      return unsafe sendto(number, &byte, 1, 0, address, length) == 1
    }
  }

  private func inject(from source: IPAddress, _ number: Int32) -> Bool {
    let packet = Canary.packet(from: source, to: target, port: port)
    // `struct sockaddr_ll` of linux/if_packet.h: family, protocol, interface; the rest is of no use here.
    let kind: [UInt8] = family == .v4 ? [0x08, 0x00] : [0x86, 0xdd]
    let address =
      [UInt8(AF_PACKET), 0] + kind + [CanarySockets.loopback, 0, 0, 0]
      + [UInt8](repeating: 0, count: 12)
    // All bytes are read within the call.
    return unsafe address.withUnsafeBytes { address in
      unsafe packet.withUnsafeBytes { packet in
        unsafe sendto(
          number, packet.baseAddress, packet.count, 0,
          address.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(address.count))
          == packet.count
      }
    }
  }

  /// A socket of UDP at an address, which need not be the machine's own.
  private static func open(_ family: IPAddress.Family, at address: IPAddress) -> Int32? {
    let number = socket(
      family == .v4 ? AF_INET : AF_INET6,
      Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard number >= 0 else { return nil }
    // IP_TRANSPARENT and IPV6_FREEBIND of linux/in.h and linux/in6.h: what lets a socket send from an address that
    // is not the machine's.
    let (level, option): (Int32, Int32) = family == .v4 ? (0, 19) : (41, 78)
    var yes: Int32 = 1
    // The value is read within the call.
    _ = unsafe setsockopt(
      number, level, option, &yes, socklen_t(MemoryLayout<Int32>.size))
    let code = unsafe withAddress(address, port: 0) { address, length in
      // The address is read within the call.
      unsafe bind(number, address, length)
    }
    if code == 0 { return number }
    close(number)
    return nil
  }

  /// An address that packets from outside may go to: for IPv4 one of an interface, since the kernel takes none of
  /// the loopback network from a wire.
  private static func ownAddress(_ family: IPAddress.Family) -> IPAddress {
    let loopback = IPAddress(v6High: 0, low: 1)
    guard family == .v4 else { return loopback }
    var list: UnsafeMutablePointer<ifaddrs>?
    // The list is the C library's until it is freed below; every pointer in it is checked before it is followed.
    guard unsafe getifaddrs(&list) == 0 else { return loopback }
    defer { unsafe freeifaddrs(list) }
    var next = unsafe list
    while let entry = unsafe next {
      unsafe next = entry.pointee.ifa_next
      guard let address = unsafe entry.pointee.ifa_addr,
        unsafe address.pointee.sa_family == UInt16(AF_INET)
      else { continue }
      // An address of this family is a whole `struct sockaddr_in`.
      let bits = unsafe address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
        unsafe UInt32(bigEndian: $0.pointee.sin_addr.s_addr)
      }
      if bits >> 24 != 127 { return IPAddress(v4: bits) }
    }
    return loopback
  }

  private static func port(_ number: Int32) -> UInt16 {
    var bytes = [UInt8](repeating: 0, count: 28)
    return unsafe bytes.withUnsafeMutableBytes { raw in
      var length = socklen_t(raw.count)
      // The call writes at most `length` bytes.
      let code = unsafe getsockname(
        number, raw.baseAddress?.assumingMemoryBound(to: sockaddr.self), &length)
      return code == 0 ? unsafe UInt16(raw[2]) << 8 | UInt16(raw[3]) : 0
    }
  }

  /// Lends an address as `struct sockaddr_in` or `sockaddr_in6`.
  private static func withAddress<Result>(
    _ address: IPAddress, port: UInt16, _ body: (UnsafePointer<sockaddr>?, socklen_t) -> Result
  ) -> Result {
    let isV4 = address.family == .v4
    var bytes: [UInt8] = [UInt8(isV4 ? AF_INET : AF_INET6), 0, UInt8(port >> 8), UInt8(port & 255)]
    bytes += isV4 ? [] : [0, 0, 0, 0]
    bytes += Canary.bytes(of: address)
    bytes += [UInt8](repeating: 0, count: isV4 ? 8 : 4)
    // Lent for the length of the closure.
    return unsafe bytes.withUnsafeBytes { raw in
      unsafe body(
        raw.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(raw.count))
    }
  }
}
