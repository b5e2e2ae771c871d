/// The trie of sorted patterns, with failure and output links, being built.
///
/// Because patterns come sorted, each adds one run of new nodes below what it shares with the one before, and the
/// numbers of a run are consecutive: the depth-first order that the compact layout wants.
struct PatternTrie {
  /// The byte that leads into each node; of the root, 0.
  private(set) var labels: [UInt8] = [0]
  /// Kind, output flag and payload of each node.
  private(set) var words: [UInt32] = []
  private(set) var branches: [UInt32] = []
  /// The children of the root by byte.
  private(set) var root = [UInt32](repeating: 0, count: 256)
  private(set) var outputs = PatternOutputs()
  /// The node of each one's longest proper suffix.
  private(set) var failures: [UInt32] = []
  /// The nodes below the root in order of depth.
  var byDepth: [UInt32] {
    var nodes: [UInt32] = []
    nodes.reserveCapacity(nodeCount)
    forEachNode { _, node, _ in nodes.append(node) }
    return nodes
  }
  private var runs: [Run] = []
  /// The pattern that ends at each node.
  private(set) var terminals: [UInt32] = [UInt32.max]

  /// The nodes that one pattern added.
  private struct Run {
    var parent: UInt32
    var first: UInt32
    /// Where the pattern's bytes begin.
    var text: Int
    /// Depth of the first and of the last node.
    var depths: ClosedRange<Int>
  }

  var nodeCount: Int { labels.count }

  init(_ texts: PatternTexts, _ order: [Int]) throws(PatternBuildError) {
    let links = try addRuns(texts, order)
    addBranches(links)
    linkFailures(texts)
  }

  /// Lays the runs and names, for each run that does not go on where its parent's own run does, the edge to it as
  /// `parent << 32 | first node`.
  private mutating func addRuns(
    _ texts: PatternTexts, _ order: [Int]
  ) throws(PatternBuildError) -> [UInt64] {
    var path = [UInt32](repeating: 0, count: texts.longest + 1)
    var links: [UInt64] = []
    var previous: Int?
    for number in order {
      let range = texts.range(number)
      let shared = previous.map { texts.commonPrefix($0, number) } ?? 0
      if let previous, shared == range.count {
        throw .duplicate(first: previous, second: number)
      }
      previous = number
      let first = UInt32(nodeCount)
      let (total, limit) = (nodeCount + range.count - shared, PatternNode.nodesMax)
      guard total <= limit else { throw .tooLarge(nodes: total, limit: limit) }
      for depth in shared + 1...range.count {
        path[depth] = UInt32(nodeCount)
        labels.append(texts.bytes[range.lowerBound + depth - 1])
        terminals.append(UInt32.max)
      }
      terminals[nodeCount - 1] = UInt32(number)
      runs.append(
        Run(
          parent: path[shared], first: first, text: range.lowerBound,
          depths: shared + 1...range.count))
      if path[shared] == 0 {
        root[Int(labels[Int(first)])] = first
      } else if path[shared] + 1 != first {
        links.append(UInt64(path[shared]) << 32 | UInt64(first))
      }
    }
    return links
  }

  /// Writes the kind of every node; failure links are still 0.
  private mutating func addBranches(_ unsorted: [UInt64]) {
    words = [UInt32](repeating: PatternNode.unary << PatternNode.kindShift, count: nodeCount)
    for run in runs {
      // The last node of a run has children only when the next run goes on from it.
      let last = Int(run.first) + run.depths.count - 1
      words[last] = PatternNode.leaf << PatternNode.kindShift
    }
    for run in runs where run.parent != 0 && run.parent + 1 == run.first {
      words[Int(run.parent)] = PatternNode.unary << PatternNode.kindShift
    }
    words[0] = PatternNode.leaf << PatternNode.kindShift
    let links = unsorted.sorted()
    var from = 0
    while from < links.count {
      let parent = UInt32(links[from] >> 32)
      var to = from
      while to < links.count, UInt32(links[to] >> 32) == parent { to += 1 }
      var children = [parent + 1]
      children += links[from..<to].map { UInt32(truncatingIfNeeded: $0) }
      words[Int(parent)] = PatternNode.branch << PatternNode.kindShift | UInt32(branches.count)
      addBranch(children)
      from = to
    }
  }

