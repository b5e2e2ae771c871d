import WeirEngine
import WeirGate
import WeirModel
import WeirReport
import WeirRules

/// The files that grow while a replay runs: events and matched packets.
struct ReplayOutputs: ~Copyable {
  private let rules: RuleSet
  private var events: OutputFile?
  private var eventWriter: EventWriter
  private var packets: CaptureWriter?
  /// The first error; a replay ends on it after the batch.
  private var failure: Failure?

  init(
    rules: RuleSet, events: String?, packets: String?, entersTunnels: Bool, appends: Bool = false
  ) throws {
    self.rules = rules
    eventWriter = EventWriter(rules: rules, entersTunnels: entersTunnels)
    if let events { self.events = try OutputFile(events, appends: appends) }
    guard let packets else { return }
    do throws(GateError) {
      self.packets = try CaptureWriter(path: packets)
    } catch {
      throw Failure(
        .cannotCreate, "\(packets): cannot be created: \(error.reason)")
    }
  }

  /// Writes the sightings of a batch.
  mutating func write(_ sightings: Sightings, _ arena: Span<UInt8>, _ slots: Span<Slot>) {
    guard failure == nil, !sightings.isEmpty else { return }
    if events != nil {
      let lines = eventWriter.lines(for: sightings, arena, slots)
      do throws(Failure) { try events?.write(lines) } catch { failure = error }
    }
    if packets != nil { writePackets(sightings, arena, slots) }
  }

  /// Each packet once, with a comment that names what decided, or else what was seen first.
  private mutating func writePackets(
    _ sightings: Sightings, _ arena: Span<UInt8>, _ slots: Span<Slot>
  ) {
    var last: UInt64 = 0
    sightings.forEach { sighting, _ in
      guard sighting.packet != last, failure == nil else { return }
      last = sighting.packet
      let slot = slots[sighting.slot]
      let frame = arena.extracting(slot.offset..<slot.offset + Int(slot.capturedLength))
      let comment = Array(comment(sighting).utf8)
      do throws(GateError) {
        try packets?.write(frame, slot: slot, comment: comment)
      } catch {
        failure = Failure(.readOrWriteError, "\(error.call): \(error.reason)")
      }
    }
  }

  private func comment(_ sighting: Sighting) -> String {
    let isDecided = sighting.ruling.verdict != .pass || sighting.ruling.isSuppressed
    let indicator = isDecided ? sighting.ruling.indicator : sighting.indicator
    let feedSet = isDecided ? sighting.ruling.feedSet : sighting.feedSet
    let value = rules.value(of: indicator)
    let feeds = rules.feedNames(of: feedSet).joined(separator: ", ")
    let verdict = sighting.ruling.isSuppressed ? "allowed" : sighting.ruling.verdict.name
    return "weir \(verdict): \(value.kind.name) \(value.text) (\(feeds))"
  }

  /// Throws what went wrong while a batch was written.
  func check() throws {
    if let failure { throw failure }
  }

  /// Completes the files.
  consuming func finish() throws {
    guard let packets else { return }
    do throws(GateError) {
      try packets.finish()
    } catch {
      throw Failure(.readOrWriteError, "\(error.call): \(error.reason)")
    }
  }
}
