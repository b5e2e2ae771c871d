/// Failure and output links of a trie, found level by level.
///
/// Most failure links of a large set lead to nodes of depth 0 to 2. For those, a table of the nodes of depth 2 and a
/// bitmap of the ways down to depth 3, both by bytes, save the walk through branch records.
struct PatternLinks {
  /// The nearest node of each one's failure chain at which a pattern ends; 0 when there is none.
  private(set) var nearest: [UInt32]
  /// Each node's failure link, and in the two upper bits its depth, 3 standing for all below.
  private var links: [UInt32]
  /// The node of each two bytes, or 0.
  private var pairs: [UInt32]
  /// Which three bytes begin a pattern.
  private var triples: [UInt64]
  private let bytes: [UInt8]

  private static let depthShift: UInt32 = 30
  private static let nodeMask: UInt32 = 1 << 30 - 1

  init(_ texts: PatternTexts, _ trie: PatternTrie) {
    nearest = [UInt32](repeating: 0, count: trie.nodeCount)
    links = nearest
    pairs = [UInt32](repeating: 0, count: 1 << 16)
    triples = [UInt64](repeating: 0, count: 1 << 18)
    bytes = texts.bytes
  }

  /// Finds the links of `node`; those of all nodes above its depth are known.
  ///
  /// - Parameter text: where the bytes of a pattern through this node begin.
  mutating func add(
    _ node: UInt32, below parent: UInt32, text: Int, depth: Int, _ trie: borrowing PatternTrie
  ) {
    guard depth > 1 else { return }
    let byte = bytes[text + depth - 1]
    let pair = Int(bytes[text + depth - 2]) << 8 | Int(byte)
    if depth == 2 { pairs[pair] = node }
    if depth == 3 { insertTriple(Int(bytes[text]) << 16 | pair) }
    let link = failure(links[Int(parent)], byte, pair, text + depth - 3, trie)
    links[Int(node)] = link
    let failure = Int(link & PatternLinks.nodeMask)
    nearest[Int(node)] =
      trie.terminals[failure] != UInt32.max ? UInt32(failure) : nearest[failure]
  }

  /// Each node's failure link.
  consuming func finish() -> [UInt32] { links.map { $0 & PatternLinks.nodeMask } }

  /// The longest continuation by `byte` of the suffixes that `start` and its failure chain stand for.
  private func failure(
    _ start: UInt32, _ byte: UInt8, _ pair: Int, _ third: Int, _ trie: borrowing PatternTrie
  ) -> UInt32 {
    var link = start
    while true {
      let (node, depth) = (link & PatternLinks.nodeMask, link >> PatternLinks.depthShift)
      switch depth {
      case 0: return make(trie.root[Int(byte)], 1)
      case 1: return pairs[pair] != 0 ? make(pairs[pair], 2) : make(trie.root[Int(byte)], 1)
      case 2 where !hasTriple(Int(bytes[third]) << 16 | pair):
        // On to depth 1, where the pair decides whatever the node is.
        link = make(1, 1)
      default:
        let target = trie.child(of: node, by: byte)
        if target != 0 { return make(target, min(depth + 1, 3)) }
        link = links[Int(node)]
      }
    }
  }

  private func make(_ node: UInt32, _ depth: UInt32) -> UInt32 {
    node == 0 ? 0 : node | depth << PatternLinks.depthShift
  }

  private mutating func insertTriple(_ triple: Int) {
    triples[triple >> 6] |= 1 << UInt64(triple & 63)
  }

  private func hasTriple(_ triple: Int) -> Bool {
    triples[triple >> 6] >> UInt64(triple & 63) & 1 == 1
  }
}