  private mutating func addBranch(_ children: [UInt32]) {
    branches.append(0)
    branches.append(UInt32(children.count))
    if children.count <= PatternBranch.narrowMax {
      var packed: UInt64 = 0
      for (index, child) in children.enumerated() {
        packed |= UInt64(labels[Int(child)]) << UInt64(index * 8)
      }
      branches.append(UInt32(truncatingIfNeeded: packed))
      branches.append(UInt32(packed >> 32))
    } else {
      var bitmap = [UInt32](repeating: 0, count: 8)
      for child in children {
        let label = labels[Int(child)]
        bitmap[Int(label >> 5)] |= 1 << UInt32(label & 31)
      }
      var (before, packed): (UInt64, UInt64) = (0, 0)
      for (index, bits) in bitmap.enumerated() {
        packed |= before << UInt64(index * 8)
        before += UInt64(bits.nonzeroBitCount)
      }
      branches += bitmap
      branches.append(UInt32(truncatingIfNeeded: packed))
      branches.append(UInt32(packed >> 32))
    }
    branches += children
  }

  /// Follows the nodes level by level and writes each one's failure link, the node of its longest proper suffix, and
  /// what ends there.
  private mutating func linkFailures(_ texts: PatternTexts) {
    var links = PatternLinks(texts, self)
    forEachNode { run, node, depth in
      let parent = node == run.first ? run.parent : node - 1
      links.add(node, below: parent, text: run.text, depth: depth, self)
    }
    failures = links.finish()
    for node in 0..<nodeCount {
      let word = words[node]
      if word >> PatternNode.kindShift == PatternNode.branch {
        branches[Int(word & PatternNode.payloadMask)] = failures[node]
      } else {
        words[node] = word | failures[node]
      }
    }
    outputs = PatternOutputs(terminals: terminals, nearest: links.nearest)
    for node in 0..<nodeCount where terminals[node] != UInt32.max || links.nearest[node] != 0 {
      words[node] |= PatternNode.outputBit
    }
  }

  /// Calls `body` with the nodes below the root in order of depth.
  private func forEachNode(_ body: (_ run: Run, _ node: UInt32, _ depth: Int) -> Void) {
    let starting = runs.indices.sorted {
      (runs[$0].depths.lowerBound, $0) < (runs[$1].depths.lowerBound, $1)
    }
    var active: [Run] = []
    var (next, depth) = (0, 1)
    while next < starting.count || !active.isEmpty {
      while next < starting.count, runs[starting[next]].depths.lowerBound == depth {
        active.append(runs[starting[next]])
        next += 1
      }
      var kept = 0
      for index in active.indices {
        let run = active[index]
        body(run, run.first + UInt32(depth - run.depths.lowerBound), depth)
        guard run.depths.upperBound > depth else { continue }
        active[kept] = run
        kept += 1
      }
      active.removeSubrange(kept...)
      depth += 1
    }
  }

  /// The child of `node` by `byte`; 0 when there is none.
  func child(of node: UInt32, by byte: UInt8) -> UInt32 {
    if node == 0 { return root[Int(byte)] }
    let word = words[Int(node)]
    let at = Int(word & PatternNode.payloadMask)
    switch word >> PatternNode.kindShift {
    case PatternNode.unary: return labels[Int(node) + 1] == byte ? node + 1 : 0
    case PatternNode.branch: return branchChild(at, byte)
    default: return 0
    }
  }

  private func branchChild(_ at: Int, _ byte: UInt8) -> UInt32 {
    let count = Int(branches[at + 1])
    guard count > PatternBranch.narrowMax else {
      let packed = UInt64(branches[at + 3]) << 32 | UInt64(branches[at + 2])
      for index in 0..<count where UInt8(truncatingIfNeeded: packed >> UInt64(index * 8)) == byte {
        return branches[at + PatternBranch.narrowTargets + index]
      }
      return 0
    }
    let bits = branches[at + 2 + Int(byte >> 5)]
    let bit = UInt32(1) << UInt32(byte & 31)
    guard bits & bit != 0 else { return 0 }
    let before = branches[at + 10 + Int(byte >> 7)] >> UInt32((byte >> 5 & 3) * 8) & 0xff
    let rank = Int(before) + (bits & (bit - 1)).nonzeroBitCount
    return branches[at + PatternBranch.wideTargets + rank]
  }
}
