import WeirDecode
import WeirModel

/// A seeded generator (SplitMix64).
struct Seeded: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }
}

/// The two bytes of a number in network order.
func big16(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 255), UInt8(value & 255)] }

/// The canonical text of a name, as a string.
func text(_ name: borrowing NameBuffer) -> String {
  name.withText { span in String(decoding: (0..<span.count).map { span[$0] }, as: UTF8.self) }
}

/// The name as it is printed.
func printed(_ name: borrowing NameBuffer) -> String {
  name.withText { String(decoding: NameText.printable($0), as: UTF8.self) }
}
