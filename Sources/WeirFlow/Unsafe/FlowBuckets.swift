import CWeirSIMD

/// The buckets of a flow table, searched eight places at a time.
///
/// The searches are C, where a comparison of eight tags is three instructions; a bucket is handed over by its address,
/// because a copy of it costs as much as the search.
struct FlowBuckets: ~Copyable {
  private var memory: ZeroedMemory<FlowBucket>

  /// Reserves zeroed buckets; nil when the system refuses.
  init?(count: Int, isDense: Bool) {
    guard let memory = ZeroedMemory<FlowBucket>(count: count, isDense: isDense) else { return nil }
    self.memory = memory
  }

  /// The bucket at `index`.
  subscript(index: Int) -> FlowBucket {
    get { memory[index] }
    _modify { yield &memory[index] }
  }

  /// Asks for a bucket's cache line.
  func prefetch(_ index: Int) { memory.prefetch(index) }

  /// The places of a bucket whose tag is `tag`, a bit each.
  @inline(__always) mutating func ways(of index: Int, with tag: UInt32) -> UInt32 {
    // The tags begin the bucket, eight words in a row.
    unsafe memory.withWords(of: index) { words in unsafe weir_flow_match8(words, tag) }
  }

  /// A free place of a bucket, or else the one that was used least recently; of equals the first.
  @inline(__always) mutating func oldest(of index: Int) -> Int {
    // The times follow the tags, eight words in a row.
    unsafe memory.withWords(of: index) { words in
      Int(unsafe weir_flow_oldest8(words + FlowBucket.ways))
    }
  }
}

extension ZeroedMemory where Element == FlowBucket {
  /// Lends the sixteen words of a bucket: eight tags, then eight times.
  @inline(__always) fileprivate func withWords<Result>(
    of index: Int, _ body: (UnsafePointer<UInt32>) -> Result
  ) -> Result {
    precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "outside the memory")
    // A bucket is two inline arrays of eight words, so its address is that of sixteen words.
    return unsafe body(UnsafeRawPointer(address(of: index)).assumingMemoryBound(to: UInt32.self))
  }
}
