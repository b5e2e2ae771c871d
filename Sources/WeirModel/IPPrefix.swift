/// A block of addresses that share their first bits (RFC 4632).
public struct IPPrefix: Hashable, Sendable, BitwiseCopyable {
  /// The first address of the block; the bits behind `length` are zero.
  public let address: IPAddress
  /// How many leading bits are fixed: 0 to 32 or 0 to 128.
  public let length: UInt8

  /// Makes the block that holds `address`; bits behind `length` are cleared.
  ///
  /// - Parameter length: clamped to what the family allows.
  @inlinable public init(_ address: IPAddress, length: Int) {
    let length = max(0, min(length, address.family.bits))
    self.address = address.masked(to: length)
    self.length = UInt8(length)
  }

  /// Whether the block is a single address.
  @inlinable public var isHost: Bool { Int(length) == address.family.bits }

  /// The last address of the block.
  @inlinable public var last: IPAddress { address.filled(from: Int(length)) }

  /// Whether `other` lies in the block.
  @inlinable public func contains(_ other: IPAddress) -> Bool {
    other.family == address.family && other.masked(to: Int(length)) == address
  }
}

extension IPPrefix: CustomStringConvertible {
  /// `address/length`.
  public var description: String { "\(address)/\(length)" }
}

/// The addresses from `first` to `last`, both included.
public struct IPRange: Hashable, Sendable, BitwiseCopyable {
  /// The lowest address.
  public let first: IPAddress
  /// The highest address; of the same family, never below `first`.
  public let last: IPAddress

  /// Makes a range, or nil when the families differ or the ends are the wrong way round.
  public init?(_ first: IPAddress, _ last: IPAddress) {
    guard first.family == last.family, first <= last else { return nil }
    self.first = first
    self.last = last
  }

  /// The prefix that is this very range, when there is one.
  public var prefix: IPPrefix? {
    for length in 0...first.family.bits {
      let candidate = IPPrefix(first, length: length)
      if candidate.address == first, candidate.last == last { return candidate }
    }
    return nil
  }

  /// Calls `body` with the fewest prefixes that together are the range, in ascending order.
  ///
  /// - Complexity: at most 62 prefixes for IPv4 and 254 for IPv6.
  public func forEachPrefix(_ body: (IPPrefix) -> Void) {
    var next: IPAddress? = first
    while let start = next, start <= last {
      var length = start.family.bits
      while length > 0 {
        let wider = IPPrefix(start, length: length - 1)
        guard wider.address == start, wider.last <= last else { break }
        length -= 1
      }
      let piece = IPPrefix(start, length: length)
      body(piece)
      next = piece.last.successor
    }
  }
}

extension IPRange: Comparable {
  /// By first address, the wider before the narrower.
  public static func < (left: IPRange, right: IPRange) -> Bool {
    left.first != right.first ? left.first < right.first : left.last > right.last
  }
}

extension IPRange: CustomStringConvertible {
  /// `first-last`.
  public var description: String { "\(first)-\(last)" }
}
