/// Up to 128 strings of two to eight bytes that occur often, each written as one byte.
///
/// A symbol is a word with its first byte lowest; names hold no zero bytes, so the word tells the length.
struct SymbolTable {
  /// The code of symbol 0; names hold lower bytes only.
  static let firstCode = 128
  private static let symbolsMax = 128
  private static let rounds = 5
  private static let sampleNames = 1 << 13

  /// Which of so many names to learn from: each one whose number is a multiple of this.
  static func sampleStep(names: Int) -> Int { max(1, names / sampleNames) }

  /// The symbols by code, those with the same first two bytes together, longer ones first.
  private(set) var symbols: [UInt64] = []
  /// Where the symbols that begin with two bytes start.
  private var starts = [UInt8](repeating: 0, count: 1 << 16)
  private var counts = [UInt8](repeating: 0, count: 1 << 16)

  /// A table without symbols: every byte stands for itself.
  init() {}

  /// Learns from a sample of names, evenly spread over all.
  ///
  /// Each round writes the sample with the symbols so far, counts them and their neighbors joined together, and
  /// keeps those that save the most bytes.
  init(learningFrom sample: [[UInt8]]) {
    for _ in 0..<SymbolTable.rounds {
      var savings: [UInt64: Int] = [:]
      for name in sample { count(name.span, &savings) }
      let best = savings.sorted { ($0.value, $0.key) > ($1.value, $1.key) }
      use(best.prefix(SymbolTable.symbolsMax).map(\.key))
    }
  }

  /// What each of the 256 code bytes stands for.
  var decoder: [UInt64] {
    (0..<UInt64(SymbolTable.firstCode)).map(\.self) + symbols
      + [UInt64](repeating: 0, count: SymbolTable.symbolsMax - symbols.count)
  }

  /// Writes a name.
  func encode(_ name: Span<UInt8>, onto codes: inout [UInt8]) {
    var at = 0
    while at < name.count {
      let word = name.word(from: at)
      if let symbol = symbol(of: word) {
        codes.append(UInt8(SymbolTable.firstCode + symbol))
        at += SymbolTable.length(symbols[symbol])
      } else {
        codes.append(UInt8(truncatingIfNeeded: word))
        at += 1
      }
    }
  }

  /// The longest symbol that a word begins with.
  @inline(__always) private func symbol(of word: UInt64) -> Int? {
    let pair = Int(truncatingIfNeeded: word & 0xffff)
    let start = Int(starts[pair])
    for index in start..<(start + Int(counts[pair])) {
      let different = word ^ symbols[index]
      if different.trailingZeroBitCount >> 3 >= SymbolTable.length(symbols[index]) { return index }
    }
    return nil
  }

  private func count(_ name: Span<UInt8>, _ savings: inout [UInt64: Int]) {
    var (at, before) = (0, UInt64(0))
    while at < name.count {
      let word = name.word(from: at)
      let now = symbol(of: word).map { symbols[$0] } ?? word & 0xff
      let length = SymbolTable.length(now)
      if length > 1 { savings[now, default: 0] += length - 1 }
      let lengthBefore = SymbolTable.length(before)
      if before != 0, length + lengthBefore <= 8 {
        let joined = before | now << UInt64(8 * lengthBefore)
        savings[joined, default: 0] += length + lengthBefore - 1
      }
      before = now
      at += length
    }
  }

  private mutating func use(_ chosen: [UInt64]) {
    symbols = chosen.sorted { left, right in
      (left & 0xffff, SymbolTable.length(right), left)
        < (right & 0xffff, SymbolTable.length(left), right)
    }
    starts = [UInt8](repeating: 0, count: 1 << 16)
    counts = starts
    for (index, symbol) in symbols.enumerated().reversed() {
      starts[Int(symbol & 0xffff)] = UInt8(index)
      counts[Int(symbol & 0xffff)] += 1
    }
  }

  @inline(__always) private static func length(_ symbol: UInt64) -> Int {
    8 - (symbol.leadingZeroBitCount >> 3)
  }
}
