/// What is remembered of one direction of a TCP connection; 32 bytes, all zero before its first segment.
public struct StreamSide: Sendable, BitwiseCopyable {
  /// The sequence number of the next byte in order.
  var next: UInt32 = 0
  /// Bytes before `next` that never came begin here.
  var holeStart: UInt32 = 0
  /// They end here.
  var holeEnd: UInt32 = 0
  /// One more than the block that holds the highest bytes out of order; 0 when there are none.
  var pending: UInt32 = 0
  /// Eight bytes for whoever reads the stream; zero at its start and behind a gap.
  public var memo: UInt64 = 0
  /// How many bytes to come are of no interest to whoever reads the stream.
  public var skip: UInt32 = 0
  /// Where the reader gathers a message, as `StreamHeads` numbers it; 0 when it does not.
  public var head: UInt16 = 0
  /// How many blocks are held out of order.
  var pendingCount: UInt8 = 0
  var state: StreamState = []

  /// A direction of which nothing was seen.
  public init() {}
}

/// Bits of a direction's life.
struct StreamState: OptionSet, Sendable, BitwiseCopyable {
  let rawValue: UInt8

  /// The sequence numbers are known.
  static let open = StreamState(rawValue: 1)
  /// The capture keeps only parts of the segments, so that no gap will ever be filled.
  static let cut = StreamState(rawValue: 2)
  /// The receiver has what is missing here, so that it will not be sent again.
  static let passed = StreamState(rawValue: 4)
}

/// How bytes that are delivered follow those before.
public enum StreamContinuity: Equatable, Sendable, BitwiseCopyable {
  /// Without a gap.
  case inOrder
  /// Behind this many bytes that were given up.
  case afterGap(UInt32)
  /// They fill a part of a gap that was given up, or lie before the first byte that was seen: what they border on
  /// was delivered before, or never.
  case isolated
}

/// What of the streams was not judged, or not as it was sent.
public struct StreamLosses: Equatable, Sendable, BitwiseCopyable {
  /// Bytes in gaps that were given up; some may have come later, and were then judged alone.
  public var gapBytes: UInt64 = 0
  /// Bytes that had come out of order and were dropped for want of memory, or because their connection ended.
  public var droppedBytes: UInt64 = 0
  /// Segments that contradict bytes that had come before them.
  public var conflicts: UInt64 = 0

  /// Nothing lost.
  public init() {}

  mutating func add(gap: UInt32) { gapBytes += UInt64(gap) }
}

/// What the header of a segment says that a stream needs to know.
public struct StreamSegment: Sendable, BitwiseCopyable {
  /// Where the flow is in the flow table.
  public var place: Int
  /// The partition of its hosts.
  public var partition: Int
  /// Whether the lower end sent it.
  public var isFromLow: Bool
  /// The sequence number.
  public var sequence: UInt32
  /// Whether the segment opens the direction.
  public var isSYN: Bool
  /// Whether it ends the connection at once.
  public var isRST: Bool
  /// Whether bytes at its end are missing from the capture.
  public var isCut: Bool

  /// Makes the head of a segment.
  public init(
    place: Int, partition: Int, isFromLow: Bool, sequence: UInt32, isSYN: Bool = false,
    isRST: Bool = false, isCut: Bool = false
  ) {
    self.place = place
    self.partition = partition
    self.isFromLow = isFromLow
    self.sequence = sequence
    self.isSYN = isSYN
    self.isRST = isRST
    self.isCut = isCut
  }

  /// A number for the direction, unique in the table.
  public var side: Int { place * 2 + (isFromLow ? 0 : 1) }
}
