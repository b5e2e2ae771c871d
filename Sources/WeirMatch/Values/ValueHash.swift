import WeirModel

/// The hash of a value, and of each of its beginnings, in one pass over its bytes.
struct ValueHash {
  private var state: UInt64
  /// How many bytes `state` stands for, a multiple of eight.
  private var done = 0

  init(_ kind: IndicatorKind, seed: UInt64) { state = ValueHash.mix(seed, UInt64(kind.rawValue)) }

  /// The hash of the first `end` bytes; `end` only grows from call to call.
  mutating func hash(_ text: Span<UInt8>, to end: Int) -> UInt64 {
    while done + 8 <= end {
      state = ValueHash.mix(state, text.littleEndian64(at: done))
      done += 8
    }
    var rest: UInt64 = 0
    for index in done..<end { rest = rest << 8 | UInt64(text[index]) }
    return ValueHash.mix(ValueHash.mix(state, rest), UInt64(end))
  }

  /// The two halves of a product, folded: every bit of the word moves every bit of the result.
  private static func mix(_ state: UInt64, _ word: UInt64) -> UInt64 {
    let product = (state ^ word ^ 0x2d35_8dcc_aa6c_78a5)
      .multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15)
    return product.high ^ product.low &+ state
  }
}
