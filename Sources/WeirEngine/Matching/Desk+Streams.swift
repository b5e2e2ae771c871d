import WeirDecode
import WeirFlow
import WeirMatch
import WeirModel

/// Station 4: what TCP streams carry, piece by piece as they come in order.
extension Desk {
  /// The next bytes of a stream.
  ///
  /// - Parameters:
  ///   - side: what is remembered of the direction.
  ///   - heads: where messages that are not complete are gathered.
  ///   - port: to which the direction goes.
  /// - Returns: why something could not be judged in full, if it could not.
  mutating func matchStream(
    _ bytes: Span<UInt8>, _ continuity: StreamContinuity, _ side: inout StreamSide,
    _ heads: inout StreamHeads, _ segment: StreamSegment, port: UInt16, _ matchers: Matchers,
    _ name: inout NameBuffer
  ) -> Unjudged? {
    if continuity == .isolated {
      if !matchers.patterns.isEmpty { matchPatterns(bytes, matchers) }
      return matchAlone(bytes, port: port, matchers, &name)
    }
    if !matchers.patterns.isEmpty { matchPatterns(bytes, resuming: &side.memo, matchers) }
    var problem: Unjudged?
    if case .afterGap(let gap) = continuity {
      problem = abandon(&side, &heads, segment)
      side.skip = side.skip > gap ? side.skip - gap : 0
    }
    var start = 0
    if side.head != 0 {
      switch goOn(bytes, &side, &heads, segment, port: port, matchers, &name) {
      case .consumed(let count, let body, let found):
        start = count
        side.skip = UInt32(clamping: body)
        problem = problem ?? found
      case .needsMore: return problem
      case .giveUp(let found): return problem ?? found
      }
    }
    let found = matchMessages(
      bytes, from: start, &side, &heads, segment, port: port, matchers, &name)
    return problem ?? found
  }

  /// Messages from `start` on, one behind the other; the last one is gathered if it goes on.
  private mutating func matchMessages(
    _ bytes: Span<UInt8>, from start: Int, _ side: inout StreamSide, _ heads: inout StreamHeads,
    _ segment: StreamSegment, port: UInt16, _ matchers: Matchers, _ name: inout NameBuffer
  ) -> Unjudged? {
    var problem: Unjudged?
    var offset = start
    while true {
      let skipped = min(Int(side.skip), bytes.count - offset)
      side.skip -= UInt32(skipped)
      offset += skipped
      guard offset < bytes.count else { return problem }
      let rest = bytes.extracting(offset..<bytes.count)
      switch readMessage(rest, port: port, isNamed: false, matchers, &name) {
      case .consumed(let count, let body, let found):
        problem = problem ?? found
        offset += count
        side.skip = UInt32(clamping: body)
      case .needsMore(let needed, let isSure, let isNamed):
        guard rest.count < StreamHeads.headBytes, !segment.isCut else {
          return problem ?? (isSure && !isNamed ? .handshakeIncomplete : nil)
        }
        side.head = heads.open(
          segment, StreamHead(needed: needed, isSure: isSure, isNamed: isNamed))
        _ = heads.append(rest, to: side.head, segment)
        return problem
      case .giveUp(let found):
        return problem ?? found
      }
    }
  }

  /// More of a message that is being gathered.
  ///
  /// - Returns: as a reader does, but counting from the first of `bytes`.
  private mutating func goOn(
    _ bytes: Span<UInt8>, _ side: inout StreamSide, _ heads: inout StreamHeads,
    _ segment: StreamSegment, port: UInt16, _ matchers: Matchers, _ name: inout NameBuffer
  ) -> StreamStep {
    guard heads.holds(side.head, segment) else {
      // It made room for others, and was counted then.
      side.head = 0
      return .consumed(0, body: 0, nil)
    }
    let before = heads[side.head, segment].count
    let added = heads.append(bytes, to: side.head, segment)
    let head = heads[side.head, segment]
    let isLast = segment.isCut || head.count == StreamHeads.headBytes
    let isReady =
      head.needed == 0 ? hasLineFeed(bytes.extracting(0..<added)) : head.count >= head.needed
    guard isReady || isLast else {
      return .needsMore(bytes: head.needed, isSure: head.isSure, isNamed: head.isNamed)
    }
    let step = heads.withBytes(of: side.head, segment) { gathered in
      readMessage(gathered, port: port, isNamed: head.isNamed, matchers, &name)
    }
    switch step {
    case .consumed(let count, let body, let found):
      close(&side, &heads, segment)
      return .consumed(max(0, min(count - before, added)), body: body, found)
    case .needsMore(let needed, let isSure, let isNamed):
      if isLast {
        close(&side, &heads, segment)
        return .giveUp(isSure && !isNamed ? .handshakeIncomplete : nil)
      }
      heads[side.head, segment].needed = needed
      heads[side.head, segment].isSure = isSure
      heads[side.head, segment].isNamed = isNamed
      return step
    case .giveUp:
      close(&side, &heads, segment)
      return step
    }
  }

  private func close(
    _ side: inout StreamSide, _ heads: inout StreamHeads, _ segment: StreamSegment
  ) {
    heads.close(side.head, segment)
    side.head = 0
  }

  /// Gives up the message that is being gathered, because bytes of it are missing.
  private func abandon(
    _ side: inout StreamSide, _ heads: inout StreamHeads, _ segment: StreamSegment
  ) -> Unjudged? {
    guard side.head != 0 else { return nil }
    let isMissed = heads.holds(side.head, segment) && heads[side.head, segment].isMissed
    close(&side, &heads, segment)
    return isMissed ? .handshakeIncomplete : nil
  }

  /// Bytes of TCP whose neighbors are not known: messages that begin at the first of them.
  mutating func matchAlone(
    _ bytes: Span<UInt8>, port: UInt16, _ matchers: Matchers, _ name: inout NameBuffer
  ) -> Unjudged? {
    var problem: Unjudged?
    var offset = 0
    while offset < bytes.count {
      let rest = bytes.extracting(offset..<bytes.count)
      switch readMessage(rest, port: port, isNamed: false, matchers, &name) {
      case .consumed(let count, let body, let found):
        problem = problem ?? found
        offset += min(count + body, bytes.count - offset)
      case .needsMore(_, let isSure, let isNamed):
        return problem ?? (isSure && !isNamed ? .handshakeIncomplete : nil)
      case .giveUp(let found):
        return problem ?? found
      }
    }
    return problem
  }

  private func hasLineFeed(_ bytes: Span<UInt8>) -> Bool {
    for index in 0..<bytes.count where bytes[index] == 0x0a { return true }
    return false
  }
}
