/// One Aho-Corasick automaton (Aho and Corasick, 1975) read in place from an image.
///
/// Nodes are numbered in depth-first order, so the first child of a node is the next node and a chain without
/// branches, which is most of a trie, costs one label byte and one 32-bit word a node. A small automaton also has a
/// dense table: one row of byte classes a node.
struct PatternAutomaton: Sendable {
  let isEmpty: Bool
  private let labels: PatternTable<UInt8>
  private let words: PatternTable<UInt32>
  private let branches: PatternTable<UInt32>
  private let root: PatternTable<UInt32>
  private let outputBits: PatternTable<UInt64>
  private let outputRanks: PatternTable<UInt32>
  private let outputs: PatternTable<UInt32>
  private let classes: PatternTable<UInt8>
  private let dense: PatternTable<UInt32>
  /// How many bits of a dense index are the byte class; nil without a dense table.
  private let denseShift: Int?

  var isDense: Bool { denseShift != nil }

  init(_ image: Image, firstTag: UInt32) throws(ImageError) {
    typealias Tags = PatternAutomatonSections
    labels = PatternTable(try image.table(SectionTag(firstTag + Tags.labels)))
    words = PatternTable(try image.table(SectionTag(firstTag + Tags.words)))
    branches = PatternTable(try image.table(SectionTag(firstTag + Tags.branches)))
    root = PatternTable(try image.table(SectionTag(firstTag + Tags.root)))
    outputBits = PatternTable(try image.table(SectionTag(firstTag + Tags.outputBits)))
    outputRanks = PatternTable(try image.table(SectionTag(firstTag + Tags.outputRanks)))
    outputs = PatternTable(try image.table(SectionTag(firstTag + Tags.outputs)))
    classes = PatternTable(try image.table(SectionTag(firstTag + Tags.classes)))
    dense = PatternTable(try image.table(SectionTag(firstTag + Tags.dense)))
    isEmpty = words.count == 0
    guard labels.count == words.count, isEmpty || root.count == 256 else {
      throw .inconsistent(SectionTag(firstTag))
    }
    guard dense.count > 0, words.count > 0 else {
      denseShift = nil
      return
    }
    let shift = (dense.count / words.count).trailingZeroBitCount
    guard classes.count == 256, dense.count == words.count << shift else {
      throw .inconsistent(SectionTag(firstTag + Tags.dense))
    }
    denseShift = shift
  }

  /// The node reached from `node` by `byte`, and whether something ends there.
  ///
  /// - Parameter slack: how many failure links may still be followed. A sound automaton never runs out of it: each
  ///   byte goes one node deeper at most. A damaged one is stopped by it.
  @inline(__always)
  func step(_ node: inout UInt32, _ byte: UInt8, slack: inout Int) -> Bool {
    if let shift = denseShift {
      let entry = dense[Int(node) << shift | Int(classes[Int(byte)])]
      node = entry & PatternNode.payloadMask
      return entry & PatternNode.outputBit != 0
    }
    slack += 1
    while node != 0 {
      let word = words[node]
      let payload = word & PatternNode.payloadMask
      let failure: UInt32
      switch word >> PatternNode.kindShift {
      case PatternNode.unary:
        if labels[node &+ 1] == byte {
          node &+= 1
          return words[node] & PatternNode.outputBit != 0
        }
        failure = payload
      case PatternNode.branch:
        let target = child(payload, byte)
        if target != 0 {
          node = target
          return words[target] & PatternNode.outputBit != 0
        }
        failure = branches[payload]
      default: failure = payload
      }
      slack -= 1
      node = slack < 0 ? 0 : failure
    }
    node = root[Int(byte)]
    return words[node] & PatternNode.outputBit != 0
  }

  /// The child of `node` by `byte` in the trie alone, without failure links; 0 when there is none.
  func child(of node: UInt32, by byte: UInt8) -> UInt32 {
    if node == 0 { return root[Int(byte)] }
    let word = words[node]
    switch word >> PatternNode.kindShift {
    case PatternNode.unary: return labels[node &+ 1] == byte ? node &+ 1 : 0
    case PatternNode.branch: return child(word & PatternNode.payloadMask, byte)
    default: return 0
    }
  }

  private func child(_ record: UInt32, _ byte: UInt8) -> UInt32 {
    let at = Int(record)
    let count = Int(branches[at + 1])
    if count > PatternBranch.narrowMax {
      let bits = branches[at + 2 + Int(byte >> 5)]
      let bit = UInt32(1) << UInt32(byte & 31)
      guard bits & bit != 0 else { return 0 }
      let before = branches[at + 10 + Int(byte >> 7)] >> UInt32((byte >> 5 & 3) * 8) & 0xff
      let rank = Int(before) + (bits & (bit - 1)).nonzeroBitCount
      return branches[at + PatternBranch.wideTargets + rank]
    }
    for index in 0..<max(count, 0) {
      let label = branches[at + 2 + index >> 2] >> UInt32((index & 3) * 8) & 0xff
      if label == UInt32(byte) { return branches[at + PatternBranch.narrowTargets + index] }
    }
    return 0
  }

  /// Names the patterns that end at `node`, longest first.
  ///
  /// - Parameter longest: the bound on how many can end at one place, for an image whose links form a circle.
  func report(_ node: UInt32, longest: Int, _ body: (_ pattern: UInt32) -> Void) {
    let bits = outputBits[Int(node) >> 6]
    let bit = UInt64(1) << UInt64(node & 63)
    guard bits & bit != 0 else { return }
    var index = Int(outputRanks[Int(node) >> 6]) + (bits & (bit - 1)).nonzeroBitCount
    for _ in 0..<max(longest, 1) {
      let pattern = outputs[2 * index]
      if pattern != UInt32.max { body(pattern) }
      let link = outputs[2 * index + 1]
      if link == 0 { return }
      index = Int(link) - 1
    }
  }
}
