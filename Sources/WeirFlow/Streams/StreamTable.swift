/// TCP reassembled (RFC 9293), each direction by itself, in bounded memory.
///
/// Bytes in order are lent to the reader where they lie, and nothing of them is kept. Only those that come too early
/// are copied, into blocks of an arena of which every partition has its share.
///
/// Where segments overlap, the bytes that came first count, and a segment that contradicts bytes that are still held
/// is counted as a conflict. A gap is given up when the receiver acknowledges what lies behind it, when the direction
/// holds more blocks than it may, when the capture cuts segments, or with a reset. What comes for it later, and what
/// lies before the first byte that was seen, is judged alone.
///
/// A direction lies beside its flow, so the table forgets with the flow table.
public struct StreamTable: ~Copyable {
  /// The most blocks that a direction may hold.
  static let pendingMax = 128

  var sides: ZeroedMemory<StreamSide>
  var blocks: StreamBlocks
  /// What was not judged, or not as it was sent.
  public internal(set) var losses = StreamLosses()

  /// Reserves memory, taken as it is used: 64 bytes a flow, and `arenaBytes` for what comes out of order.
  ///
  /// - Parameters:
  ///   - places: how many places the flow table has.
  ///   - arenaBytes: of all partitions together; at least a block each.
  /// - Returns: nil when the system refuses.
  public init?(places: Int, arenaBytes: Int, isDense: Bool = false) {
    guard let sides = ZeroedMemory<StreamSide>(count: places * 2, isDense: isDense),
      let blocks = StreamBlocks(arenaBytes: arenaBytes)
    else { return nil }
    self.sides = sides
    self.blocks = blocks
  }

  /// Whether any direction waits for missing bytes.
  ///
  /// When none does, a segment without data that neither opens nor resets a connection changes nothing.
  public var isWaiting: Bool { blocks.taken > 0 }

  /// Asks for the record of a flow.
  public mutating func prefetch(_ place: Int) { sides.prefetch(place * 2) }

  /// Forgets what was at a place, because a new flow takes it.
  ///
  /// - Parameter release: called for each direction in which the reader was gathering a message.
  public mutating func begin(
    _ first: StreamSegment, _ release: (_ old: StreamSegment, _ head: UInt16) -> Void
  ) {
    var segment = first
    for index in 0..<2 {
      segment.isFromLow = index == 0
      let side = segment.side
      if sides[side].pending != 0 { drop(side) }
      if sides[side].head != 0 { release(segment, sides[side].head) }
      sides[side] = StreamSide()
    }
  }

  /// Bytes that wait for others before them.
  public var heldBytes: UInt64 { blocks.heldBytes }

  /// Notes that one end has all bytes of the other one before `acknowledgment`.
  public mutating func acknowledge(_ segment: StreamSegment, _ acknowledgment: UInt32) {
    let other = segment.side ^ 1
    guard sides[other].pending != 0, distance(acknowledgment, from: sides[other].next) > 0 else {
      return
    }
    sides[other].state.insert(.passed)
  }

  /// Takes a segment, and delivers what it puts in order.
  ///
  /// - Parameters:
  ///   - payload: its data, possibly none.
  ///   - deliver: gets bytes of the stream, how they follow the last ones, and the record with the reader's part of it.
  /// - Complexity: O(payload + what is delivered) when segments come in ascending order, with or without gaps;
  ///   otherwise O(payload + blocks held) more.
  public mutating func receive(
    _ segment: StreamSegment, _ payload: Span<UInt8>,
    _ deliver: (Span<UInt8>, StreamContinuity, inout StreamSide) -> Void
  ) {
    let index = segment.side
    var side = sides[index]
    let start = segment.sequence &+ (segment.isSYN ? 1 : 0)
    if !side.state.contains(.open) || segment.isSYN { open(segment, at: start, &side) }
    if payload.count > 0 {
      if side.next == start, side.pending == 0 {
        deliver(payload, .inOrder, &side)
        advance(&side, by: payload.count)
      } else {
        place(segment, start, payload, &side, deliver)
      }
    }
    if segment.isCut { side.state.insert(.cut) }
    if side.pending != 0, segment.isRST || !side.state.isDisjoint(with: [.passed, .cut]) {
      giveUp(segment, &side, all: segment.isRST || side.state.contains(.cut), deliver)
    }
    sides[index] = side
  }

