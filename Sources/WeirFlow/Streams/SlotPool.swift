/// Which places of an arena are taken, and by whom.
///
/// Each partition has a share of its own, so that what has to go when a share is full does not depend on how many
/// workers there are.
struct SlotPool: ~Copyable {
  /// How many places a partition has.
  let share: Int
  /// One more than the owner; 0 for a place that nobody has.
  private var owners: ZeroedMemory<UInt32>
  /// One more than the next free place.
  private var links: ZeroedMemory<UInt32>
  private var partitions: ZeroedMemory<SlotShare>

  /// What asking for a place led to.
  enum Outcome: Equatable {
    /// This place.
    case place(Int)
    /// No place is free; the owner of this one has held it long.
    case full(place: Int, owner: Int)
    /// Every place belongs to whoever asks.
    case allOwn
  }

  /// Reserves 8 bytes a place; nil when the system refuses.
  init?(share: Int) {
    let count = share * FlowTable.partitions
    guard let owners = ZeroedMemory<UInt32>(count: count, isDense: false),
      let links = ZeroedMemory<UInt32>(count: count, isDense: false),
      let partitions = ZeroedMemory<SlotShare>(count: FlowTable.partitions, isDense: false)
    else { return nil }
    self.share = share
    self.owners = owners
    self.links = links
    self.partitions = partitions
  }

  /// Takes a free place of a partition.
  ///
  /// - Complexity: O(1), but O(places of the owner) when none is free.
  mutating func take(_ partition: Int, owner: Int) -> Outcome {
    let base = partition * share
    let free = partitions[partition].free
    if free != 0 {
      let place = Int(free) - 1
      partitions[partition].free = links[place]
      owners[place] = UInt32(owner + 1)
      return .place(place)
    }
    if partitions[partition].used < share {
      let place = base + Int(partitions[partition].used)
      partitions[partition].used += 1
      owners[place] = UInt32(owner + 1)
      return .place(place)
    }
    for _ in 0..<share {
      let hand = partitions[partition].hand
      partitions[partition].hand = Int(hand) + 1 < share ? hand + 1 : 0
      let holder = Int(owners[base + Int(hand)]) - 1
      if holder != owner { return .full(place: base + Int(hand), owner: holder) }
    }
    return .allOwn
  }

  /// Gives a place back.
  mutating func release(_ place: Int) {
    let partition = place / share
    owners[place] = 0
    links[place] = partitions[partition].free
    partitions[partition].free = UInt32(place + 1)
  }

  /// Gives a place that is taken to another owner.
  mutating func reassign(_ place: Int, to owner: Int) { owners[place] = UInt32(owner + 1) }

  func isOwned(_ place: Int, by owner: Int) -> Bool { owners[place] == UInt32(owner + 1) }

  func isTaken(_ place: Int) -> Bool { owners[place] != 0 }
}

/// What a partition knows of its places.
struct SlotShare: BitwiseCopyable {
  /// How many places were ever taken.
  var used: UInt32 = 0
  /// One more than the first place that was given back.
  var free: UInt32 = 0
  /// The place that will be asked next to make room.
  var hand: UInt32 = 0
}
