import WeirModel

/// A rule of Weir's table as a value that can be written, read back and compared.
struct NftRule: Equatable {
  /// What a packet must show, or what is done with it.
  enum Step: Equatable {
    /// The family, as in `meta nfproto`.
    case loadsFamily
    case isFamily(UInt8)
    /// Bytes of the header of IP, into a register.
    case loadsHeader(offset: UInt32, length: UInt32, to: UInt32 = Step.first)
    /// Bytes of the header of TCP or UDP, into a register.
    case loadsPort(offset: UInt32, to: UInt32)
    /// The number of the transport protocol, into a register.
    case loadsTransport(to: UInt32)
    /// Whether what begins in a register is in a set, here without its generation.
    case isIn(String, at: UInt32 = Step.first)
    case counts
    case accepts
    case drops
    case jumps(to: String)
    /// What Weir does not write.
    case other(String)

    /// The first register of four bytes (NFT_REG32_00); longer values take several.
    static let first: UInt32 = 8

    /// A register as the kernel tells it: those at which 16 bytes may begin have a second number.
    fileprivate static func register(_ number: UInt32?) -> UInt32 {
      guard let number, (1...4).contains(number) else { return number ?? 0 }
      return first + 4 * (number - 1)
    }
  }

  var chain: String
  var steps: [Step]

  /// The chains that packets come to first, with their hooks (linux/netfilter.h).
  static let hooks: [(name: String, number: UInt32)] = [("prerouting", 0), ("output", 3)]

  /// Before connection tracking and before most rules of others: raw is -300.
  static let priority: Int32 = -310

  /// The chain that looks at packets of a family.
  static func chain(_ family: IPAddress.Family) -> String { "check\(family.rawValue)" }

  /// All rules over the sets that are not empty, in their order.
  static func all(sets: [NftSet], drops: Bool) -> [NftRule] {
    var rules: [NftRule] = []
    for hook in hooks {
      for (family, number) in [(IPAddress.Family.v4, UInt8(2)), (.v6, 10)] {
        rules.append(
          NftRule(
            chain: hook.name,
            steps: [.loadsFamily, .isFamily(number), .jumps(to: chain(family))]))
      }
    }
    let passing = sets.filter(\.role.passes)
    return rules + checks(passing, drops: drops) + (drops ? flowChecks() : [])
      + checks(sets.filter { !$0.role.passes }, drops: drops)
  }

  private static func checks(_ sets: [NftSet], drops: Bool) -> [NftRule] {
    var rules: [NftRule] = []
    for set in sets {
      let (length, source, destination): (UInt32, UInt32, UInt32) =
        set.family == .v4
        ? (UInt32.byteCount, UInt32.sourceOffset, UInt32.destinationOffset)
        : (UInt128.byteCount, UInt128.sourceOffset, UInt128.destinationOffset)
      var offsets: [UInt32] = []
      if set.role != .destination { offsets.append(source) }
      if set.role != .source { offsets.append(destination) }
      for offset in offsets {
        var steps: [Step] = [
          .loadsHeader(offset: offset, length: length), .isIn(set.stem), .counts,
        ]
        if set.role.passes { steps.append(.accepts) } else if drops { steps.append(.drops) }
        rules.append(NftRule(chain: chain(set.family), steps: steps))
      }
    }
    return rules
  }
}

extension NftRule {
  /// The set of blocked flows of a family; it stays when generations change.
  static func flowSet(_ family: IPAddress.Family) -> String { "flows\(family.rawValue)" }

  /// Source, destination, protocol and ports, one behind the other in words of four bytes.
  private static func flowChecks() -> [NftRule] {
    [(IPAddress.Family.v4, UInt32(4), UInt32(12)), (.v6, 16, 8)].map { family, length, offset in
      let words = length / 4
      let next = Step.first + 2 * words
      return NftRule(
        chain: chain(family),
        steps: [
          .loadsHeader(offset: offset, length: length, to: Step.first),
          .loadsHeader(offset: offset + length, length: length, to: Step.first + words),
          .loadsTransport(to: next), .loadsPort(offset: 0, to: next + 1),
          .loadsPort(offset: 2, to: next + 2),
          .isIn(flowSet(family), at: Step.first), .counts, .drops,
        ])
    }
  }
}

