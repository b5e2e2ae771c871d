/// Where messages that go over several segments are gathered: buffers of a fixed size, dealt to partitions.
///
/// When a partition has none left, the one that was begun first goes.
public struct StreamHeads: ~Copyable {
  /// How long a message may be.
  public static let headBytes = 16_384

  private var heads: ZeroedMemory<StreamHead>
  private var bytes: ZeroedMemory<UInt8>
  private var pool: SlotPool
  /// Messages that had been recognized and lost their buffer to others.
  public private(set) var evicted: UInt64 = 0

  /// Reserves `arenaBytes`, at least a buffer for each partition; taken page by page as it is used.
  public init?(arenaBytes: Int) {
    let share = min(
      max(1, arenaBytes / (FlowTable.partitions * StreamHeads.headBytes)), Int(UInt16.max) - 1)
    let count = share * FlowTable.partitions
    guard let heads = ZeroedMemory<StreamHead>(count: count, isDense: false),
      let bytes = ZeroedMemory<UInt8>(count: count * StreamHeads.headBytes, isDense: false),
      let pool = SlotPool(share: share)
    else { return nil }
    self.heads = heads
    self.bytes = bytes
    self.pool = pool
  }

  /// Begins a message; its number, for `StreamSide.head`.
  public mutating func open(_ segment: StreamSegment, _ head: StreamHead) -> UInt16 {
    let place: Int
    switch pool.take(segment.partition, owner: segment.side) {
    case .place(let free): place = free
    case .full(let other, _):
      if heads[other].isMissed { evicted += 1 }
      pool.reassign(other, to: segment.side)
      place = other
    // A direction has one message at most, so only a buffer that it lost sight of can be its own.
    case .allOwn: place = segment.partition * pool.share
    }
    heads[place] = head
    heads[place].count = 0
    return UInt16(place - segment.partition * pool.share + 1)
  }

  /// Whether a message still has its buffer.
  public func holds(_ head: UInt16, _ segment: StreamSegment) -> Bool {
    pool.isOwned(place(head, segment), by: segment.side)
  }

  /// Copies as many bytes as there is room for behind those of a message; how many.
  public mutating func append(
    _ piece: Span<UInt8>, to head: UInt16, _ segment: StreamSegment
  ) -> Int {
    let place = place(head, segment)
    let count = min(piece.count, StreamHeads.headBytes - heads[place].count)
    bytes.copy(
      piece.extracting(0..<count), at: place * StreamHeads.headBytes + heads[place].count)
    heads[place].count += count
    return count
  }

  /// What is known of a message.
  public subscript(head: UInt16, segment: StreamSegment) -> StreamHead {
    get { heads[place(head, segment)] }
    set { heads[place(head, segment)] = newValue }
  }

  /// Lends what was gathered.
  public func withBytes<Result>(
    of head: UInt16, _ segment: StreamSegment, _ body: (Span<UInt8>) -> Result
  ) -> Result {
    let place = place(head, segment)
    let start = place * StreamHeads.headBytes
    return bytes.withSpan(of: start..<start + heads[place].count, body)
  }

  /// Ends a message.
  public mutating func close(_ head: UInt16, _ segment: StreamSegment) {
    if holds(head, segment) { pool.release(place(head, segment)) }
  }

  /// Messages that were recognized and whose end did not come yet.
  public var unfinished: UInt64 {
    var count: UInt64 = 0
    for place in 0..<heads.count where pool.isTaken(place) && heads[place].isMissed { count += 1 }
    return count
  }

  private func place(_ head: UInt16, _ segment: StreamSegment) -> Int {
    segment.partition * pool.share + Int(head) - 1
  }
}

/// What is known of a message that is being gathered.
public struct StreamHead: Sendable, BitwiseCopyable {
  /// How many bytes are there.
  public fileprivate(set) var count = 0
  /// With how many bytes to look at it again; 0 for the next line feed.
  public var needed: Int
  /// Whether its protocol is known.
  public var isSure: Bool
  /// Whether the name in it was found before its end.
  public var isNamed: Bool

  /// A message without bytes yet.
  public init(needed: Int, isSure: Bool, isNamed: Bool) {
    self.needed = needed
    self.isSure = isSure
    self.isNamed = isNamed
  }

  /// Whether something would be missed if its end did not come.
  public var isMissed: Bool { isSure && !isNamed }
}
