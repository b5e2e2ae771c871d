/// Writes a column: numbers little-endian, one after the other.
public struct ColumnWriter: ~Copyable {
  private var buffer: [UInt8] = []
  private var used = 0
  private var written = 0
  private var blocks: [[UInt8]] = []
  private var file: SpillFile?
  private let scratch: Scratch

  /// Begins a column.
  public init(_ scratch: Scratch) { self.scratch = scratch }

  /// How many bytes were written so far.
  public var byteCount: Int { written + used }

  /// Adds a number.
  public mutating func append(_ value: UInt32) throws(ScratchError) {
    if buffer.count - used < 4 { try makeRoom() }
    let place = used
    // Four bytes from `place` lie in the buffer by the check above.
    unsafe buffer.withUnsafeMutableBytes {
      unsafe $0.storeBytes(of: value.littleEndian, toByteOffset: place, as: UInt32.self)
    }
    used += 4
  }

  /// Adds bytes.
  public mutating func append(_ bytes: Span<UInt8>) throws(ScratchError) {
    var start = 0
    while start < bytes.count {
      if used == buffer.count { try makeRoom() }
      let count = min(bytes.count - start, buffer.count - used)
      let (from, place) = (start, used)
      // Both ranges are `count` long and lie in their buffers, which are distinct.
      unsafe buffer.withUnsafeMutableBytes { target in
        unsafe bytes.withUnsafeBytes { source in
          unsafe UnsafeMutableRawBufferPointer(rebasing: target[place..<place + count])
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[from..<from + count]))
        }
      }
      start += count
      used += count
    }
  }

  /// Makes room for at least eight bytes: the buffer grows up to a block, which is then put away.
  private mutating func makeRoom() throws(ScratchError) {
    guard buffer.count == Scratch.blockByteCount else {
      let added = buffer.isEmpty ? 1 << 12 : buffer.count
      buffer.append(contentsOf: repeatElement(0, count: added))
      return
    }
    try putAway()
  }

  private mutating func putAway() throws(ScratchError) {
    guard let folder = scratch.folder else {
      // A block that is not full is the last one, and followed by nothing.
      blocks.append(used == buffer.count ? buffer : Array(buffer[..<used]))
      buffer = used == buffer.count ? [UInt8](repeating: 0, count: used) : []
      (written, used) = (written + used, 0)
      return
    }
    if file == nil { file = try SpillFile(in: folder) }
    let (file, offset, count) = (file, written, used)
    unsafe try buffer.withUnsafeBufferPointer { bytes throws(ScratchError) in
      // The first `count` bytes lie in the buffer.
      try unsafe file?.write(
        UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[..<count])), at: offset)
    }
    (written, used) = (written + used, 0)
  }

  /// The column.
  public consuming func finish() throws(ScratchError) -> Column {
    if file != nil || scratch.folder == nil {
      if used > 0 { try putAway() }
      return Column(byteCount: written, blocks: blocks, file: file)
    }
    return Column(Array(buffer[..<used]))
  }
}

extension ColumnWriter {
  /// Adds the elements of an array as they lie in memory; they have no padding.
  mutating func append<Element: BitwiseCopyable>(
    elements: [Element]
  ) throws(ScratchError) {
    // Integers and structures without padding, of which every byte is initialized; the buffer is used
    // within the closure.
    unsafe try elements.withUnsafeBufferPointer { elements throws(ScratchError) in
      let bytes = UnsafeRawBufferPointer(elements)
      try append(unsafe Span<UInt8>(_unsafeBytes: bytes))
    }
  }
}

extension Column {
  /// Copies bytes into a buffer.
  ///
  /// Traps when they are not in the column, or have no room.
  public func read(
    at offset: Int, into buffer: inout [UInt8], from start: Int, count: Int
  ) throws(ScratchError) {
    precondition(
      offset >= 0 && count >= 0 && offset + count <= byteCount && start >= 0
        && start + count <= buffer.count, "outside the column or the buffer")
    // The target is `count` bytes from `start`, which lie in the buffer by the check above.
    unsafe try buffer.withUnsafeMutableBufferPointer { bytes throws(ScratchError) in
      let part = unsafe UnsafeMutableBufferPointer(rebasing: bytes[start..<start + count])
      let target = UnsafeMutableRawBufferPointer(part)
      guard let file else { return unsafe copyBlocks(at: offset, to: target) }
      try unsafe file.read(target, at: offset)
    }
  }

  /// Copies from memory; the bytes from `offset` are as many as the target has.
  private func copyBlocks(at offset: Int, to target: UnsafeMutableRawBufferPointer) {
    guard let first = blocks.first, !first.isEmpty else { return }
    var done = 0
    while done < target.count {
      let (block, place) = (offset + done).quotientAndRemainder(dividingBy: first.count)
      let count = min(target.count - done, blocks[block].count - place)
      // Both ranges are `count` long and lie in their buffers, which are distinct.
      unsafe blocks[block].withUnsafeBytes { source in
        unsafe UnsafeMutableRawBufferPointer(rebasing: target[done..<done + count])
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[place..<place + count]))
      }
      done += count
    }
  }
}
