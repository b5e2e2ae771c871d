import Glibc
import Synchronization
import WeirModel

/// A ring of blocks that the kernel fills with the packets of one interface: TPACKET_V3 (packet(7), and
/// packet_mmap in the kernel's documentation).
///
/// A block belongs to the kernel or to us, as its status word says; we read only blocks that are ours.
@safe struct PacketRing: ~Copyable {
  /// The socket, to wait on.
  let descriptor: Int32
  /// How long a block is, in bytes.
  let blockByteCount: Int
  /// How many there are.
  let blockCount: Int
  /// How frames begin.
  let link: LinkType
  private let base: UnsafeMutableRawPointer

  private static let packetLevel: Int32 = 263
  /// How long the kernel keeps a block that does not get full.
  private static let retireMilliseconds: UInt32 = 20

  /// Opens the ring of an interface.
  ///
  /// - Parameter byteCount: of the whole ring; rounded to blocks of 256 KiB, at least four.
  /// - Throws: `GateError` with the call that failed.
  init(
    interface name: String, byteCount: Int, isPromiscuous: Bool, filter: PacketFilter?
  ) throws(GateError) {
    // The name is read within the call.
    let index = unsafe if_nametoindex(name)
    guard index != 0 else { throw GateError(call: "interface \(name)", code: errno) }
    let size = 1 << 18
    let blocks = max(4, byteCount / size)
    let opened = unsafe try PacketRing.open(
      index, blockByteCount: size, blocks, isPromiscuous, filter)
    descriptor = unsafe opened.descriptor
    unsafe base = opened.base
    link = unsafe opened.link
    blockByteCount = size
    blockCount = blocks
  }

  deinit {
    // The range is the one that `mmap` returned, and nothing borrows from it any more.
    _ = unsafe munmap(base, blockByteCount * blockCount)
    close(descriptor)
  }

  /// Whether a block is ours.
  func isReady(_ block: Int) -> Bool {
    status(of: block) { $0.load(ordering: .acquiring) } & 1 != 0
  }

  /// Gives a block back to the kernel.
  func release(_ block: Int) { status(of: block) { $0.store(0, ordering: .releasing) } }

