extension PatternTrie {
  /// Adds the automaton's sections.
  func add(to image: inout ImageBuilder, firstTag: UInt32, options: PatternBuildOptions) {
    typealias Tags = PatternAutomatonSections
    image.add(SectionTag(firstTag + Tags.labels), labels)
    image.add(SectionTag(firstTag + Tags.words), words)
    image.add(SectionTag(firstTag + Tags.branches), branches)
    image.add(SectionTag(firstTag + Tags.root), root)
    image.add(SectionTag(firstTag + Tags.outputBits), outputs.bits)
    image.add(SectionTag(firstTag + Tags.outputRanks), outputs.ranks)
    image.add(SectionTag(firstTag + Tags.outputs), outputs.pairs)
    let dense = PatternDense(classesOf: self)
    let fits = nodeCount << dense.shift <= PatternBuildOptions.denseEntriesMax
    guard options.layout == .dense || options.layout == .automatic && fits else { return }
    image.add(SectionTag(firstTag + Tags.classes), dense.classes)
    image.add(SectionTag(firstTag + Tags.dense), dense.table(of: self))
  }
}

/// The dense layout: one row of transitions a node, one column a class of bytes that no pattern tells apart.
struct PatternDense {
  /// The class of each byte; class 0 is the bytes that occur in no pattern.
  private(set) var classes = [UInt8](repeating: 0, count: 256)
  private let usedBytes: [Int]
  /// The binary logarithm of the length of a row.
  let shift: Int

  init(classesOf trie: PatternTrie) {
    var occurs = [Bool](repeating: false, count: 256)
    for label in trie.labels.dropFirst() { occurs[Int(label)] = true }
    // With all 256 bytes in use there is no class 0 for the rest.
    var next = occurs.contains(false) ? 1 : 0
    for byte in 0..<256 where occurs[byte] {
      classes[byte] = UInt8(next)
      next += 1
    }
    usedBytes = (0..<256).filter { occurs[$0] }
    shift = next <= 1 ? 0 : (next - 1).bitWidth - (next - 1).leadingZeroBitCount
  }

  /// The transitions; the row of a node is filled from its failure link's row, which is shallower.
  func table(of trie: PatternTrie) -> [UInt32] {
    var table = [UInt32](repeating: 0, count: trie.nodeCount << shift)
    func entry(_ node: UInt32) -> UInt32 { node | trie.words[Int(node)] & PatternNode.outputBit }
    for byte in 0..<256 { table[Int(classes[byte])] = entry(trie.root[byte]) }
    for node in trie.byDepth {
      let row = Int(node) << shift
      let failure = Int(trie.failures[Int(node)]) << shift
      for column in 0..<1 << shift { table[row + column] = table[failure + column] }
      for byte in usedBytes {
        let child = trie.child(of: node, by: UInt8(byte))
        if child != 0 { table[row + Int(classes[byte])] = entry(child) }
      }
    }
    return table
  }
}
