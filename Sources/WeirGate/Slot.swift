import WeirModel

/// One packet of a batch: where it lies in the lent memory, and what the capture says of it.
public struct Slot: Sendable, BitwiseCopyable {
  /// Where the frame begins in the arena, in bytes.
  public var offset: Int
  /// How many bytes of the frame are there.
  public var capturedLength: Int32
  /// How many bytes the frame had on the wire.
  public var wireLength: UInt32
  /// When it was seen.
  public var timestamp: Timestamp
  /// How it is framed.
  public var link: LinkType
  /// Which interface of the gate it came from, counted from 0.
  public var interface: UInt16

  /// Makes a slot.
  @inlinable public init(
    offset: Int, capturedLength: Int32, wireLength: UInt32, timestamp: Timestamp, link: LinkType,
    interface: UInt16
  ) {
    self.offset = offset
    self.capturedLength = capturedLength
    self.wireLength = wireLength
    self.timestamp = timestamp
    self.link = link
    self.interface = interface
  }
}