extension NftRule {
  private typealias ABI = NftABI.Expression

  /// Writes the rule's expressions.
  func write(to writer: inout NetlinkWriter, generation: Int) {
    for step in steps {
      writer.nest(ABI.listElement) { element in
        element.add(ABI.name, step.name)
        element.nest(ABI.data) { step.write(to: &$0, generation: generation) }
      }
    }
  }

  /// Reads a message about a rule.
  ///
  /// - Returns: the rule, the generation of the set that it looks into, if any, and what it counted.
  static func read(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Reading {
    var rule = NftRule(chain: "", steps: [])
    var generation: Int?
    var counts = (packets: UInt64(0), bytes: UInt64(0))
    NetlinkReader.forEachAttribute(bytes, range) { type, value in
      if type == NftABI.Rule.chain { rule.chain = NetlinkReader.text(bytes, value) }
      guard type == NftABI.Rule.expressions else { return }
      NetlinkReader.forEachAttribute(bytes, value) { _, element in
        let (step, number) = Step.read(bytes, element)
        rule.steps.append(step)
        generation = number ?? generation
        if step == .counts { Step.takeCounter(bytes, element, &counts) }
      }
    }
    return Reading(rule: rule, generation: generation, packets: counts.packets, bytes: counts.bytes)
  }

  /// A rule as the kernel tells of it.
  struct Reading {
    var rule: NftRule
    /// Of the set that it looks into; nil when it looks into none, or into one that stays.
    var generation: Int?
    var packets: UInt64
    var bytes: UInt64

    /// Whether it counts what is blocked, or would be.
    var countsBlocks: Bool {
      rule.steps.contains(.counts) && !rule.steps.contains(.accepts)
    }
  }
}

extension NftRule.Step {
  private typealias ABI = NftABI.Expression

  private static let jumpCode: UInt32 = 0xffff_fffd
  private static let familyKey: UInt32 = 15
  private static let transportKey: UInt32 = 16

  /// The name of the expression in the kernel.
  var name: String {
    switch self {
    case .loadsFamily, .loadsTransport: "meta"
    case .isFamily: "cmp"
    case .loadsHeader, .loadsPort: "payload"
    case .isIn: "lookup"
    case .counts: "counter"
    case .accepts, .drops, .jumps: "immediate"
    case .other(let name): name
    }
  }

  /// Writes the attributes; all through the first register.
  fileprivate func write(to writer: inout NetlinkWriter, generation: Int) {
    let register = NftRule.Step.first
    switch self {
    case .loadsFamily:
      writer.add(1, register)
      writer.add(2, NftRule.Step.familyKey)
    case .isFamily(let number):
      writer.add(1, register)
      writer.add(2, UInt32(0))
      writer.nest(3) { $0.add(ABI.dataValue, bytes: [number]) }
    case .loadsTransport(let register):
      writer.add(1, register)
      writer.add(2, NftRule.Step.transportKey)
    case .loadsPort(let offset, let register):
      writer.add(1, register)
      writer.add(2, UInt32(2))
      writer.add(3, offset)
      writer.add(4, UInt32(2))
    case .loadsHeader(let offset, let length, let register):
      writer.add(1, register)
      writer.add(2, UInt32(1))
      writer.add(3, offset)
      writer.add(4, length)
    case .isIn(let stem, let register):
      let stays = stem.hasPrefix("flows")
      writer.add(ABI.lookupSet, stays ? stem : "\(stem)_\(generation)")
      writer.add(2, register)
    case .counts:
      writer.add(ABI.counterBytes, UInt64(0))
      writer.add(ABI.counterPackets, UInt64(0))
    case .accepts: writeVerdict(1, to: &writer)
    case .drops: writeVerdict(0, to: &writer)
    case .jumps(let chain): writeVerdict(NftRule.Step.jumpCode, chain: chain, to: &writer)
    case .other: break
    }
  }

