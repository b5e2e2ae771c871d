import WeirModel

/// Weir's own table in nftables, `inet weir`; nothing else in the kernel is touched.
///
/// A plan comes into force in two steps: new sets are filled beside the old ones, in as many transactions as it
/// takes, and one transaction lets the rules look into the new sets and removes the old. At every moment either the
/// whole old plan or the whole new one is in force.
public struct NftTable: ~Copyable {
  /// The name that `nft list table inet weir` knows.
  public static let name = "weir"

  private var socket: NetlinkSocket
  private var sequence: UInt32 = 1

  /// Opens the way to the kernel.
  ///
  /// - Throws: `EnforceError`; later calls need CAP_NET_ADMIN in the network namespace.
  public init() throws(EnforceError) { socket = try NetlinkSocket() }

  /// Puts a plan in force.
  ///
  /// - Parameter drops: whether packets are dropped, or only counted.
  /// - Throws: `EnforceError`; the old plan stays in force then.
  /// - Complexity: O(elements); some 64 bytes of memory an element for the largest set.
  public mutating func apply(_ plan: BlockPlan, drops: Bool) throws(EnforceError) {
    let old = try setNames()
    let generation = (old.compactMap(NftSet.generation(ofName:)).max() ?? 0) + 1
    let sets = NftSet.all.filter { plan.count(of: $0) > 0 }
    try commit("create the sets") { batch in
      batch.addTable()
      for family in [IPAddress.Family.v4, .v6] { batch.addFlowSet(family) }
      for set in sets {
        batch.addSet(set, generation: generation, size: plan.count(of: set))
      }
    }
    for set in sets { try fill(set, generation, plan) }
    try commit("put the rules in force") { batch in
      batch.addChains()
      for rule in NftRule.all(sets: sets, drops: drops) {
        batch.addRule(rule, generation: generation)
      }
      // What a name asked for may not be asked for any more.
      for family in [IPAddress.Family.v4, .v6] { batch.emptyFlowSet(family) }
      for name in old where NftSet.generation(ofName: name) != nil { batch.deleteSet(name) }
    }
  }

  /// Removes the table and everything in it; does nothing when there is none.
  public mutating func remove() throws(EnforceError) {
    // Made first, so that there is one to delete.
    try commit("remove the table") { batch in
      batch.addTable()
      batch.add(NftABI.Message.deleteTable) { $0.add(NftABI.Table.name, NftTable.name) }
    }
  }

  // MARK: - Reading back

  /// The rules in force, in their order.
  mutating func rules() throws(EnforceError) -> [NftRule.Reading] {
    var rules: [NftRule.Reading] = []
    try dump(NftABI.Message.getRule, "list the rules") {
      $0.add(NftABI.Rule.table, NftTable.name)
    } each: { bytes, body in
      rules.append(NftRule.read(bytes, body))
    }
    return rules
  }

  /// The names of the table's sets.
  mutating func setNames() throws(EnforceError) -> [String] {
    var names: [String] = []
    try dump(NftABI.Message.getSet, "list the sets") {
      $0.add(NftABI.Set.table, NftTable.name)
    } each: { bytes, body in
      NetlinkReader.forEachAttribute(bytes, body) { type, value in
        if type == NftABI.Set.name { names.append(NetlinkReader.text(bytes, value)) }
      }
    }
    return names
  }

  /// The elements of a set, and what they counted.
  mutating func elements<Bound: KernelAddress>(
    of set: NftSet, generation: Int, as: Bound.Type
  ) throws(EnforceError) -> NftElements.Reading<Bound> {
    var reading = NftElements.Reading<Bound>()
    let name = set.name(generation: generation)
    try dump(NftABI.Message.getElements, "list the elements of \(name)") {
      $0.add(NftABI.Element.table, NftTable.name)
      $0.add(NftABI.Element.set, name)
    } each: { bytes, body in
      reading.take(bytes, body)
    }
    return reading
  }

  // MARK: - Changing elements

  private mutating func fill(
    _ set: NftSet, _ generation: Int, _ plan: BlockPlan
  ) throws(EnforceError) {
    switch set.family {
    case .v4: try change(plan.v4[set], of: set, generation, NftABI.Message.newElements)
    case .v6: try change(plan.v6[set], of: set, generation, NftABI.Message.newElements)
    }
  }

