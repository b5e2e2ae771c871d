import WeirCrypto

/// A SHA-256 hash: 32 bytes.
public typealias Hash = [UInt8]

/// The Merkle tree of RFC 9162, section 2.1.
///
/// Holds the hash of each complete subtree, so that proofs cost logarithmic time.
public struct MerkleTree: Sendable {
  /// `levels[k][i]` is the hash of leaves `i << k ..< (i + 1) << k`.
  private var levels: [[Hash]] = [[]]

  /// A tree without leaves.
  public init() {}

  /// A tree of leaf hashes.
  public init(leaves: some Sequence<Hash>) {
    for leaf in leaves { append(leaf) }
  }

  /// How many leaves there are.
  public var count: Int { levels[0].count }

  /// The hash of a leaf with these data.
  public static func leaf(_ data: [UInt8]) -> Hash { SHA256.digest([0] + data) }

  static func node(_ left: Hash, _ right: Hash) -> Hash { SHA256.digest([1] + left + right) }

  /// Adds the hash of a leaf behind the others.
  public mutating func append(_ leaf: Hash) {
    levels[0].append(leaf)
    var level = 0
    while levels[level].count % 2 == 0 {
      let pair = levels[level].suffix(2)
      if level + 1 == levels.count { levels.append([]) }
      levels[level + 1].append(MerkleTree.node(pair[pair.startIndex], pair[pair.startIndex + 1]))
      level += 1
    }
  }

  /// The root of the first `size` leaves.
  public func root(size: Int? = nil) -> Hash {
    let size = size ?? count
    return size == 0 ? SHA256.digest([]) : hash(0..<size)
  }

  /// The hash of a range that begins at a multiple of the power of two that is not below its length.
  private func hash(_ range: Range<Int>) -> Hash {
    if range.count.nonzeroBitCount == 1 {
      let level = range.count.trailingZeroBitCount
      return levels[level][range.lowerBound >> level]
    }
    let middle = range.lowerBound + MerkleTree.split(range.count)
    return MerkleTree.node(hash(range.lowerBound..<middle), hash(middle..<range.upperBound))
  }

  /// The largest power of two below a number of at least 2.
  private static func split(_ count: Int) -> Int {
    1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount)
  }

  /// The inclusion proof of a leaf in the first `size` leaves (section 2.1.3).
  ///
  /// - Precondition: `index < size <= count`.
  public func inclusionPath(of index: Int, size: Int? = nil) -> [Hash] {
    path(of: index, in: 0..<(size ?? count))
  }

  private func path(of index: Int, in range: Range<Int>) -> [Hash] {
    guard range.count > 1 else { return [] }
    let middle = range.lowerBound + MerkleTree.split(range.count)
    let (left, right) = (range.lowerBound..<middle, middle..<range.upperBound)
    return index < middle
      ? path(of: index, in: left) + [hash(right)] : path(of: index, in: right) + [hash(left)]
  }

  /// The proof that the first `earlier` leaves are a prefix of all (section 2.1.4).
  ///
  /// - Precondition: `0 < earlier <= count`.
  public func consistencyPath(from earlier: Int) -> [Hash] {
    subproof(earlier, in: 0..<count, isWhole: true)
  }

  private func subproof(_ earlier: Int, in range: Range<Int>, isWhole: Bool) -> [Hash] {
    if earlier == range.count { return isWhole ? [] : [hash(range)] }
    let size = MerkleTree.split(range.count)
    let middle = range.lowerBound + size
    if earlier <= size {
      return subproof(earlier, in: range.lowerBound..<middle, isWhole: isWhole)
        + [hash(middle..<range.upperBound)]
    }
    return subproof(earlier - size, in: middle..<range.upperBound, isWhole: false)
      + [hash(range.lowerBound..<middle)]
  }
}

/// Checking the proofs of RFC 9162; needs no tree.
public enum MerkleProof {
  /// Whether a path proves that the leaf stands at `index` in the tree of `size` leaves with that root.
  public static func includes(
    leaf: Hash, at index: Int, size: Int, root: Hash, path: [Hash]
  ) -> Bool {
    guard index >= 0, index < size else { return false }
    var (first, last, hash) = (index, size - 1, leaf)
    for sibling in path {
      guard last > 0 else { return false }
      if first & 1 == 1 || first == last {
        hash = MerkleTree.node(sibling, hash)
        if first & 1 == 0 {
          while first & 1 == 0, first != 0 {
            first >>= 1
            last >>= 1
          }
        }
      } else {
        hash = MerkleTree.node(hash, sibling)
      }
      first >>= 1
      last >>= 1
    }
    return last == 0 && hash == root
  }

  /// Whether a path proves that the tree with the first root is a prefix of the tree with the second.
  public static func isPrefix(
    _ earlier: (size: Int, root: Hash), of later: (size: Int, root: Hash), path: [Hash]
  ) -> Bool {
    guard earlier.size > 0, earlier.size <= later.size else { return false }
    if earlier.size == later.size { return path.isEmpty && earlier.root == later.root }
    var path = path[...]
    if earlier.size.nonzeroBitCount == 1 { path = [earlier.root] + path }
    guard let start = path.popFirst() else { return false }
    var (first, last) = (earlier.size - 1, later.size - 1)
    while first & 1 == 1 {
      first >>= 1
      last >>= 1
    }
    var (old, new) = (start, start)
    for sibling in path {
      guard last > 0 else { return false }
      if first & 1 == 1 || first == last {
        old = MerkleTree.node(sibling, old)
        new = MerkleTree.node(sibling, new)
        while first & 1 == 0, first != 0 {
          first >>= 1
          last >>= 1
        }
      } else {
        new = MerkleTree.node(new, sibling)
      }
      first >>= 1
      last >>= 1
    }
    return last == 0 && old == earlier.root && new == later.root
  }
}