  private func writeVerdict(_ code: UInt32, chain: String? = nil, to writer: inout NetlinkWriter) {
    writer.add(1, UInt32(0))
    writer.nest(2) { data in
      data.nest(ABI.dataVerdict) { verdict in
        verdict.add(ABI.verdictCode, code)
        if let chain { verdict.add(ABI.verdictChain, chain) }
      }
    }
  }

  fileprivate static func read(
    _ bytes: Span<UInt8>, _ range: Range<Int>
  ) -> (step: NftRule.Step, generation: Int?) {
    var name = ""
    var numbers: [UInt16: UInt32] = [:]
    var data: [UInt16: Range<Int>] = [:]
    NetlinkReader.forEachAttribute(bytes, range) { type, value in
      if type == ABI.name { name = NetlinkReader.text(bytes, value) }
      guard type == ABI.data else { return }
      NetlinkReader.forEachAttribute(bytes, value) { type, value in
        data[type] = value
        numbers[type] = NetlinkReader.value(bytes, value)
      }
    }
    switch name {
    case "meta" where numbers[2] == familyKey: return (.loadsFamily, nil)
    case "meta" where numbers[2] == transportKey:
      return (.loadsTransport(to: register(numbers[1])), nil)
    case "payload" where numbers[2] == 2 && numbers[4] == 2:
      return (.loadsPort(offset: numbers[3] ?? 0, to: register(numbers[1])), nil)
    case "counter": return (.counts, nil)
    case "payload" where numbers[2] == 1:
      let place = register(numbers[1])
      return (
        .loadsHeader(offset: numbers[3] ?? 0, length: numbers[4] ?? 0, to: place), nil
      )
    case "cmp":
      var number: UInt8?
      NetlinkReader.forEachAttribute(bytes, data[3] ?? 0..<0) { type, value in
        if type == ABI.dataValue { number = NetlinkReader.value(bytes, value) }
      }
      return (number.map { .isFamily($0) } ?? .other(name), nil)
    case "lookup":
      let set = data[ABI.lookupSet].map { NetlinkReader.text(bytes, $0) } ?? ""
      let stem = set.lastIndex(of: "_").map { String(set[..<$0]) } ?? set
      return (.isIn(stem, at: register(numbers[2])), NftSet.generation(ofName: set))
    case "immediate": return (verdict(bytes, data[2] ?? 0..<0), nil)
    default: return (.other(name), nil)
    }
  }

  fileprivate static func takeCounter(
    _ bytes: Span<UInt8>, _ range: Range<Int>, _ counts: inout (packets: UInt64, bytes: UInt64)
  ) {
    NetlinkReader.forEachAttribute(bytes, range) { type, data in
      guard type == ABI.data else { return }
      NetlinkReader.forEachAttribute(bytes, data) { type, value in
        let number: UInt64 = NetlinkReader.value(bytes, value) ?? 0
        if type == ABI.counterPackets { counts.packets += number }
        if type == ABI.counterBytes { counts.bytes += number }
      }
    }
  }

  private static func verdict(_ bytes: Span<UInt8>, _ range: Range<Int>) -> NftRule.Step {
    var code: UInt32?
    var chain = ""
    NetlinkReader.forEachAttribute(bytes, range) { type, value in
      guard type == ABI.dataVerdict else { return }
      NetlinkReader.forEachAttribute(bytes, value) { type, value in
        if type == ABI.verdictCode { code = NetlinkReader.value(bytes, value) }
        if type == ABI.verdictChain { chain = NetlinkReader.text(bytes, value) }
      }
    }
    switch code {
    case 0: return .drops
    case 1: return .accepts
    case jumpCode: return .jumps(to: chain)
    default: return .other("immediate")
    }
  }
}