  /// Lends all blocks; only what is in ours may be read.
  func withBytes<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    // The whole ring is mapped as long as this value lives, and it outlasts the call.
    body(
      unsafe Span(
        _unsafeStart: UnsafePointer(base.assumingMemoryBound(to: UInt8.self)),
        count: blockByteCount * blockCount))
  }

  /// Puts a VLAN tag, which the kernel keeps beside the frame, back into a frame of Ethernet in one of our blocks.
  ///
  /// The addresses move four bytes to the front, where the kernel's head of the packet has been read.
  func restoreTag(_ tag: [UInt8], ofFrameAt offset: Int) {
    precondition(offset >= 4 && offset + 12 <= blockByteCount * blockCount && tag.count == 4)
    unsafe memmove(base + offset - 4, base + offset, 12)
    for index in 0..<4 {
      unsafe base.storeBytes(of: tag[index], toByteOffset: offset + 8 + index, as: UInt8.self)
    }
  }

  /// How many packets the kernel had no room for since this was asked last.
  func takeDrops() -> Int {
    var counts: (UInt32, UInt32, UInt32) = (0, 0, 0)
    var length = socklen_t(MemoryLayout<(UInt32, UInt32, UInt32)>.size)
    // Three numbers that the call writes.
    guard unsafe getsockopt(descriptor, PacketRing.packetLevel, 6, &counts, &length) == 0 else {
      return 0
    }
    return Int(counts.1)
  }

  /// Takes note of an error that is pending, such as an interface that is down.
  func takeError() -> Int32 {
    var code: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    // Both are written within the call.
    _ = unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length)
    return code
  }

  /// Waits until one of several sockets has something, at most so long.
  static func wait(_ descriptors: [Int32], milliseconds: Int32) {
    var requests = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    // As many as the array has.
    _ = unsafe poll(&requests, nfds_t(requests.count), milliseconds)
  }

  private func status<Result>(of block: Int, _ body: (borrowing Atomic<UInt32>) -> Result) -> Result
  {
    precondition(UInt(bitPattern: block) < UInt(bitPattern: blockCount), "outside the ring")
    // The word at offset 8 of each block is shared with the kernel and aligned; `Atomic` has the layout of its value.
    let word = unsafe (base + block * blockByteCount + 8).assumingMemoryBound(
      to: Atomic<UInt32>.self)
    return unsafe body(word.pointee)
  }

  // MARK: - Opening

  private static func open(
    _ index: UInt32, blockByteCount: Int, _ blocks: Int, _ isPromiscuous: Bool,
    _ filter: PacketFilter?
  ) throws(GateError) -> (descriptor: Int32, base: UnsafeMutableRawPointer, link: LinkType) {
    let descriptor = socket(
      AF_PACKET, Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw GateError(call: "packet socket", code: errno) }
    do throws(GateError) {
      // Bound without a protocol first: nothing comes before the filter stands.
      try bind(descriptor, to: index, protocol: [0, 0])
      let link = link(descriptor)
      if let filter { try attach(filter, link, to: descriptor) }
      if isPromiscuous { try set(descriptor, 1, [index, 1, 0, 0], "promiscuous mode") }
      try set(descriptor, 10, [2], "TPACKET_V3")
      let frame = 2048
      let geometry = [blockByteCount, blocks, frame, blocks * (blockByteCount / frame)]
      try set(
        descriptor, 5, geometry.map { UInt32($0) } + [retireMilliseconds, 0, 0], "packet ring")
      // ETH_P_ALL: from here on packets come.
      try bind(descriptor, to: index, protocol: [0, 3])
      // A new mapping at an address of the kernel's choice touches no memory in use.
      let mapped = unsafe mmap(
        nil, blockByteCount * blocks, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
      guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else {
        throw GateError(call: "mmap of the packet ring", code: errno)
      }
      return unsafe (descriptor, mapped, link)
    } catch {
      close(descriptor)
      throw error
    }
  }

  private static func set(
    _ descriptor: Int32, _ option: Int32, _ words: [UInt32], _ call: String
  ) throws(GateError) {
    // The words are read within the call.
    let code = unsafe words.withUnsafeBytes { raw in
      unsafe setsockopt(
        descriptor, packetLevel, option, raw.baseAddress, socklen_t(raw.count))
    }
    guard code == 0 else { throw GateError(call: call, code: errno) }
  }

  /// `struct sockaddr_ll` of linux/if_packet.h: family, protocol, interface; the rest is of no use here.
  private static func bind(
    _ descriptor: Int32, to index: UInt32, protocol kind: [UInt8]
  ) throws(GateError) {
    let number = (0..<4).map { UInt8(truncatingIfNeeded: index >> (8 * $0)) }
    let address = [UInt8(AF_PACKET), 0] + kind + number + [UInt8](repeating: 0, count: 12)
    // The address is read within the call.
    let code = unsafe address.withUnsafeBytes { raw in
      unsafe Glibc.bind(
        descriptor, raw.baseAddress?.assumingMemoryBound(to: sockaddr.self),
        socklen_t(raw.count))
    }
    guard code == 0 else { throw GateError(call: "bind to the interface", code: errno) }
  }

  /// How frames of the interface begin, by its hardware type (linux/if_arp.h).
  private static func link(_ descriptor: Int32) -> LinkType {
    var bytes = [UInt8](repeating: 0, count: 20)
    unsafe bytes.withUnsafeMutableBytes { raw in
      var length = socklen_t(raw.count)
      // The call writes at most `length` bytes.
      _ = unsafe getsockname(
        descriptor, raw.baseAddress?.assumingMemoryBound(to: sockaddr.self), &length)
    }
    switch UInt16(bytes[8]) | UInt16(bytes[9]) << 8 {
    case 1, 772: return .ethernet
    case 519, 0xfffe: return .raw
    case let type: return LinkType(rawValue: type | 0x8000)
    }
  }

  private static func attach(
    _ filter: PacketFilter, _ link: LinkType, to descriptor: Int32
  ) throws(GateError) {
    var programs = FilterPrograms()
    let index = programs.index(of: link, expression: filter.expression)
    guard programs.fault(index) == nil else {
      throw GateError(call: "filter of this link type", code: EINVAL)
    }
    guard programs.attach(index, to: descriptor) else {
      throw GateError(call: "attach the filter", code: errno)
    }
  }
}
