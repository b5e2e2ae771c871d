/// Some bytes of a stream that came too early.
struct StreamBlock: BitwiseCopyable {
  /// The sequence number of the first byte.
  var sequence: UInt32
  /// The block behind it; behind the last one comes the first.
  var next: UInt32 = 0
  private var length: UInt32 = 0

  init(sequence: UInt32) { self.sequence = sequence }

  /// How many bytes there are.
  var count: Int {
    get { Int(length) }
    set { length = UInt32(newValue) }
  }

  /// The sequence number behind the last byte.
  var end: UInt32 { sequence &+ length }
}

/// The arena of blocks, dealt to partitions.
struct StreamBlocks: ~Copyable {
  /// How many bytes a block holds: a segment of a usual size.
  static let blockBytes = 2048

  private var heads: ZeroedMemory<StreamBlock>
  private var bytes: ZeroedMemory<UInt8>
  private var pool: SlotPool
  /// How many blocks are in use.
  private(set) var taken = 0
  /// How many bytes they hold.
  private(set) var heldBytes: UInt64 = 0

  /// Reserves `arenaBytes` and 20 bytes for each block of 2,048.
  init?(arenaBytes: Int) {
    let share = max(1, arenaBytes / (FlowTable.partitions * StreamBlocks.blockBytes))
    let count = share * FlowTable.partitions
    guard let heads = ZeroedMemory<StreamBlock>(count: count, isDense: false),
      let bytes = ZeroedMemory<UInt8>(count: count * StreamBlocks.blockBytes, isDense: false),
      let pool = SlotPool(share: share)
    else { return nil }
    self.heads = heads
    self.bytes = bytes
    self.pool = pool
  }

  subscript(block: Int) -> StreamBlock {
    get { heads[block] }
    _modify { yield &heads[block] }
  }

  /// Lends bytes of a block.
  func withBytes<Result>(
    of block: Int, _ range: Range<Int>, _ body: (Span<UInt8>) -> Result
  ) -> Result {
    let start = block * StreamBlocks.blockBytes
    return bytes.withSpan(of: start + range.lowerBound..<start + range.upperBound, body)
  }

  /// Copies as many bytes as there is room for behind those of a block; how many.
  mutating func append(_ piece: Span<UInt8>, to block: Int) -> Int {
    let count = min(piece.count, StreamBlocks.blockBytes - heads[block].count)
    bytes.copy(
      piece.extracting(0..<count), at: block * StreamBlocks.blockBytes + heads[block].count)
    heads[block].count += count
    heldBytes += UInt64(count)
    return count
  }

  mutating func take(_ partition: Int, owner: Int) -> SlotPool.Outcome {
    let outcome = pool.take(partition, owner: owner)
    if case .place = outcome { taken += 1 }
    return outcome
  }

  mutating func release(_ block: Int) {
    heldBytes -= UInt64(heads[block].count)
    pool.release(block)
    taken -= 1
  }
}
