/// A random generator whose numbers depend on the seed alone, on every machine.
///
/// xoshiro256** (Blackman and Vigna, 2018), its state filled by SplitMix64 from the seed. The
/// standard library's own `random(in:using:)` may change its arithmetic between releases, so
/// ``below(_:)`` and ``chance(_:)`` are used instead.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var a: UInt64
  private var b: UInt64
  private var c: UInt64
  private var d: UInt64

  /// Starts the sequence that belongs to `seed`.
  public init(seed: UInt64) {
    var filler = SplitMix64(state: seed)
    a = filler.next()
    b = filler.next()
    c = filler.next()
    d = filler.next()
  }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    let product = b &* 5
    let result = (product << 7 | product >> 57) &* 9
    let shifted = b << 17
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = d << 45 | d >> 19
    return result
  }

  /// A number from 0 up to, and without, `bound`, which must be above zero.
  ///
  /// Multiply and take the high half: the bias is below `bound / 2^64`.
  public mutating func below(_ bound: Int) -> Int {
    Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// True in `share` of the calls.
  public mutating func chance(_ share: Share) -> Bool {
    next() >> 32 < share.threshold
  }

  /// One element of `choices`, which must not be empty.
  public mutating func pick<Element>(_ choices: [Element]) -> Element {
    choices[below(choices.count)]
  }
}

/// The generator that fills the state of ``SeededGenerator`` (Steele, Lea and Flood, 2014).
struct SplitMix64 {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}

/// A share between none and all, held as a whole number so that no rounding differs by machine.
public struct Share: Sendable, Equatable {
  /// 0 is never, 2³² is always.
  let threshold: UInt64

  /// The share `fraction`, clamped to 0...1.
  public init(_ fraction: Double) {
    let clamped = fraction.isNaN ? 0 : min(max(fraction, 0), 1)
    threshold = UInt64(clamped * 4_294_967_296)
  }
}
