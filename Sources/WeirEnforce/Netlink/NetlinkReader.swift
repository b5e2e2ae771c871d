/// A message of netlink: its head, and where its body lies.
struct NetlinkMessage: Equatable {
  var type: UInt16
  var flags: UInt16
  var sequence: UInt32
  /// The body, behind the head of 16 bytes.
  var body: Range<Int>
}

/// Walks over what the kernel sent.
///
/// Every length is checked: what does not fit ends the walk.
enum NetlinkReader {
  /// Calls `body` with each whole message.
  static func forEachMessage(_ bytes: Span<UInt8>, _ body: (NetlinkMessage) -> Void) {
    var offset = 0
    while bytes.count - offset >= 16 {
      let length = Int(number32(bytes, offset))
      guard length >= 16, length <= bytes.count - offset else { return }
      body(
        NetlinkMessage(
          type: number16(bytes, offset + 4), flags: number16(bytes, offset + 6),
          sequence: number32(bytes, offset + 8), body: offset + 16..<offset + length))
      offset += (length + 3) & ~3
    }
  }

  /// Calls `body` with the type and the place of each attribute in a range.
  static func forEachAttribute(
    _ bytes: Span<UInt8>, _ range: Range<Int>, _ body: (UInt16, Range<Int>) -> Void
  ) {
    var offset = range.lowerBound
    while range.upperBound - offset >= 4 {
      let length = Int(number16(bytes, offset))
      guard length >= 4, length <= range.upperBound - offset else { return }
      body(number16(bytes, offset + 2) & 0x3fff, offset + 4..<offset + length)
      offset += (length + 3) & ~3
    }
  }

  /// A number of two bytes in host order.
  static func number16(_ bytes: Span<UInt8>, _ offset: Int) -> UInt16 {
    UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8
  }

  /// A number of four bytes in host order.
  static func number32(_ bytes: Span<UInt8>, _ offset: Int) -> UInt32 {
    UInt32(number16(bytes, offset)) | UInt32(number16(bytes, offset + 2)) << 16
  }

  /// A number in network order; nil when the attribute has another length.
  static func value<Number: FixedWidthInteger & UnsignedInteger>(
    _ bytes: Span<UInt8>, _ range: Range<Int>, as: Number.Type = Number.self
  ) -> Number? {
    guard range.count * 8 == Number.bitWidth else { return nil }
    return range.reduce(0) { $0 << 8 | Number(bytes[$1]) }
  }

  /// A text up to its zero byte.
  static func text(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
    let characters = range.map { bytes[$0] }.prefix { $0 != 0 }
    return String(decoding: characters, as: UTF8.self)
  }
}

extension NetlinkReader {
  /// NLMSG_ERROR and NLMSG_DONE of linux/netlink.h.
  static let errorType: UInt16 = 2
  static let doneType: UInt16 = 3
  /// ENOENT.
  static let missing: Int32 = 2

  /// The error number in a message of that type; 0 when all went well.
  static func errorCode(_ bytes: Span<UInt8>, _ message: NetlinkMessage) -> Int32? {
    guard message.body.count >= 4 else { return nil }
    let code = Int32(bitPattern: number32(bytes, message.body.lowerBound))
    return code == .min ? nil : -code
  }
}