  /// Adds or deletes elements, in as many transactions as it takes.
  mutating func change<Bound: KernelAddress>(
    _ ranges: AddressRanges<Bound>, of set: NftSet, _ generation: Int, _ message: UInt16
  ) throws(EnforceError) {
    let name = set.name(generation: generation)
    // Room for one more message, whose attribute has at most 64 KiB.
    let bytesMax = socket.transactionBytesMax - (1 << 16)
    var start = 0
    while start < ranges.count {
      try commit("change the elements of \(name)") { batch in
        while start < ranges.count, batch.byteCount < bytesMax {
          let end = min(start + NftElements.rangesPerMessage, ranges.count)
          batch.add(message, flags: message == NftABI.Message.newElements ? NftABI.Flag.create : 0)
          {
            $0.add(NftABI.Element.table, NftTable.name)
            $0.add(NftABI.Element.set, name)
            NftElements.write(ranges, start..<end, isInterval: !set.holdsHosts, to: &$0)
          }
          start = end
        }
      }
    }
  }

  /// Blocks flows, in both directions, for a time from now on.
  ///
  /// - Throws: `EnforceError`; with `ENFILE` when there are as many as there may be.
  public mutating func block(_ flows: [BlockedFlow], seconds: Int) throws(EnforceError) {
    guard !flows.isEmpty else { return }
    try commit("block flows") { batch in
      for family in [IPAddress.Family.v4, .v6] {
        let keys = flows.filter { $0.source.family == family }.flatMap {
          [$0.key, $0.reversed.key]
        }
        for start in stride(from: 0, to: keys.count, by: NftElements.rangesPerMessage / 2) {
          let part = keys[start..<min(start + NftElements.rangesPerMessage / 2, keys.count)]
          batch.add(NftABI.Message.newElements, flags: NftABI.Flag.create) { writer in
            writer.add(NftABI.Element.table, NftTable.name)
            writer.add(NftABI.Element.set, NftRule.flowSet(family))
            writer.nest(NftABI.Element.list) { list in
              for key in part {
                list.nest(NftABI.Expression.listElement) { element in
                  element.nest(NftABI.Element.key) {
                    $0.add(NftABI.Expression.dataValue, bytes: key)
                  }
                  element.add(NftABI.Element.timeout, UInt64(seconds) * 1000)
                }
              }
            }
          }
        }
      }
    }
  }

  /// What rules that block have counted since they were put in force.
  public mutating func blockedSoFar() throws(EnforceError) -> (packets: UInt64, bytes: UInt64) {
    try rules().filter(\.countsBlocks).reduce((0, 0)) { ($0.0 + $1.packets, $0.1 + $1.bytes) }
  }

  // MARK: - Talking to the kernel

  /// Sends a transaction and waits until it is in force.
  private mutating func commit(
    _ call: String, _ fill: (inout NftTransaction) -> Void
  ) throws(EnforceError) {
    var batch = NftTransaction(sequence: sequence)
    fill(&batch)
    let last = batch.sequences.upperBound
    let first = sequence
    sequence = last + 2
    try socket.send(batch.finished())
    var fault: Int32?
    var isDone = false
    while !isDone {
      try socket.receive { bytes in
        NetlinkReader.forEachMessage(bytes) { message in
          guard message.type == NetlinkReader.errorType, (first...last).contains(message.sequence),
            let code = NetlinkReader.errorCode(bytes, message)
          else { return }
          if code != 0, fault == nil { fault = code }
          if code != 0 || message.sequence == last { isDone = true }
        }
      }
    }
    if let fault { throw EnforceError(call: call, code: fault) }
  }

  /// Asks for a list; a table that is not there has an empty one.
  private mutating func dump(
    _ type: UInt16, _ call: String, _ request: (inout NetlinkWriter) -> Void,
    each: (Span<UInt8>, Range<Int>) -> Void
  ) throws(EnforceError) {
    var writer = NetlinkWriter()
    let number = sequence
    sequence += 1
    writer.message(
      type: type, flags: NftABI.Flag.request | NftABI.Flag.dump, sequence: number,
      family: NftABI.inet, request)
    try socket.send(writer.bytes)
    var isDone = false
    var fault: Int32?
    while !isDone {
      try socket.receive { bytes in
        NetlinkReader.forEachMessage(bytes) { message in
          guard message.sequence == number else { return }
          switch message.type {
          case NetlinkReader.doneType: isDone = true
          case NetlinkReader.errorType:
            isDone = true
            fault = NetlinkReader.errorCode(bytes, message)
          default:
            // Four bytes of `struct nfgenmsg` come before the attributes.
            if message.body.count >= 4 {
              each(bytes, message.body.lowerBound + 4..<message.body.upperBound)
            }
          }
        }
      }
    }
    if let fault, fault != 0, fault != NetlinkReader.missing {
      throw EnforceError(call: call, code: fault)
    }
  }
}

extension NftTransaction {
  fileprivate mutating func addTable() {
    add(NftABI.Message.newTable, flags: NftABI.Flag.create) {
      $0.add(NftABI.Table.name, NftTable.name)
    }
  }

