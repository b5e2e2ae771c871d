/// What one payload says, besides bytes.
enum PayloadRole: UInt8, Sendable {
  case plain
  case dnsQuery
  case dnsResponse
  case httpRequest
  case clientHello
}

/// How often one pattern is found in one payload.
struct PatternEvent: Sendable, Equatable {
  let pattern: Int
  /// Occurrences that lie wholly in the payload.
  var whole = 0
  /// Occurrences that end in the payload and began in an earlier one of the same stream.
  var across = 0
}

/// One packet's payload: bytes of the pool, and all that the truth needs to know about them.
struct Payload: Sendable {
  let bytes: Range<Int>
  /// The sum of its 16-bit words, for the checksum of the packet.
  let sum: UInt16
  let role: PayloadRole
  /// The listed name it holds, or -1.
  let listedName: Int32
  /// Where its events are in the pool.
  let events: Range<Int32>
}

/// Every payload that a capture may send, each searched once for every pattern.
///
/// A payload never sent before is never made while frames are written, so what the capture holds
/// is known exactly before its first frame.
struct PayloadPool: Sendable {
  private(set) var bytes: [UInt8] = []
  private(set) var payloads: [Payload] = []
  private(set) var events: [PatternEvent] = []

  private let searcher: PatternSearcher

  init(searcher: PatternSearcher) {
    self.searcher = searcher
  }

  /// Whether these bytes hold no pattern.
  ///
  /// As one stream, when they are sent over TCP; otherwise each of the payloads alone.
  func isClean(_ content: [UInt8], lengths: [Int], isStream: Bool) -> Bool {
    let found = searcher.search(content)
    if isStream || found.isEmpty { return found.isEmpty }
    return spans(lengths).allSatisfy { span in
      !found.contains { span.lowerBound <= $0.start && $0.end <= span.upperBound }
    }
  }

  /// Adds the payloads that `content` is cut into, and returns where they are.
  mutating func add(
    _ content: [UInt8], lengths: [Int], isStream: Bool, role: PayloadRole = .plain,
    listedName: Int = -1
  ) -> Range<Int> {
    let found = searcher.search(content)
    let first = payloads.count
    let base = bytes.count
    bytes += content
    for (index, span) in spans(lengths).enumerated() {
      let firstEvent = Int32(events.count)
      events += eventsEnding(in: span, found, isStream: isStream)
      var sum = Checksum()
      sum.add(content[span])
      // Only the first payload of a stream has a role: what follows a hello is not one.
      let isFirst = index == 0
      payloads.append(
        Payload(
          bytes: base + span.lowerBound..<base + span.upperBound, sum: sum.folded,
          role: isFirst ? role : .plain, listedName: isFirst ? Int32(listedName) : -1,
          events: firstEvent..<Int32(events.count)))
    }
    return first..<payloads.count
  }

  /// The patterns that end in `payload`.
  func events(of payload: Payload?) -> ArraySlice<PatternEvent> {
    guard let range = payload?.events else { return [] }
    return events[Int(range.lowerBound)..<Int(range.upperBound)]
  }

  private func eventsEnding(
    in span: Range<Int>, _ found: [PatternSearcher.Occurrence], isStream: Bool
  ) -> [PatternEvent] {
    var result: [PatternEvent] = []
    for occurrence in found
    where span.lowerBound < occurrence.end && occurrence.end <= span.upperBound {
      let isWhole = occurrence.start >= span.lowerBound
      guard isWhole || isStream else { continue }
      let known = result.firstIndex { $0.pattern == occurrence.pattern }
      let index = known ?? result.count
      if known == nil { result.append(PatternEvent(pattern: occurrence.pattern)) }
      if isWhole { result[index].whole += 1 } else { result[index].across += 1 }
    }
    return result
  }

  private func spans(_ lengths: [Int]) -> [Range<Int>] {
    var start = 0
    return lengths.map { length in
      defer { start += length }
      return start..<start + length
    }
  }
}