  /// Learns the sequence numbers of a direction, by its SYN or in the middle.
  private mutating func open(_ segment: StreamSegment, at start: UInt32, _ side: inout StreamSide) {
    let wasOpen = side.state.contains(.open)
    // A SYN that is sent again lies just before what it opened.
    if wasOpen, (0..<65_536).contains(distance(side.next, from: start)) { return }
    if side.pending != 0 {
      sides[segment.side] = side
      drop(segment.side)
      side = sides[segment.side]
    }
    side.next = start
    side.state = .open
    side.holeEnd = start
    // Before a first SYN there is nothing. Before anything else there may be what was not seen.
    side.holeStart = segment.isSYN && !wasOpen ? start : start &- 1 << 30
  }

  /// A segment that is not simply the next one.
  private mutating func place(
    _ segment: StreamSegment, _ start: UInt32, _ payload: Span<UInt8>, _ side: inout StreamSide,
    _ deliver: (Span<UInt8>, StreamContinuity, inout StreamSide) -> Void
  ) {
    var from = 0
    let ahead = distance(start, from: side.next)
    if ahead < 0 {
      from = min(payload.count, -ahead)
      fillHole(start, payload.extracting(0..<from), &side, deliver)
    } else if ahead > 0, side.state.contains(.cut), side.pending == 0 {
      skip(to: start, &side)
      deliver(payload, .afterGap(UInt32(ahead)), &side)
      return advance(&side, by: payload.count)
    }
    guard from < payload.count else { return }
    while distance(start &+ UInt32(from), from: side.next) > 0 {
      if hold(segment, start, payload, &side) { return }
      // No room: the gap in front goes, and with it what is held just behind it.
      guard distance(lowest(side) ?? start, from: start) < 0 else {
        let gap = UInt32(distance(start, from: side.next))
        skip(to: start, &side)
        return merge(segment, start, payload, 0, .afterGap(gap), &side, deliver)
      }
      giveUp(segment, &side, all: false, deliver)
    }
    from = distance(side.next, from: start)
    guard from < payload.count else { return }
    merge(segment, start, payload, from, .inOrder, &side, deliver)
  }

  /// Bytes from before `next`: those that were never seen are delivered alone.
  private mutating func fillHole(
    _ start: UInt32, _ old: Span<UInt8>, _ side: inout StreamSide,
    _ deliver: (Span<UInt8>, StreamContinuity, inout StreamSide) -> Void
  ) {
    guard side.holeStart != side.holeEnd else { return }
    let first = max(0, distance(side.holeStart, from: start))
    let last = min(old.count, distance(side.holeEnd, from: start))
    guard first < last else { return }
    deliver(old.extracting(first..<last), .isolated, &side)
    let end = start &+ UInt32(last)
    // One hole is remembered: what lies before the middle of it is not waited for any more.
    if end == side.holeEnd { side.holeEnd = start &+ UInt32(first) } else { side.holeStart = end }
  }

  /// Moves on over bytes that were delivered.
  mutating func advance(_ side: inout StreamSide, by count: Int) {
    let next = side.next &+ UInt32(truncatingIfNeeded: count)
    // A hole is forgotten before its numbers could mean other bytes.
    if next &- side.holeEnd > 1 << 30 { side.holeStart = side.holeEnd }
    side.next = next
  }

  /// Gives a gap up.
  mutating func skip(to sequence: UInt32, _ side: inout StreamSide) {
    losses.add(gap: sequence &- side.next)
    side.holeStart = side.next
    side.holeEnd = sequence
    side.next = sequence
    side.memo = 0
  }
}

/// How far one sequence number lies behind another one, modulo 2³² (RFC 9293, section 3.4).
@inline(__always)
func distance(_ sequence: UInt32, from origin: UInt32) -> Int {
  Int(Int32(truncatingIfNeeded: Int64(sequence &- origin)))
}