  fileprivate mutating func addSet(_ set: NftSet, generation: Int, size: Int) {
    add(NftABI.Message.newSet, flags: NftABI.Flag.create) { writer in
      writer.add(NftABI.Set.table, NftTable.name)
      writer.add(NftABI.Set.name, set.name(generation: generation))
      writer.add(NftABI.Set.flags, set.holdsHosts ? UInt32(0) : NftABI.Set.isInterval)
      writer.add(
        NftABI.Set.keyType, set.family == .v4 ? UInt32.keyType : UInt128.keyType)
      writer.add(
        NftABI.Set.keyLength, set.family == .v4 ? UInt32.byteCount : UInt128.byteCount)
      writer.add(NftABI.Set.id, UInt32(NftSet.all.firstIndex(of: set) ?? 0) + 1)
      if set.holdsHosts {
        writer.nest(NftABI.Set.description) {
          $0.add(NftABI.Set.descriptionSize, UInt32(clamping: size))
        }
      }
      writer.nest(NftABI.Set.expression) { $0.add(NftABI.Expression.name, "counter") }
    }
  }

  /// How many flows of a family may be blocked at once, each with its two directions.
  private static var flowsMax: Int { 1 << 16 }

  fileprivate mutating func addFlowSet(_ family: IPAddress.Family) {
    let address = family == .v4 ? NftABI.KeyType.ipv4 : NftABI.KeyType.ipv6
    let port = NftABI.KeyType.port
    let types = [address, address, NftABI.KeyType.transport, port, port]
    add(NftABI.Message.newSet, flags: NftABI.Flag.create) { writer in
      writer.add(NftABI.Set.table, NftTable.name)
      writer.add(NftABI.Set.name, NftRule.flowSet(family))
      writer.add(NftABI.Set.flags, NftABI.Set.hasTimeout)
      writer.add(NftABI.Set.keyType, NftABI.KeyType.concatenation(types))
      writer.add(NftABI.Set.keyLength, UInt32(family == .v4 ? 20 : 44))
      writer.add(NftABI.Set.id, UInt32(1000) + UInt32(family.rawValue))
      writer.nest(NftABI.Set.description) {
        $0.add(NftABI.Set.descriptionSize, UInt32(2 * NftTransaction.flowsMax))
      }
      writer.nest(NftABI.Set.expression) { $0.add(NftABI.Expression.name, "counter") }
    }
  }

  fileprivate mutating func emptyFlowSet(_ family: IPAddress.Family) {
    add(NftABI.Message.deleteElements) {
      $0.add(NftABI.Element.table, NftTable.name)
      $0.add(NftABI.Element.set, NftRule.flowSet(family))
    }
  }

  /// Makes the chains, and takes out what rules they may have.
  fileprivate mutating func addChains() {
    for family in ["check4", "check6"] {
      add(NftABI.Message.newChain, flags: NftABI.Flag.create) {
        $0.add(NftABI.Chain.table, NftTable.name)
        $0.add(NftABI.Chain.name, family)
      }
    }
    for hook in NftRule.hooks {
      add(NftABI.Message.newChain, flags: NftABI.Flag.create) { writer in
        writer.add(NftABI.Chain.table, NftTable.name)
        writer.add(NftABI.Chain.name, hook.name)
        writer.nest(NftABI.Chain.hook) {
          $0.add(NftABI.Chain.hookNumber, hook.number)
          $0.add(NftABI.Chain.hookPriority, UInt32(bitPattern: NftRule.priority))
        }
        writer.add(NftABI.Chain.type, "filter")
        writer.add(NftABI.Chain.policy, UInt32(1))
      }
    }
    for chain in NftRule.hooks.map(\.name) + ["check4", "check6"] {
      add(NftABI.Message.deleteRule) {
        $0.add(NftABI.Rule.table, NftTable.name)
        $0.add(NftABI.Rule.chain, chain)
      }
    }
  }

  fileprivate mutating func addRule(_ rule: NftRule, generation: Int) {
    add(NftABI.Message.newRule, flags: NftABI.Flag.create | NftABI.Flag.append) { writer in
      writer.add(NftABI.Rule.table, NftTable.name)
      writer.add(NftABI.Rule.chain, rule.chain)
      writer.nest(NftABI.Rule.expressions) { rule.write(to: &$0, generation: generation) }
    }
  }

  fileprivate mutating func deleteSet(_ name: String) {
    add(NftABI.Message.deleteSet) {
      $0.add(NftABI.Set.table, NftTable.name)
      $0.add(NftABI.Set.name, name)
    }
  }
}
