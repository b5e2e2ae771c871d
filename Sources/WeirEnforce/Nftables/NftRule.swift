import WeirModel

/// A rule of Weir's table as a value that can be written, read back and compared.
struct NftRule: Equatable {
  /// What a packet must show, or what is done with it.
  enum Step: Equatable {
    /// The family, as in `meta nfproto`.
    case loadsFamily
    case isFamily(UInt8)
    /// Bytes of the header of IP.
    case loadsHeader(offset: UInt32, length: UInt32)
    /// Whether they are in a set, here without its generation.
    case isIn(String)
    case counts
    case accepts
    case drops
    case jumps(to: String)
    /// What Weir does not write.
    case other(String)
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
  /// - Returns: the rule, and the generation of the set that it looks into, if any.
  static func read(_ bytes: Span<UInt8>, _ range: Range<Int>) -> (rule: NftRule, generation: Int?) {
    var rule = NftRule(chain: "", steps: [])
    var generation: Int?
    NetlinkReader.forEachAttribute(bytes, range) { type, value in
      if type == NftABI.Rule.chain { rule.chain = NetlinkReader.text(bytes, value) }
      guard type == NftABI.Rule.expressions else { return }
      NetlinkReader.forEachAttribute(bytes, value) { _, element in
        let (step, number) = Step.read(bytes, element)
        rule.steps.append(step)
        generation = number ?? generation
      }
    }
    return (rule, generation)
  }
}

extension NftRule.Step {
  private typealias ABI = NftABI.Expression

  private static let jumpCode: UInt32 = 0xffff_fffd
  private static let familyKey: UInt32 = 15

  /// The name of the expression in the kernel.
  var name: String {
    switch self {
    case .loadsFamily: "meta"
    case .isFamily: "cmp"
    case .loadsHeader: "payload"
    case .isIn: "lookup"
    case .counts: "counter"
    case .accepts, .drops, .jumps: "immediate"
    case .other(let name): name
    }
  }

  /// Writes the attributes; all through the first register.
  fileprivate func write(to writer: inout NetlinkWriter, generation: Int) {
    let register: UInt32 = 1
    switch self {
    case .loadsFamily:
      writer.add(1, register)
      writer.add(2, NftRule.Step.familyKey)
    case .isFamily(let number):
      writer.add(1, register)
      writer.add(2, UInt32(0))
      writer.nest(3) { $0.add(ABI.dataValue, bytes: [number]) }
    case .loadsHeader(let offset, let length):
      writer.add(1, register)
      writer.add(2, UInt32(1))
      writer.add(3, offset)
      writer.add(4, length)
    case .isIn(let stem):
      writer.add(ABI.lookupSet, "\(stem)_\(generation)")
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
    case "counter": return (.counts, nil)
    case "payload" where numbers[2] == 1:
      return (.loadsHeader(offset: numbers[3] ?? 0, length: numbers[4] ?? 0), nil)
    case "cmp":
      var number: UInt8?
      NetlinkReader.forEachAttribute(bytes, data[3] ?? 0..<0) { type, value in
        if type == ABI.dataValue { number = NetlinkReader.value(bytes, value) }
      }
      return (number.map { .isFamily($0) } ?? .other(name), nil)
    case "lookup":
      let set = data[ABI.lookupSet].map { NetlinkReader.text(bytes, $0) } ?? ""
      let stem = set.lastIndex(of: "_").map { String(set[..<$0]) } ?? set
      return (.isIn(stem), NftSet.generation(ofName: set))
    case "immediate": return (verdict(bytes, data[2] ?? 0..<0), nil)
    default: return (.other(name), nil)
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
