/// The text of all names, compressed, each to be had and compared on its own.
///
/// Names stand in blocks of sixteen: sixteen bytes say how long each one's code is, then come the codes. A code
/// byte below 128 is itself; the others stand for up to eight bytes that are frequent in this set, in the way of
/// FSST (Boncz, Neumann, Leis 2020), which needs no state and so gives random access.
struct DomainText: Sendable {
  /// Names in a block.
  static let blockNames = 16
  /// The longest name that is given back.
  private static let nameMax = 255

  private let blockStarts: Table<UInt32>
  private let codes: Table<UInt8>
  private let symbols: Table<UInt64>

  /// Finds the tables for `count` names.
  init(_ image: Image, count: Int) throws(ImageError) {
    blockStarts = try image.table(DomainSections.blockStarts)
    codes = try image.table(DomainSections.text)
    symbols = try image.table(DomainSections.symbols)
    let blocks = (count + DomainText.blockNames - 1) / DomainText.blockNames
    guard blockStarts.count == blocks else { throw .inconsistent(DomainSections.blockStarts) }
  }

  /// Whether the bytes of `name` from `start` are the name of an entry.
  func isText(_ name: Span<UInt8>, from start: Int, of entry: Int) -> Bool {
    isText(name, from: start, at: code(of: entry))
  }

  /// Whether the bytes of `name` from `start` are those that a run of codes stands for.
  @inline(__always) func isText(_ name: Span<UInt8>, from start: Int, at place: Range<Int>) -> Bool
  {
    codes.isText(place, symbols, name, from: start)
  }

  /// The bytes that a code byte stands for, the first one lowest.
  @inline(__always) private func symbol(_ code: UInt8) -> UInt64 {
    symbols[Int(code), or: UInt64(code)]
  }

  /// Asks for the memory that says where the block of an entry is.
  @inline(__always) func prefetchBlock(of entry: Int) { blockStarts.prefetch(entry >> 4) }

  /// Asks for the memory that says where in its block an entry is.
  @inline(__always) func prefetchHead(of entry: Int) {
    codes.prefetch(Int(blockStarts[entry >> 4, or: .max]))
  }

  /// Asks for the code of an entry.
  @inline(__always) func prefetch(_ place: Range<Int>) {
    codes.prefetch(place.lowerBound)
    codes.prefetch(place.upperBound)
  }

  /// The name of an entry; empty when there is none.
  func bytes(of entry: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    for index in code(of: entry) where bytes.count <= DomainText.nameMax {
      var symbol = symbol(codes[index, or: 0])
      while symbol != 0 {
        bytes.append(UInt8(truncatingIfNeeded: symbol))
        symbol >>= 8
      }
    }
    return bytes
  }

  /// How many bytes the name of an entry has; 0 when there is none.
  func length(of entry: Int) -> Int {
    var length = 0
    for index in code(of: entry) where length <= DomainText.nameMax {
      length += (71 - symbol(codes[index, or: 0]).leadingZeroBitCount) / 8
    }
    return length
  }

  /// Where the code of an entry begins and ends.
  @inline(__always) func code(of entry: Int) -> Range<Int> {
    let block = Int(blockStarts[entry >> 4, or: .max])
    let inBlock = entry & 15
    var start = block + DomainText.blockNames
    // The lengths before the entry's own add up in at most two words.
    let first = codes.littleEndian64(at: block)
    if inBlock < 8 {
      start += DomainText.sum(first & ~(.max &<< UInt64(truncatingIfNeeded: 8 * inBlock)))
    } else {
      let second = codes.littleEndian64(at: block + 8)
      start += DomainText.sum(first)
      start += DomainText.sum(
        second & ~(.max &<< UInt64(truncatingIfNeeded: 8 * (inBlock - 8))))
    }
    return start..<start + Int(codes[block + inBlock, or: 0])
  }

  /// The sum of the eight bytes of a word.
  @inline(__always) private static func sum(_ word: UInt64) -> Int {
    let even: UInt64 = 0x00ff_00ff_00ff_00ff
    let pairs = (word & even) &+ (word >> 8 & even)
    return Int(truncatingIfNeeded: (pairs &* 0x0001_0001_0001_0001) >> 48)
  }
}
