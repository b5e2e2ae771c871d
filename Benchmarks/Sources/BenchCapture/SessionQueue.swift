/// The sessions under way, the one with the earliest next packet first: a binary heap.
struct SessionQueue {
  /// A session's place in the queue; the number breaks ties, so the order never depends on luck.
  private struct Entry {
    let time: UInt64
    let number: UInt64
    let slot: Int

    func precedes(_ other: Entry) -> Bool {
      time != other.time ? time < other.time : number < other.number
    }
  }

  private var entries: [Entry] = []
  private var sessions: [Session?] = []
  private var freeSlots: [Int] = []
  private var added: UInt64 = 0

  var count: Int { entries.count }

  /// The time of the earliest packet, in microseconds.
  var earliest: UInt64? { entries.first?.time }

  mutating func add(_ session: Session, at time: UInt64) {
    let slot = freeSlots.popLast() ?? sessions.count
    if slot == sessions.count { sessions.append(session) } else { sessions[slot] = session }
    entries.append(Entry(time: time, number: added, slot: slot))
    added += 1
    siftUp(entries.count - 1)
  }

  /// The session with the earliest next packet.
  var earliestSession: Session? { entries.first.flatMap { sessions[$0.slot] } }

  /// Puts `session` in the place of the earliest: its next packet is at `time`, or was its last.
  mutating func replaceEarliest(_ session: Session, at time: UInt64?) {
    guard let entry = entries.first else { return }
    if let time {
      sessions[entry.slot] = session
      entries[0] = Entry(time: time, number: entry.number, slot: entry.slot)
    } else {
      sessions[entry.slot] = nil
      freeSlots.append(entry.slot)
      let last = entries.removeLast()
      if !entries.isEmpty { entries[0] = last }
    }
    siftDown()
  }

  private mutating func siftUp(_ start: Int) {
    var child = start
    while child > 0 {
      let parent = (child - 1) / 2
      guard entries[child].precedes(entries[parent]) else { return }
      entries.swapAt(child, parent)
      child = parent
    }
  }

  private mutating func siftDown() {
    var parent = 0
    while true {
      var child = 2 * parent + 1
      guard child < entries.count else { return }
      if child + 1 < entries.count, entries[child + 1].precedes(entries[child]) { child += 1 }
      guard entries[child].precedes(entries[parent]) else { return }
      entries.swapAt(child, parent)
      parent = child
    }
  }
}
