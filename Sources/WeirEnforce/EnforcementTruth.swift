import WeirModel

/// What stands in the kernel, beside what should.
public struct EnforcementTruth: Equatable, Sendable {
  /// Whether all chains and rules are there, in their order, and look into sets that exist.
  public var isIntact: Bool
  /// How many elements should be in the sets.
  public var intended: Int
  /// How many of those are there and looked at.
  public var present: Int
  /// How many elements are there that should not be.
  public var foreign: Int
  /// Packets that rules which block have counted since they were put there; in audit mode, those that match.
  public var blockedPackets: UInt64
  /// The bytes of those packets.
  public var blockedBytes: UInt64

  /// How many elements are not there.
  public var missing: Int { intended - present }

  /// The share of what is intended that is enforced, 0 to 1; 1 when nothing is intended.
  public var enforcedRatio: Double {
    guard isIntact else { return 0 }
    return intended == 0 ? 1 : Double(present) / Double(intended)
  }

  /// Whether the kernel holds just what it should.
  public var holds: Bool { isIntact && missing == 0 && foreign == 0 }
}

extension NftTable {
  /// Reads the kernel's sets back, and compares them with a plan.
  ///
  /// What is the operator's own is not compared: who is logged in changes by the minute.
  ///
  /// - Parameter repairing: whether what differs is put right.
  /// - Returns: what was found, before any repair.
  /// - Throws: `EnforceError` when the kernel does not answer, or refuses the repair.
  /// - Complexity: O(n log n) for n elements.
  public mutating func verify(
    _ plan: BlockPlan, drops: Bool, repairing: Bool
  ) throws(EnforceError) -> EnforcementTruth {
    let sets = NftSet.all.filter { plan.count(of: $0) > 0 }
    let compared = sets.filter { $0.role != .own }
    var truth = EnforcementTruth(
      isIntact: true, intended: compared.reduce(0) { $0 + plan.count(of: $1) }, present: 0,
      foreign: 0, blockedPackets: 0, blockedBytes: 0)
    let found = try rules()
    let generations = Set(found.compactMap(\.generation))
    let names = Set(try setNames())
    let generation = generations.first ?? 0
    for reading in found where reading.countsBlocks {
      truth.blockedPackets += reading.packets
      truth.blockedBytes += reading.bytes
    }
    let own = Set(NftSet.all.filter { $0.role == .own }.map(\.stem))
    truth.isIntact =
      generations.count <= 1
      && NftTable.comparable(found.map { $0.rule }, without: own)
        == NftTable.comparable(NftRule.all(sets: sets, drops: drops), without: own)
      && compared.allSatisfy { names.contains($0.name(generation: generation)) }
    if truth.isIntact {
      for set in compared {
        switch set.family {
        case .v4: try compare(plan.v4[set], set, generation, repairing, &truth)
        case .v6: try compare(plan.v6[set], set, generation, repairing, &truth)
        }
      }
    } else if repairing {
      try apply(plan, drops: drops)
    }
    return truth
  }

  /// The rules by chain, each chain's in their order: the order of the chains means nothing.
  private static func comparable(_ rules: [NftRule], without own: Set<String>) -> [NftRule] {
    let kept = rules.filter { rule in
      !rule.steps.contains { if case .isIn(let stem, _) = $0 { own.contains(stem) } else { false } }
    }
    let chains = Set(kept.map(\.chain)).sorted()
    return chains.flatMap { chain in kept.filter { $0.chain == chain } }
  }

  private mutating func compare<Bound: KernelAddress>(
    _ wanted: AddressRanges<Bound>, _ set: NftSet, _ generation: Int, _ repairing: Bool,
    _ truth: inout EnforcementTruth
  ) throws(EnforceError) {
    let reading = try elements(of: set, generation: generation, as: Bound.self)
    let found = reading.ranges(isInterval: !set.holdsHosts)
    let missing = wanted.subtracting(found)
    let foreign = found.subtracting(wanted)
    truth.present += wanted.count - missing.count
    truth.foreign += foreign.count
    guard repairing else { return }
    // First what is too much: a range in the wrong place would be in the way of the right one.
    try change(foreign, of: set, generation, NftABI.Message.deleteElements)
    try change(missing, of: set, generation, NftABI.Message.newElements)
  }

  /// The plan that is in force; nil when there is none.
  public mutating func current() throws(EnforceError) -> (plan: BlockPlan, drops: Bool)? {
    let found = try rules()
    guard !found.isEmpty else { return nil }
    let generation = found.compactMap(\.generation).first ?? 0
    let names = Set(try setNames())
    var plan = BlockPlan()
    for set in NftSet.all where names.contains(set.name(generation: generation)) {
      switch set.family {
      case .v4: try read(set, generation, into: &plan.v4)
      case .v6: try read(set, generation, into: &plan.v6)
      }
    }
    return (plan, found.contains { $0.rule.steps.last == .drops })
  }

  private mutating func read<Bound: KernelAddress>(
    _ set: NftSet, _ generation: Int, into family: inout BlockPlan.Family<Bound>
  ) throws(EnforceError) {
    let ranges = try elements(of: set, generation: generation, as: Bound.self)
      .ranges(isInterval: !set.holdsHosts)
    switch set.role {
    case .own: family.own.formUnion(ranges)
    case .allow: family.allowed.formUnion(ranges)
    case .both: family.both.formUnion(ranges)
    case .source: family.source.formUnion(ranges)
    case .destination: family.destination.formUnion(ranges)
    }
  }
}
