import WeirMatch

/// Takes in records in any order: sorts as many as its memory holds, puts them away, and so on.
struct RecordSorter: ~Copyable {
  private var arena = RecordArena()
  private var sorted: ColumnWriter
  private var runs: [Range<Int>] = []
  private let bufferByteCount: Int

  init(_ scratch: Scratch, bufferByteCount: Int) {
    sorted = ColumnWriter(scratch)
    self.bufferByteCount = bufferByteCount
  }

  /// Adds a record.
  ///
  /// - Parameter memberships: a number for each membership, in the order in which they come.
  mutating func append(
    _ key: [UInt8], membership: UInt32, line: UInt32, memberships: [UInt64]
  ) throws(ScratchError) {
    arena.append(key, membership: membership, line: line)
    if arena.byteCount >= bufferByteCount { try putAway(memberships) }
  }

  private mutating func putAway(_ memberships: [UInt64]) throws(ScratchError) {
    guard !arena.isEmpty else { return }
    arena.sort(memberships: memberships)
    let start = sorted.byteCount
    try arena.forEach { (record) throws(ScratchError) in try sorted.append(record) }
    runs.append(start..<sorted.byteCount)
    arena.removeAll()
  }

  /// The records in their order.
  consuming func finish(memberships: [UInt64]) throws(ScratchError) -> RecordMerger {
    try putAway(memberships)
    arena = RecordArena()
    return try RecordMerger(try sorted.finish(), runs: runs, memberships: memberships)
  }
}

/// Hands on the records of sorted runs in the order of all.
struct RecordMerger {
  /// The key of the record; the array is used again.
  private(set) var key: [UInt8] = []
  /// Whether the key is another than that of the record before.
  private(set) var isNewKey = false
  /// The number of its membership.
  var membership: UInt32 { cursors[current].membership }
  /// Its line.
  var line: UInt32 { cursors[current].line }
  /// How many bytes all records take.
  let byteCount: Int
  /// How many bytes were handed on.
  private(set) var doneByteCount = 0

  private var cursors: [RunCursor] = []
  /// A heap of the runs that are not at their end, that with the first record on top.
  private var heap: [Int] = []
  private var current = -1
  private let memberships: [UInt64]

  init(_ column: Column, runs: [Range<Int>], memberships: [UInt64]) throws(ScratchError) {
    self.memberships = memberships
    byteCount = column.byteCount
    // All windows together are a few megabytes, however many runs there are.
    let window = max(1 << 12, min(1 << 16, (4 << 20) / max(1, runs.count)))
    for run in runs {
      var cursor = RunCursor(ColumnReader(column, part: run, bufferByteCount: window))
      if try cursor.advance() { cursors.append(cursor) }
    }
    heap = Array(cursors.indices)
    for index in heap.indices.reversed() { sink(index) }
  }

  /// Goes to the next record; false when there is none.
  mutating func next() throws(ScratchError) -> Bool {
    if current >= 0 {
      doneByteCount += cursors[current].byteCount
      if try !cursors[current].advance() {
        heap[0] = heap[heap.count - 1]
        heap.removeLast()
      }
      sink(0)
    }
    guard let first = heap.first else { return false }
    isNewKey = current < 0 || !cursors[first].hasKey(key)
    current = first
    if isNewKey { cursors[first].copyKey(to: &key) }
    return true
  }

  private mutating func sink(_ start: Int) {
    var index = start
    while true {
      var first = index
      for child in [2 * index + 1, 2 * index + 2] where child < heap.count {
        if precedes(heap[child], heap[first]) { first = child }
      }
      guard first != index else { return }
      heap.swapAt(index, first)
      index = first
    }
  }

  private func precedes(_ left: Int, _ right: Int) -> Bool {
    let (leftPrefix, rightPrefix) = (cursors[left].prefix, cursors[right].prefix)
    if leftPrefix != rightPrefix { return leftPrefix < rightPrefix }
    let order = cursors[left].compareKey(cursors[right])
    if order != 0 { return order < 0 }
    let one = memberships[Int(cursors[left].membership)]
    let other = memberships[Int(cursors[right].membership)]
    if one != other { return one < other }
    return cursors[left].line < cursors[right].line
  }
}

/// Stands at a record of a run.
private struct RunCursor {
  private(set) var prefix: UInt64 = 0
  private(set) var membership: UInt32 = 0
  private(set) var line: UInt32 = 0
  /// How long the record is.
  private(set) var byteCount = 0
  private var reader: ColumnReader

  init(_ reader: ColumnReader) { self.reader = reader }

  private var keyRange: Range<Int> {
    let start = reader.range.lowerBound
    return start + RecordArena.headByteCount..<start + byteCount
  }

  mutating func advance() throws(ScratchError) -> Bool {
    reader.skip(byteCount)
    byteCount = 0
    guard try reader.fill(RecordArena.headByteCount) else { return false }
    let start = reader.range.lowerBound
    let size = RecordArena.headByteCount + Int(RecordArena.field(reader.buffer, start))
    guard try reader.fill(size) else { return false }
    byteCount = size
    let place = reader.range.lowerBound
    membership = RecordArena.field(reader.buffer, place + 4)
    line = RecordArena.field(reader.buffer, place + 8)
    prefix = RecordArena.prefix(
      reader.buffer, from: keyRange.lowerBound, to: keyRange.upperBound)
    return true
  }

  func compareKey(_ other: RunCursor) -> Int {
    RecordArena.compare(reader.buffer, keyRange, other.reader.buffer, other.keyRange)
  }

  func hasKey(_ key: [UInt8]) -> Bool {
    RecordArena.compare(reader.buffer, keyRange, key, 0..<key.count) == 0
  }

  func copyKey(to key: inout [UInt8]) {
    key.removeAll(keepingCapacity: true)
    key.append(contentsOf: reader.buffer[keyRange])
  }
}
