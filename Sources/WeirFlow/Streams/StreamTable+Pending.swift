/// Bytes out of order: a ring of blocks a direction, in ascending order, reached by its last one.
///
/// Segments behind a gap mostly come in order, so that they go to the end, and what is delivered goes from the front.
extension StreamTable {
  /// The lowest sequence number that is held.
  func lowest(_ side: StreamSide) -> UInt32? {
    side.pending == 0 ? nil : blocks[first(side)].sequence
  }

  private func first(_ side: StreamSide) -> Int { Int(blocks[Int(side.pending) - 1].next) }

  /// Gives gaps up and delivers what is held behind them: the first one, or all.
  mutating func giveUp(
    _ segment: StreamSegment, _ side: inout StreamSide, all: Bool,
    _ deliver: (Span<UInt8>, StreamContinuity, inout StreamSide) -> Void
  ) {
    repeat {
      guard let sequence = lowest(side) else { break }
      let gap = UInt32(max(0, distance(sequence, from: side.next)))
      if gap > 0 { skip(to: sequence, &side) }
      drain(&side, gap > 0 ? .afterGap(gap) : .inOrder, deliver)
    } while all && side.pending != 0
    side.state.remove(.passed)
  }

  /// Delivers a segment from `from` on, which is next in order, and what is held and touches it.
  ///
  /// Where both have bytes, those that are held came first and count.
  mutating func merge(
    _ segment: StreamSegment, _ start: UInt32, _ payload: Span<UInt8>, _ from: Int,
    _ continuity: StreamContinuity, _ side: inout StreamSide,
    _ deliver: (Span<UInt8>, StreamContinuity, inout StreamSide) -> Void
  ) {
    var position = from
    var continuity = continuity
    while position < payload.count {
      let held = lowest(side).map { distance($0, from: start) } ?? payload.count
      let stop = min(max(held, position), payload.count)
      if stop > position {
        deliver(payload.extracting(position..<stop), continuity, &side)
        continuity = .inOrder
        advance(&side, by: stop - position)
      }
      guard stop < payload.count else { break }
      compare(payload, start, first(side))
      deliverFirst(&side, continuity, deliver)
      continuity = .inOrder
      position = distance(side.next, from: start)
    }
    drain(&side, continuity, deliver)
  }

  /// Delivers what is held and next in order.
  private mutating func drain(
    _ side: inout StreamSide, _ continuity: StreamContinuity,
    _ deliver: (Span<UInt8>, StreamContinuity, inout StreamSide) -> Void
  ) {
    var continuity = continuity
    while let sequence = lowest(side), distance(sequence, from: side.next) <= 0 {
      deliverFirst(&side, continuity, deliver)
      continuity = .inOrder
    }
  }

  private mutating func deliverFirst(
    _ side: inout StreamSide, _ continuity: StreamContinuity,
    _ deliver: (Span<UInt8>, StreamContinuity, inout StreamSide) -> Void
  ) {
    let block = first(side)
    let seen = min(max(0, distance(side.next, from: blocks[block].sequence)), blocks[block].count)
    let count = blocks[block].count - seen
    if count > 0 {
      blocks.withBytes(of: block, seen..<seen + count) { deliver($0, continuity, &side) }
      advance(&side, by: count)
    }
    removeFirst(&side)
  }

  private mutating func removeFirst(_ side: inout StreamSide) {
    let last = Int(side.pending) - 1
    let block = first(side)
    if block == last {
      side.pending = 0
      side.state.remove(.passed)
    } else {
      blocks[last].next = blocks[block].next
    }
    side.pendingCount -= 1
    blocks.release(block)
  }

  /// Forgets all that a direction holds.
  mutating func drop(_ index: Int) {
    var side = sides[index]
    while side.pending != 0 {
      losses.droppedBytes += UInt64(blocks[first(side)].count)
      removeFirst(&side)
    }
    sides[index] = side
  }

  /// Counts a segment that contradicts a block.
  private mutating func compare(_ payload: Span<UInt8>, _ start: UInt32, _ block: Int) {
    let offset = distance(blocks[block].sequence, from: start)
    let from = max(0, offset)
    let to = min(payload.count, offset + blocks[block].count)
    guard from < to else { return }
    let isEqual = blocks.withBytes(of: block, from - offset..<to - offset) { held in
      for index in 0..<held.count where held[index] != payload[from + index] { return false }
      return true
    }
    if !isEqual { losses.conflicts += 1 }
  }

  /// Keeps those bytes of a segment that are not held yet; false when there is no room for all.
  mutating func hold(
    _ segment: StreamSegment, _ start: UInt32, _ payload: Span<UInt8>, _ side: inout StreamSide
  ) -> Bool {
    var position = 0
    if side.pending != 0 {
      let last = Int(side.pending) - 1
      if distance(blocks[last].end, from: start) > 0 {
        var previous = last
        repeat {
          let block = Int(blocks[previous].next)
          let offset = distance(blocks[block].sequence, from: start)
          if position < offset {
            let stop = min(offset, payload.count)
            let piece = payload.extracting(position..<stop)
            // Before the first block, `previous` is the last one, which must not grow.
            let joins = distance(blocks[previous].end, from: start) == position
            guard
              insert(
                piece, start &+ UInt32(position), after: previous, joins: joins,
                isLast: false, segment, &side)
            else { return false }
          }
          compare(payload, start, block)
          position = max(position, distance(blocks[block].end, from: start))
          previous = block
        } while previous != Int(side.pending) - 1 && position < payload.count
      }
    }
    guard position < payload.count else { return true }
    let last = Int(side.pending) - 1
    return insert(
      payload.extracting(position..<payload.count), start &+ UInt32(position), after: last,
      joins: last >= 0 && blocks[last].end == start &+ UInt32(position), isLast: true, segment,
      &side)
  }

  /// Puts bytes into blocks behind one of the ring: into what is free of it when they join it, then into new ones.
  private mutating func insert(
    _ piece: Span<UInt8>, _ sequence: UInt32, after previous: Int, joins: Bool, isLast: Bool,
    _ segment: StreamSegment, _ side: inout StreamSide
  ) -> Bool {
    var previous = previous
    var position = 0
    if joins { position = blocks.append(piece, to: previous) }
    while position < piece.count {
      guard Int(side.pendingCount) < StreamTable.pendingMax, let block = take(segment) else {
        return false
      }
      let rest = piece.extracting(position..<piece.count)
      blocks[block] = StreamBlock(sequence: sequence &+ UInt32(position))
      position += blocks.append(rest, to: block)
      if side.pending == 0 {
        blocks[block].next = UInt32(block)
      } else {
        blocks[block].next = blocks[previous].next
        blocks[previous].next = UInt32(block)
      }
      if isLast { side.pending = UInt32(block + 1) }
      side.pendingCount += 1
      previous = block
    }
    return true
  }

  /// A block for a direction; when its partition has none left, another direction loses its own.
  private mutating func take(_ segment: StreamSegment) -> Int? {
    while true {
      switch blocks.take(segment.partition, owner: segment.side) {
      case .place(let block): return block
      case .full(_, let owner): drop(owner)
      case .allOwn: return nil
      }
    }
  }
}
